"""The form of a text for comparing places: no capitals, accents, punctuation or characters that no one sees."""

import re
import unicodedata

#: A flag: of a country, as two regional indicators; of a part of one, as a black flag with tags ("gbsct").
FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}|\U0001f3f4[\U000e0030-\U000e007a]+\U000e007f")
#: Letters that Unicode doesn't take apart into a letter and an accent.
LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "&": " and "})
#: Left out without a space: "P.E.I.", "Hawaiʻi", "Côte d’Ivoire".
MARKS = re.compile(r"[.'’‘´`ʻʼ′]")
#: Combining accents, zero-width and directional marks, soft hyphens, variation selectors.
UNSEEN = ("Mn", "Me", "Cf")
SHORT_FORMS = {r"\bst (?=\w)": "saint ", r"\bste (?=\w)": "sainte ", r"\bft (?=\w)": "fort "}
BEFORE_A_NAME = re.compile(r"^(?:the |(?:state|province|commonwealth) of (?:the )?)")


def plain(text: str) -> str:
    """A text in the form for comparing. Initials are one word ("D. C." is "dc"), a flag is "flag ca"."""
    characters = unicodedata.normalize("NFKD", FLAG.sub(_flag_in_letters, text).casefold())
    seen = "".join(character for character in characters if unicodedata.category(character) not in UNSEEN)
    words = re.sub(r"[\W_]+", " ", MARKS.sub("", seen.translate(LETTERS))).strip()
    words = re.sub(r"\b([^\W\d]) (?=[^\W\d]\b)", r"\1", words)
    for short, long in SHORT_FORMS.items():
        words = re.sub(short, long, words)
    return BEFORE_A_NAME.sub("", words)


def _flag_in_letters(flag: re.Match[str]) -> str:
    """ " flag ca " for the flag of Canada, " flag gbsct " for that of Scotland."""
    numbers = [ord(character) for character in flag.group()]
    if len(numbers) == 2:
        return f" flag {''.join(chr(number - 0x1F1E6 + ord('a')) for number in numbers)} "
    return f" flag {''.join(chr(number - 0xE0000) for number in numbers[1:-1])} "
