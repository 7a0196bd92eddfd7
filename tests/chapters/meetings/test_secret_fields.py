"""Public texts that repeat a street address, a phone number or a meeting link."""

import pytest

from chapters.meetings.secret_fields import LEAKS, VENUE_LEAKS, leak_in, names_venue
from tests.chapters.meetings.meetings import LINK

STREET = "Apt 4, 12 Invented Street; Toronto M5V 0Z9"
PHONE = "+1 416 555 0199\nCode 778 899#"


@pytest.mark.parametrize(
    ("venue", "text"),
    [
        (STREET, "We are at 12 Invented Street."),
        (STREET, "12, invented-STREET"),
        (STREET, "Toronto M5V 0Z9"),
        (STREET, "apt 4"),
        (PHONE, "Call (+1) 416-555-0199"),
        (PHONE, "The code 778 899"),
        (PHONE, "Call 416 555 0199"),
        (PHONE, "Call 1.416.555.0199."),
        (PHONE, "(416)5550199 or 14165550199"),
        (PHONE, "Call ４１６ ５５５ ０１９９"),
        ("4165550199", "Call +1 416-555-0199"),
        ("4165550199, 778899#", "Call 1-416-555-0199"),
        (PHONE, "Call 555-0199."),
        ("416 555 0199 code 778899", "The code is 778-899."),
        (STREET, "12 Inven\u200bted Street"),
    ],
)
def test_a_text_names_a_venue(venue, text):
    assert names_venue(venue, "Nothing here.", text)


@pytest.mark.parametrize(
    ("venue", "text"),
    [
        (STREET, "We meet in Toronto, at 12 o’clock, on an invented street."),
        (STREET, "112 Invented Street"),
        (PHONE, "A group of 416 people"),
        (PHONE, "Not 555 0198, and not 416 555 0198; by 2026-12-03 at 7:30"),
        ("4165550199", "In 4165 there were 550 of 199 people"),
        ("", "12 Invented Street"),
        ("Riverside Library", "Riverside Library"),
        ("No. 4", "no 4"),
    ],
)
def test_a_text_does_not_name_a_venue(venue, text):
    assert not names_venue(venue, text)


def test_the_error_says_which_of_the_two_is_in_the_text():
    texts = ["We meet.", f"At {LINK}"]
    assert leak_in(texts, link=LINK, venue=STREET) == LEAKS
    assert leak_in(["At 12 Invented Street"], link=LINK, venue=STREET) == VENUE_LEAKS
    assert leak_in(["We meet."], link=LINK, venue=STREET) is None
