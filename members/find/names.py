"""Compares names by whole words, without case and accents. It stores nothing."""

import unicodedata
from collections.abc import Iterator

#: A search needs one word of so many letters: a shorter one would match almost anyone.
LETTERS_AT_LEAST = 3
#: Letters that Unicode does not take apart into a letter and an accent.
_FOLDED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
#: What words are made of: letters, marks (vowel signs, as in Hindi) and numbers.
_OF_A_WORD = "LMN"


def words_of(name: str) -> set[str]:
    """The words of a name, without case and accents: `{"zephyrine", "o", "neil"}` for "Zéphyrine O’Neil"."""
    return set("".join(_folded_characters(name)).split())


def _folded_characters(name: str) -> Iterator[str]:
    """Characters that do not show, such as joiners inside a Persian name, are left out."""
    for character in unicodedata.normalize("NFKD", name).casefold().translate(_FOLDED):
        kind = unicodedata.category(character)
        if not unicodedata.combining(character) and kind != "Cf":
            yield character if kind[0] in _OF_A_WORD else " "


def can_be_searched(words: set[str]) -> bool:
    return any(len(word) >= LETTERS_AT_LEAST for word in words)
