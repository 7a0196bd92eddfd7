"""The English that people read: messages of pages and forms, page texts and emails, each with its source files."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import polib

ROOT = Path(__file__).parent.parent.parent
SEED = (ROOT / "tests" / "data" / "coalition-home-page.txt").read_text(encoding="utf-8")


class Text(NamedTuple):
    """An English text and the files that show it, relative to the checkout."""

    where: tuple[str, ...]
    words: str


@cache
def messages() -> list[Text]:
    """Return the translatable messages of templates and Python code; each message file contains all of them."""
    found = []
    for message in polib.pofile(str(ROOT / "locale" / "es" / "LC_MESSAGES" / "django.po")):
        where = tuple(file for file, _line in message.occurrences)
        found += [Text(where, words) for words in (message.msgid, message.msgid_plural) if words]
    return found


@cache
def files() -> list[Text]:
    """Return page texts and emails."""
    apps = ("members", "chapters", "pages", "s4jr")
    paths = sorted(path for app in apps for path in (ROOT / app).rglob("content/en/**/*.md"))
    return [Text((str(path.relative_to(ROOT)),), path.read_text(encoding="utf-8")) for path in paths]


def sentences(words: str) -> list[str]:
    """Return the complete sentences, without Markdown, links and headings; a placeholder counts as one word."""
    words = re.sub(r"<!--.*?-->|</?[a-z][^>]*>", " ", words, flags=re.S)
    words = re.sub(r"(?m)^#.*$|^\s*[-*>] ", "\n\n", words)
    words = re.sub(r"\]\([^)]*\)|\]\[[^\]]*\]|[\[*_`|]", "", words)
    words = re.sub(r"%\(\w+\)[sd]|%[sd]|\{\w+\}", "it", words)
    found = []
    for block in re.split(r"\n\s*\n", words):
        block = " ".join(block.split())
        parts = re.split(r"(?<=[.?!])\s+|(?<=[.?!][”\")])\s+", block)
        found += [part for part in parts if re.search(r"[.?!][”\")]?$", part)]
    return found


def is_the_coalitions(sentence: str) -> bool:
    """Return whether the sentence is in the coalition's own text, which never changes."""
    return " ".join(sentence.split()) in " ".join(SEED.replace("*", "").split())
