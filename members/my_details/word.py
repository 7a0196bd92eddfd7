"""A word that only the member knows. Beside a link or a code it opens what was written; nobody can look it up."""

import time
import unicodedata

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from members.models import CredentialChange, Member
from s4jr.privacy.blind_index import keyed_hash
from s4jr.privacy.limits import parse_rate, spend
from s4jr.privacy.models import RateLimit

LIMIT = "details word"
WRONG_TRIES = "5/h"


def word_hash(word):
    """What is kept of a word."""
    return make_password(_plain(word))


def hash_of(member: Member, word: str) -> str:
    """What is kept of this word where it is the member's, or one that an email link alone has set; else "".

    After five wrong ones within an hour none is right, until the hour is over. One try at a time: a hundred at once are
    no way round the limit.
    """
    with transaction.atomic():
        kept = Member.objects.select_for_update().only("number", "word_hash").get(pk=member.pk)
        if _wrong_tries(kept) >= parse_rate(WRONG_TRIES)[0]:
            return ""
        new = kept.credential_changes.filter(kind=CredentialChange.Kind.WORD).values_list("value_hash", flat=True)
        hashes = [kept.word_hash] if kept.word_hash else list(new)
        right = [each for each in hashes if check_password(_plain(word), each)]
        if not right:
            spend(LIMIT, kept.number, WRONG_TRIES)
        return "".join(right)


def is_locked(member):
    """Whether five wrong ones were given within this hour."""
    return _wrong_tries(member) >= parse_rate(WRONG_TRIES)[0]


def _wrong_tries(member):
    period = int(time.time() // parse_rate(WRONG_TRIES)[1])
    tries = RateLimit.objects.filter(name=LIMIT, key=keyed_hash(LIMIT, member.number), period=period)
    return tries.values_list("count", flat=True).first() or 0


def _plain(word):
    """Capitals, blanks and the way letters are put together make no difference."""
    return " ".join(unicodedata.normalize("NFKC", word).casefold().split())
