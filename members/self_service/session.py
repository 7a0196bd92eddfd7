"""A visit to one's own details: begun by a link or a code. It ends 20 minutes after the last press, two hours after it
began, at Exit, with the browser, and when what it began with was changed elsewhere: another address, another code.

The session is on the server and knows a primary key and what was shown of it, nothing that was written.
"""

import time
from enum import Enum
from functools import cached_property

from django.contrib.auth import SESSION_KEY

from members.models import Member
from members.self_service.access_levels import Reach, is_guarded
from members.self_service.credentials import Kind, changes_of
from s4jr.accounts.sessions import MEMBER_KEY
from s4jr.crypto.blind_index import keyed_hash

KEY = "details"
#: Under these names a session keeps what a visit made and its page shows again. They are parts of the encryption.
NEW_CODE, NEW_CALENDAR = SHOWN_AGAIN = ("new_code", "new_calendar")
SECONDS = 20 * 60
SECONDS_AT_MOST = 2 * 60 * 60


class Proof(Enum):
    """How a visit was begun."""

    LINK = "link"
    CODE = "code"
    #: A code that an email link alone has made, and that does not hold yet.
    NEW_CODE = "new_code"


#: What makes a visit strong beside each.
OTHER = {Proof.LINK: Proof.CODE, Proof.CODE: Proof.LINK}


class MemberSession:
    """The visit that a request belongs to. `member` is None where there is none, or none any more."""

    def __init__(self, session):
        self.session = session
        self._kept = session.get(KEY) or {}
        is_over = self._kept.get("until", 0) < time.time()
        self.member = None if is_over else Member.objects.proved().filter(pk=self._kept["member"]).first()
        if self.member and self._kept["mark"] != self._mark_now(self._kept["proof"]):
            self.member = None

    @classmethod
    def of(cls, request):
        """The visit this request belongs to, which it prolongs."""
        visit = cls(request.session)
        if visit.member:
            visit._keep()
        return visit

    @classmethod
    def begin(cls, request, member, proof):
        """Begin a visit in a session with a new key: whoever knew the old one is not in it.

        Whoever has shown the code or the mailbox of the same member in this session a moment ago has both now.
        """
        before, now, visit = cls(request.session), time.time(), cls({})
        visit.member = member
        begun = {"member": member.pk, "proof": proof.value, "mark": visit._mark_now(proof.value), "word": ""}
        other = OTHER.get(proof)
        has_both = before.member == member and other in before._shown
        beside = visit._mark_now(other.value) if has_both else ""
        request.session.cycle_key()
        _forget_what_was_made(request.session)
        request.session[MEMBER_KEY] = member.pk
        request.session[KEY] = {**begun, "beside": beside, "until": now + SECONDS, "ends": now + SECONDS_AT_MOST}
        return cls(request.session)

    # --- what was shown

    @property
    def begun_by(self):
        """The `Proof` that this visit began with."""
        return Proof(self._kept["proof"])

    @property
    def is_by_link(self):
        """Whether they proved the mailbox."""
        return Proof.LINK in self._shown

    @property
    def is_by_code(self):
        """Whether they gave the code; one that an email link alone has made does not count."""
        return Proof.CODE in self._shown

    @cached_property
    def _shown(self):
        other = OTHER.get(self.begun_by)
        has_other = other and self._kept["beside"] and self._kept["beside"] == self._mark_now(other.value)
        return {self.begun_by, other} if has_other else {self.begun_by}

    @property
    def shown_beside_word(self):
        """What wrong secret words are counted by. A code that a link alone has made is nothing but that link."""
        shown = {Proof.LINK if proof is Proof.NEW_CODE else proof for proof in self._shown}
        return " and ".join(sorted(proof.value for proof in shown))

    @property
    def has_given_word(self):
        """Also where they have removed it since, in this visit."""
        return self._kept["word"] == mark_of(self.member.word_hash)

    @property
    def is_more_than_a_code(self):
        return self.is_by_link or self.has_given_word

    @property
    def has_proved_inbox(self):
        """Whether what is found by their address is theirs. Anyone can choose a secret word while joining with somebody
        else's address: it proves the inbox only once one visit has shown both."""
        word_proves_it = self.member.word_proves_inbox or not self.member.email_index
        return self.is_by_link or (self.has_given_word and word_proves_it)

    @property
    def is_more_than_a_link(self):
        """Whether whoever can open the mailbox could not have begun this visit: a code or the secret word was given."""
        return self.is_by_code or self.has_given_word

    @property
    def may_cancel_changes(self):
        """Whether they are shown what an email link alone has made, and may cancel it. Whoever has no earlier code or
        secret word to do it with does it with a link: a link alone has made nothing there that another could not."""
        return self.is_more_than_a_link or not (self.has_earlier or self._lacks_word)

    @property
    def has_earlier(self):
        """Whether a code or secret word of theirs holds by now."""
        return bool(self.member.word_hash or self.member.code_hash)

    @property
    def is_strong(self):
        """Whether two things were shown that are kept apart: what this visit changes holds right away."""
        return self.has_given_word or (self.is_by_link and self.is_by_code)

    @property
    def reach(self):
        if self._lacks_word:
            return Reach.PUBLIC_STATUS
        if self.is_strong:
            return Reach.WHOLE
        if self.is_by_link:
            has_address = bool(self.member.email_index)
            return Reach.WHOLE if has_address and not is_guarded(self.member) else Reach.LINK
        return Reach.CODE

    @property
    def _lacks_word(self):
        """A word that an email link alone has set asks links for it, and shuts out no code."""
        if self.member.word_hash:
            return not self.has_given_word
        new = self.changes.get(Kind.WORD)
        return bool(new) and not self.is_more_than_a_link and self._kept["word"] != mark_of(new.value_hash)

    @cached_property
    def changes(self):
        """What an email link alone has made of theirs and does not hold yet, by kind."""
        return changes_of(self.member)

    # --- what happens in it

    def note_word(self, word_hash):
        """The right word was given, or another one was set in this visit, or it was removed: then its hash is ""."""
        self._kept["word"] = mark_of(word_hash)
        self._keep()

    def note_code(self):
        """The code was given beside the link this visit began with."""
        self._kept["beside"] = self._mark_now(Proof.CODE.value)
        self.__dict__.pop("_shown", None)
        self._keep()

    def renew(self):
        """The address or the code was changed by this very visit: it goes on, and every other one ends."""
        shown = self._shown
        self.member.refresh_from_db(fields=["email_index", "code_hash"])
        self.__dict__.pop("changes", None)
        self._kept["mark"] = self._mark_now(self._kept["proof"])
        if len(shown) > 1:
            self._kept["beside"] = self._mark_now((shown - {self.begun_by}).pop().value)
        self._keep()

    def end(self):
        """Forget the visit; whoever is signed in here stays so."""
        self.session.pop(KEY, None)
        _forget_what_was_made(self.session)
        self.session.pop(MEMBER_KEY, None)
        if SESSION_KEY not in self.session:
            self.session.flush()

    def _keep(self):
        self.session[KEY] = {**self._kept, "until": min(time.time() + SECONDS, self._kept["ends"])}

    def _mark_now(self, proof):
        """What a visit remembers of the address or the code that was shown: enough to see that it is another one now.

        A new code that holds by now is the code.
        """
        if proof == Proof.LINK.value:
            return keyed_hash("details-link", self.member.email_index or "")
        new = self.changes.get(Kind.CODE) if proof == Proof.NEW_CODE.value else None
        return keyed_hash("details-code", (new.value_hash if new else self.member.code_hash) or "")


def _forget_what_was_made(session):
    for name in SHOWN_AGAIN:
        session.pop(name, None)


def mark_of(word_hash):
    """What a visit remembers of the word that was given: enough to see that it was changed elsewhere since."""
    return keyed_hash("details-word", word_hash)
