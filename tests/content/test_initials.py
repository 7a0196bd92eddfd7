import pytest

from s4jr.content.templatetags.initials import initials


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Marlee Liss", "ML"),
        ("Ann", "A"),
        ("ana maría de la cruz", "AC"),
        ("“Bo” (she/her) O'Neil", "BO"),
        ("Élodie Ångström", "ÉÅ"),
        ("E\u0301lodie", "E\u0301"),
        ("אורלה Invented", "אI"),
        ("山田 太郎", "山太"),
        ("R2 42", "R"),
        ("12 34", ""),
        ("", ""),
    ],
)
def test_initials_come_from_the_first_and_last_part_of_a_name(name, letters):
    assert initials(name) == letters
