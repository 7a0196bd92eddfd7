"""Compares the titles of columns, without case, accents and punctuation."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence

#: Positions of columns by what they mean, best first.
Columns = dict[str, list[int]]
#: Where a new word begins in a title without spaces: DoNotEmail, GDPRConsent.
_JOINED_WORDS = re.compile("(?<=[a-zß-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])|(?<=[A-ZÀ-ÖØ-Þ])(?=[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ])")


def plain_title(title: str) -> str:
    """`prenom` for “Prénom *”, `e_mail_1_value` for “E-mail 1 - Value”, `do_not_email` for “DoNotEmail”."""
    folded = unicodedata.normalize("NFKD", _JOINED_WORDS.sub("_", title).casefold())
    letters = "".join(character for character in folded if not unicodedata.combining(character))
    return "_".join(re.findall(r"[^\W_]+", letters))


def columns_titled(header: Sequence[str], titles: Mapping[str, Sequence[str]]) -> Columns:
    """The columns of each meaning whose whole title, as `plain_title` gives it, is one of `titles`, best first.

    No column gets two meanings: the first meaning in `titles` wins.
    """
    plain = [plain_title(title) for title in header]
    taken: set[int] = set()
    found: Columns = {}
    for meaning, wanted in titles.items():
        positions = [at for title in wanted for at, had in enumerate(plain) if had == title and at not in taken]
        if positions:
            found[meaning] = positions
            taken.update(positions)
    return found


def has_words(title: str, words: Collection[str]) -> bool:
    """Whether a title has one of these words, or of these phrases of several words (`opt_out`)."""
    padded = f"_{plain_title(title)}_"
    return any(f"_{word}_" in padded for word in words)
