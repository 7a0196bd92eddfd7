"""A visit to one's own details: begun by a link or a code. It ends 20 minutes after the last press, two hours after it
began, at Exit, with the browser, and when what it began with was changed elsewhere: another address, another code.

The session is on the server and knows a primary key and how it was begun, nothing that was written.
"""

import time
from enum import Enum

from django.contrib.auth import SESSION_KEY

from members.models import Member
from s4jr.privacy.blind_index import keyed_hash

KEY = "details"
SECONDS = 20 * 60
SECONDS_AT_MOST = 2 * 60 * 60


class Proof(Enum):
    """How a visit was begun."""

    LINK = "link"
    CODE = "code"


class Reach(Enum):
    """How far a visit reaches."""

    #: A word is set and was not given: where things stand, the next step, Withdraw.
    STANDING = "standing"
    #: A status code and nothing else: clear facts; what was written can be changed and emptied, not read.
    CODE = "code"
    WHOLE = "whole"


class Visit:
    """The visit that a request belongs to. `member` is None where there is none, or none any more."""

    def __init__(self, session):
        self.session = session
        self._kept = session.get(KEY) or {}
        is_over = self._kept.get("until", 0) < time.time()
        member = None if is_over else Member.objects.proved().filter(pk=self._kept["member"]).first()
        still_proved = member and self._kept["mark"] == mark_of_proof(self._kept["proof"], member)
        self.member = member if still_proved else None

    @classmethod
    def of(cls, request):
        """The visit this request belongs to, which it prolongs."""
        visit = cls(request.session)
        if visit.member:
            visit._keep()
        return visit

    @classmethod
    def begin(cls, request, member, proof):
        """Begin a visit in a session with a new key: whoever knew the old one is not in it."""
        now, mark = time.time(), mark_of_proof(proof.value, member)
        begun = {"member": member.pk, "proof": proof.value, "mark": mark, "word": ""}
        request.session.cycle_key()
        request.session[KEY] = {**begun, "until": now + SECONDS, "ends": now + SECONDS_AT_MOST}
        return cls(request.session)

    @property
    def reach(self):
        if self.member.word_hash and self._kept["word"] != mark_of(self.member.word_hash):
            return Reach.STANDING
        return Reach.WHOLE if self.is_more_than_a_code else Reach.CODE

    @property
    def is_by_link(self):
        """Whether they proved the mailbox."""
        return self._kept["proof"] == Proof.LINK.value

    @property
    def is_more_than_a_code(self):
        return self.is_by_link or bool(self._kept["word"])

    def note_word(self, word_hash):
        """The right word was given, or another one was set in this visit."""
        self._kept["word"] = mark_of(word_hash) if word_hash else self._kept["word"]
        self._keep()

    def renew(self):
        """The address or the code was changed by this very visit: it goes on, and every other one ends."""
        self.member.refresh_from_db(fields=["email_index", "code_hash"])
        self._kept["mark"] = mark_of_proof(self._kept["proof"], self.member)
        self._keep()

    def end(self):
        """Forget the visit; whoever is signed in here stays so."""
        self.session.pop(KEY, None)
        if SESSION_KEY not in self.session:
            self.session.flush()

    def _keep(self):
        self.session[KEY] = {**self._kept, "until": min(time.time() + SECONDS, self._kept["ends"])}


def mark_of_proof(proof, member):
    """What a visit remembers of the address or the code it began with: enough to see that there is another one now."""
    proved = member.email_index if proof == Proof.LINK.value else member.code_hash
    return keyed_hash(f"details-{proof}", proved or "")


def mark_of(word_hash):
    """What a visit remembers of the word that was given: enough to see that it was changed elsewhere since."""
    return keyed_hash("details-word", word_hash)
