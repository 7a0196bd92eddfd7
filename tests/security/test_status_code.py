"""A status code is found however it was written down or pasted."""

import pytest

from s4jr.security.status_code import code_hash

CODE = "4FK-9QX-2TM-7WP"


@pytest.mark.parametrize(
    "typed",
    [
        "4fk9qx2tm7wp",
        "4FK 9QX 2TM 7WP.",
        "\ufeff4FK-9QX-2TM-7WP\u200b",
        "4FK\u20119QX\u20112TM\u20117WP",
        "４ＦＫ－９ＱＸ－２ＴＭ－７ＷＰ",
        "\u202a4FK-9QX-2TM-7WP\u202c",
    ],
)
def test_its_letters_and_digits_alone_count(typed):
    assert code_hash(typed) == code_hash(CODE)


def test_letters_that_are_easily_misread_are_the_digits():
    assert code_hash("ILO-111") == code_hash("110-lil")


def test_another_code_has_another_hash():
    assert code_hash("4FK-9QX-2TM-7WQ") != code_hash(CODE)
