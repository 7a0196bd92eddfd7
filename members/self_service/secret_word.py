"""A word that only the member knows. With a link or a code it opens what was written. No one can look it up."""

import time

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from members.models import CredentialChange, Member
from members.querysets import MemberQuerySet
from s4jr.crypto.blind_index import keyed_hash
from s4jr.invisible_marks import plain_text
from s4jr.security.models import RateLimit
from s4jr.security.ratelimit import parse_rate, spend

LIMIT = "details word"
WRONG_TRIES = "5/h"


def word_hash(word: str) -> str:
    """The hash that is stored for a word."""
    return make_password(_plain_form(word))


def hash_of(member: Member, word: str, *, beside: str) -> str:
    """The stored hash of this word if it is the member's, or a pending one that an email link alone set; else "".

    After five wrong tries within an hour every word is wrong until the hour is over. Each combination of other proofs
    (`beside`) has its own count, so that someone with one proof cannot lock out someone with another. The row lock
    serializes tries: a hundred at once do not bypass the limit.
    """
    with transaction.atomic():
        kept = Member.objects.select_for_update().only("number", "word_hash").get(pk=member.pk)
        if is_locked(kept, beside=beside):
            return ""
        new = kept.credential_changes.filter(kind=CredentialChange.Kind.WORD).values_list("value_hash", flat=True)
        hashes = [kept.word_hash] if kept.word_hash else list(new)
        right = [each for each in hashes if check_password(_plain_form(word), each)]
        if not right:
            spend(LIMIT, _counted_as(kept, beside), WRONG_TRIES)
        return "".join(right)


def set_word(members: MemberQuerySet, kept: str) -> int:
    """Set the secret word, given as its hash, or remove it (""). Returns how many."""
    return members.update(word_hash=kept)


def note_inbox_shown(member: Member, kept: str) -> None:
    """Record that one session has shown the inbox and this word: the word proves the inbox until either changes.

    A word that was chosen while applying proves nothing yet: anyone can apply with someone else's address and have its
    owner confirm it.
    """
    shown = Member.objects.filter(pk=member.pk, word_hash=kept, email_index=member.email_index)
    shown.update(word_proves_inbox=True)


def is_locked(member: Member, *, beside: str) -> bool:
    """Whether there were five wrong tries with these other proofs within this hour."""
    most, seconds = parse_rate(WRONG_TRIES)
    key, period = keyed_hash(LIMIT, _counted_as(member, beside)), int(time.time() // seconds)
    tries = RateLimit.objects.filter(name=LIMIT, key=key, period=period)
    return (tries.values_list("count", flat=True).first() or 0) >= most


def _counted_as(member: Member, beside: str) -> str:
    return f"{member.number} {beside}"


def _plain_form(word: str) -> str:
    """Ignores case, extra spaces, marks that do not show, and how accented characters are composed."""
    return " ".join(plain_text(word).casefold().split())
