"""The English that people read is plain: no phrase of the old voice, short sentences, a reading grade for each part."""

import re
import tomllib
from pathlib import Path

import pytest
import textstat

from tests.language.english import Text, files, is_the_coalitions, messages, sentences

TERMS = tomllib.loads(Path(__file__).with_name("terms.toml").read_text(encoding="utf-8"))
ALLOWED_AT_MOST = 20
WORDS_AT_MOST = 25
#: The highest reading grade of each part, by the files that show its texts. All other texts use ELSEWHERE.
GRADES = {
    "join": (
        8,
        r"templates/members/(join|check|confirm|received|address_|.*unwanted)|members/applications|content/en/(received|how-we)",
    ),
    "support": (8, r"pages/(content/en/)?support|templates/pages/support"),
    "safety": (8, r"content/en/safety|templates/security"),
    "contact": (8, r"templates/members/inquiries|members/inquiries|content/en/contact"),
    "your information": (8, r"templates/members/[^/]*$|members/self_service|content/en/what-is-next"),
    "emails": (8, r"content/en/emails"),
}
ELSEWHERE = 10
#: Texts with many names and legal terms, which the plain-words issue excludes.
UNGRADED = r"content/en/(press|privacy|privacy-short)\.md|data_inventory|s4jr/erasure"
LINKS_AND_PLACES = re.compile(r"\]\([^)]*\)|\{\w+\}|%\(\w+\)s|<[^>]*>|<!--.*?-->", re.S)


def every_text():
    return [*messages(), *files()]


def old_phrases(text, phrases):
    """Return the phrases that the text contains as whole words."""
    longest_first = sorted(phrases, key=len, reverse=True)
    pattern = r"(?<![\w-])(?:" + "|".join(map(re.escape, longest_first)) + r")(?![\w-])"
    return [found[0] for found in re.finditer(pattern, text, re.IGNORECASE)]


def is_allowed(phrase, text):
    return any(phrase.lower() == entry["phrase"] and entry["text"] in text for entry in TERMS["allowed"])


def graded(pattern):
    return [text for text in every_text() if any(re.search(pattern, file) for file in text.where)]


def grade(texts):
    """Return the Flesch-Kincaid grade of all sentences except the coalition's own; 0 if there are none."""
    own = [said for text in texts for said in sentences(text.words) if not is_the_coalitions(said)]
    return textstat.flesch_kincaid_grade(" ".join(own)) if own else 0


def test_no_phrase_of_the_old_voice_remains():
    found = []
    for text in every_text():
        words = LINKS_AND_PLACES.sub(" ", text.words)
        found += [
            (text.where[0], phrase)
            for phrase in old_phrases(words, TERMS["phrases"])
            if not is_allowed(phrase, text.words)
        ]
    assert found == []


def test_few_phrases_are_allowed_and_each_is_still_used():
    texts = [text.words for text in every_text()]
    assert len(TERMS["allowed"]) <= ALLOWED_AT_MOST
    assert [entry for entry in TERMS["allowed"] if not any(entry["text"] in words for words in texts)] == []


def test_no_sentence_is_long():
    found = [(text.where[0], said) for text in every_text() for said in sentences(text.words)]
    long = [(file, said) for file, said in found if len(said.split()) > WORDS_AT_MOST and not is_the_coalitions(said)]
    assert long == []


@pytest.mark.parametrize("part", GRADES)
def test_the_most_needed_parts_keep_their_reading_grade(part):
    highest, pattern = GRADES[part]
    texts = graded(pattern)
    assert texts, part
    assert grade(texts) <= highest


def test_every_other_page_and_email_keeps_the_reading_grade():
    asked = [text for text in files() if not re.search(UNGRADED, text.where[0])]
    assert {text.where[0]: grade([text]) for text in asked if grade([text]) > ELSEWHERE} == {}


def test_the_messages_of_each_folder_keep_the_reading_grade():
    folders = {}
    for text in messages():
        folders.setdefault(text.where[0].rpartition("/")[0], []).append(text)
    asked = {folder: grade(texts) for folder, texts in folders.items() if not re.search(UNGRADED, folder)}
    assert {folder: found for folder, found in asked.items() if found > ELSEWHERE} == {}


def test_a_phrase_a_long_sentence_and_a_hard_text_are_found():
    assert old_phrases("Somebody wrote. The letter-box is red.", {"somebody": "someone", "letter": "email"}) == [
        "Somebody"
    ]
    assert sentences("# Head\n\nOne it. {name} is two!\n\n- not a sentence\n- Three “three.” Four") == [
        "One it.", "it is two!", "Three “three.”",
    ]  # fmt: skip
    assert grade([Text(("x",), "Institutional accountability necessitates organizational transformation.")]) > ELSEWHERE
