"""Addresses that lead to one mailbox are counted as one."""

import pytest

from s4jr.mail.mailbox import mailbox_index, mailbox_of
from s4jr.privacy.blind_index import blind_index


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("ada@mailbox.example", "ada@mailbox.example"),
        ("Ada+news@Mailbox.Example", "ada@mailbox.example"),
        ("ada+news+more@mailbox.example", "ada@mailbox.example"),
        ("a.d.a@mailbox.example", "a.d.a@mailbox.example"),
        ("a.d.a@gmail.com", "ada@gmail.com"),
        ("A.da+x.y@GoogleMail.com", "ada@gmail.com"),
        ("+news@mailbox.example", "+news@mailbox.example"),
        ("...@gmail.com", "...@gmail.com"),
        ("ada@xn--bcher-kva.example", "ada@xn--bcher-kva.example"),
        ("ada+1@BÜCHER.example", "ada@xn--bcher-kva.example"),
        ("no address", "no address"),
    ],
)
def test_a_mailbox_is_the_address_without_what_its_provider_ignores(address, mailbox):
    assert mailbox_of(address) == mailbox


def test_the_index_is_one_for_a_mailbox_and_says_nothing_of_the_index_that_identifies_people():
    one, tagged, other = (mailbox_index(f"{name}@mailbox.example") for name in ("ada", "ada+1", "bo"))
    assert (one == tagged, one == other, one == blind_index("ada@mailbox.example")) == (True, False, False)
