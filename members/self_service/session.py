"""Member sessions, started by a link or a code. One ends 20 minutes after the last request, two hours after its start,
at quick exit, with the browser, and when its proof is replaced elsewhere (another address, another code).

The session is stored on the server. It has a primary key and what was proved, nothing that was written.
"""

import time
from enum import Enum
from functools import cached_property
from typing import Any, Self

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from members.models import CredentialChange, Member
from members.self_service.access_levels import Reach, is_guarded
from members.self_service.credentials import Kind, changes_of
from s4jr.accounts.sessions import MEMBER_KEY
from s4jr.crypto.blind_index import keyed_hash

KEY = "details"
#: Session keys of what a page shows again on reload. They are part of the encryption context.
NEW_CODE, NEW_CALENDAR = SHOWN_AGAIN = ("new_code", "new_calendar")
SECONDS = 20 * 60
SECONDS_AT_MOST = 2 * 60 * 60


class Proof(Enum):
    """How a session was started."""

    LINK = "link"
    CODE = "code"
    #: A code that an email link alone made, and that has not taken effect.
    NEW_CODE = "new_code"


#: The second proof that makes a session strong.
OTHER = {Proof.LINK: Proof.CODE, Proof.CODE: Proof.LINK}


class MemberSession:
    """An open session of `member`, kept in the Django session of a browser."""

    def __init__(self, session: SessionBase, kept: dict[str, Any], member: Member) -> None:
        self.session = session
        self.member = member
        self._kept = kept

    @classmethod
    def _find_open(cls, session: SessionBase) -> Self | None:
        kept = session.get(KEY) or {}
        is_over = kept.get("until", 0) < time.time()
        member = None if is_over else Member.objects.proved().filter(pk=kept["member"]).first()
        visit = cls(session, kept, member) if member else None
        return visit if visit and kept["mark"] == visit._mark_now(kept["proof"]) else None

    @classmethod
    def of(cls, request: HttpRequest) -> Self | None:
        """The open session of this request, which extends it; None if there is none, or it has ended."""
        visit = cls._find_open(request.session)
        if visit:
            visit._keep()
        return visit

    @classmethod
    def begin(cls, request: HttpRequest, member: Member, proof: Proof) -> Self | None:
        """Start a session under a new session key, so that the old key opens nothing. None if the member is gone.

        If the same browser session has just shown the other proof (code or inbox) of this member, both count.
        """
        before, now, visit = cls._find_open(request.session), time.time(), cls(request.session, {}, member)
        begun = {"member": member.pk, "proof": proof.value, "mark": visit._mark_now(proof.value), "word": ""}
        other = OTHER.get(proof)
        shown_before = before._shown if before and before.member == member else set[Proof]()
        beside = visit._mark_now(other.value) if other and other in shown_before else ""
        request.session.cycle_key()
        _forget_what_was_made(request.session)
        request.session[MEMBER_KEY] = member.pk
        request.session[KEY] = {**begun, "beside": beside, "until": now + SECONDS, "ends": now + SECONDS_AT_MOST}
        return cls._find_open(request.session)

    # --- what was proved

    @property
    def begun_by(self) -> Proof:
        """The proof that started this session."""
        return Proof(self._kept["proof"])

    @property
    def is_by_link(self) -> bool:
        """Whether they proved the inbox."""
        return Proof.LINK in self._shown

    @property
    def is_by_code(self) -> bool:
        """Whether they gave the code; a new one that an email link alone made does not count."""
        return Proof.CODE in self._shown

    @cached_property
    def _shown(self) -> set[Proof]:
        other = OTHER.get(self.begun_by)
        if other and self._kept["beside"] and self._kept["beside"] == self._mark_now(other.value):
            return {self.begun_by, other}
        return {self.begun_by}

    @property
    def shown_beside_word(self) -> str:
        """What wrong secret words are counted by. A new code that a link alone made counts as that link."""
        shown = {Proof.LINK if proof is Proof.NEW_CODE else proof for proof in self._shown}
        return " and ".join(sorted(proof.value for proof in shown))

    @property
    def has_given_word(self) -> bool:
        """True also if they have removed the word in this session since."""
        return self._kept["word"] == mark_of(self.member.word_hash)

    @property
    def is_more_than_a_code(self) -> bool:
        return self.is_by_link or self.has_given_word

    @property
    def has_proved_inbox(self) -> bool:
        """Whether what is found by their address is theirs. Anyone can choose a secret word while applying with someone
        else's address, so a word proves the inbox only after one session has shown both."""
        word_proves_it = self.member.word_proves_inbox or not self.member.email_index
        return self.is_by_link or (self.has_given_word and word_proves_it)

    @property
    def is_more_than_a_link(self) -> bool:
        """Whether a code or the secret word was given, so that access to the inbox alone does not explain it."""
        return self.is_by_code or self.has_given_word

    @property
    def may_cancel_changes(self) -> bool:
        """Whether this session shows changes that an email link alone made, and may cancel them. Without an earlier
        code or secret word a link is enough: it made nothing there that another link could not make."""
        return self.is_more_than_a_link or not (self.has_earlier or self._lacks_word)

    @property
    def has_earlier(self) -> bool:
        """Whether they have a code or secret word that is in effect."""
        return bool(self.member.word_hash or self.member.code_hash)

    @property
    def is_strong(self) -> bool:
        """Whether two separate proofs were given, so that changes in this session take effect right away."""
        return self.has_given_word or (self.is_by_link and self.is_by_code)

    @property
    def reach(self) -> Reach:
        if self._lacks_word:
            return Reach.PUBLIC_STATUS
        if self.is_strong:
            return Reach.WHOLE
        if self.is_by_link:
            has_address = bool(self.member.email_index)
            return Reach.WHOLE if has_address and not is_guarded(self.member) else Reach.LINK
        return Reach.CODE

    @property
    def _lacks_word(self) -> bool:
        """A new word that an email link alone set is required of links, but locks no code out."""
        if self.member.word_hash:
            return not self.has_given_word
        new = self.changes.get(Kind.WORD)
        return bool(new) and not self.is_more_than_a_link and self._kept["word"] != mark_of(new.value_hash)

    @cached_property
    def changes(self) -> dict[str, CredentialChange]:
        """The changes that an email link alone made and that have not taken effect, by kind."""
        return changes_of(self.member)

    # --- changes of the session

    def note_word(self, word_hash: str) -> None:
        """Record that the right word was given, or that this session set one, or removed it ("")."""
        self._kept["word"] = mark_of(word_hash)
        self._keep()

    def note_code(self) -> None:
        """Record that the code was given in addition to the link that started this session."""
        self._kept["beside"] = self._mark_now(Proof.CODE.value)
        self.__dict__.pop("_shown", None)
        self._keep()

    def renew(self) -> None:
        """Keep this session open after it changed the address or the code. All others end."""
        shown = self._shown
        self.member.refresh_from_db(fields=["email_index", "code_hash"])
        self.__dict__.pop("changes", None)
        self._kept["mark"] = self._mark_now(self._kept["proof"])
        if len(shown) > 1:
            self._kept["beside"] = self._mark_now((shown - {self.begun_by}).pop().value)
        self._keep()

    def end(self) -> None:
        """End the session. A user who is signed in stays signed in."""
        self.session.pop(KEY, None)
        _forget_what_was_made(self.session)
        self.session.pop(MEMBER_KEY, None)
        if SESSION_KEY not in self.session:
            self.session.flush()

    def _keep(self) -> None:
        self.session[KEY] = {**self._kept, "until": min(time.time() + SECONDS, self._kept["ends"])}

    def _mark_now(self, proof: str) -> str:
        """A keyed hash of the current address or code, by which a session notices that it was replaced.

        For a new code that has taken effect, it is that of the code.
        """
        if proof == Proof.LINK.value:
            return keyed_hash("details-link", self.member.email_index or "")
        new = self.changes.get(Kind.CODE) if proof == Proof.NEW_CODE.value else None
        return keyed_hash("details-code", (new.value_hash if new else self.member.code_hash) or "")


def _forget_what_was_made(session: SessionBase) -> None:
    for name in SHOWN_AGAIN:
        session.pop(name, None)


def mark_of(word_hash: str) -> str:
    """A keyed hash of the secret word that was given, by which a session notices that it was replaced."""
    return keyed_hash("details-word", word_hash)
