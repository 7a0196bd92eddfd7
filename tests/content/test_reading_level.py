"""Our own text reads at grade nine at most. The coalition's own words are not graded."""

import re

from s4jr.content.files import found_files
from s4jr.content.live_texts import split
from tests.content.reading_level import WORD, grade, syllables
from tests.pages.test_seed import SEED, plain

NINE_YEARS = 9
#: A grade is an average and means nothing for a few words, so these texts are graded together.
TOO_FEW = 40


def _words_of(line):
    without_links = re.sub(r"\[([^]]*)\]\([^)]*\)|\{[{%].*?[%}]\}|https?://\S+|`[^`]*`", r"\1", line)
    return plain(re.sub(r"[*#>|_]+", " ", without_links))


THEIRS = _words_of(SEED.replace("\n", " "))


def ours(file):
    """Return the lines of a text block that are not the coalition's, without Markdown, codes and addresses."""
    title, body = split(file.text)
    lines = [title, *re.sub(r"(?<=[^\n.!?])\n(?=[^\n*-])", " ", body).splitlines()]
    return "\n".join(said for line in lines if (said := _words_of(line)) and said not in THEIRS)


def test_our_text_blocks_and_emails_read_at_grade_nine():
    texts = {file.key: ours(file) for file in found_files() if file.language == "en"}
    short = [text for text in texts.values() if len(WORD.findall(text)) < TOO_FEW]
    long = {key: text for key, text in texts.items() if text not in short} | {"the short ones": "\n".join(short)}
    grades = {key: round(grade(text), 1) for key, text in long.items()}
    assert {key: level for key, level in grades.items() if level > NINE_YEARS} == {}


def test_syllables_are_counted_as_pronounced():
    said = {"circle": 2, "hope": 1, "asked": 1, "waited": 2, "pages": 2, "the": 1, "people": 2}
    assert {word: syllables(word) for word in said} == said


def test_long_sentences_of_long_words_have_a_higher_grade():
    assert grade("The administration subsequently communicates determinations regarding applications.") > NINE_YEARS
    assert grade("We read what you wrote. Then we write to you.") < 3
