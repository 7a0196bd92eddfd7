"""What differs between two versions of a text, line by line and word by word, for the editor who changed it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

#: Words and the spaces between them.
WORD = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True)
class Part:
    words: str
    is_changed: bool


@dataclass(frozen=True)
class ChangedLine:
    """One line before and now; empty if it was added or removed."""

    before: tuple[Part, ...]
    now: tuple[Part, ...]


def changed_lines(before: str, now: str) -> list[ChangedLine]:
    """Every line that differs. Blank lines are left out: they only separate paragraphs."""
    old, new = _lines_of(before), _lines_of(now)
    return [line for tag, *spans in _opcodes(old, new) if tag != "equal" for line in _paired(old, new, *spans)]


def _lines_of(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def _opcodes(old: Sequence[str], new: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def _paired(old: list[str], new: list[str], i1: int, i2: int, j1: int, j2: int) -> Iterator[ChangedLine]:
    for before, now in zip_longest(old[i1:i2], new[j1:j2], fillvalue=""):
        yield ChangedLine(*_parts_of(before, now))


def _parts_of(before: str, now: str) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    old, new = WORD.findall(before), WORD.findall(now)
    found = _opcodes(old, new)
    was = [Part("".join(old[i1:i2]), tag != "equal") for tag, i1, i2, _j1, _j2 in found if i1 < i2]
    now_is = [Part("".join(new[j1:j2]), tag != "equal") for tag, _i1, _i2, j1, j2 in found if j1 < j2]
    return tuple(was), tuple(now_is)
