"""Limits count all addresses of one mailbox together."""

import pytest

from s4jr.crypto.blind_index import blind_index
from s4jr.mail.mailbox import is_one_persons, limit_index, limit_key, mailbox_index, mailbox_of


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
def test_a_mailbox_is_the_address_without_the_parts_its_provider_ignores(address, mailbox):
    assert mailbox_of(address) == mailbox


def test_a_mailbox_has_one_index_unrelated_to_the_index_of_people():
    one, tagged, other = (mailbox_index(f"{name}@mailbox.example") for name in ("ada", "ada+1", "bo"))
    assert (one == tagged, one == other, one == blind_index("ada@mailbox.example")) == (True, False, False)


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("Ada@mailbox.example", "ada@mailbox.example"),
        ("a.d.a@mailbox.example", "a.d.a@mailbox.example"),
        ("a.d.a@gmail.com", "ada@gmail.com"),
        ("Ada@GoogleMail.com", "ada@gmail.com"),
    ],
)
def test_a_limit_counts_an_untagged_address_as_its_provider_reads_it(address, counted_as):
    assert limit_key(address) == blind_index(counted_as)


def test_tagged_spellings_share_one_limit_separate_from_the_owners():
    keys = {
        limit_key(address) for address in ("ada+1@mailbox.example", "Ada+2+3@Mailbox.example", "ada+@mailbox.example")
    }
    assert (keys, limit_key("ada@mailbox.example") in keys) == ({mailbox_index("ada@mailbox.example")}, False)
    at_gmail = {limit_key(address) for address in ("ada+1@gmail.com", "a.d.a+2@googlemail.com")}
    assert at_gmail == {mailbox_index("ada@gmail.com")}


def test_an_address_with_its_own_limit_stores_no_mailbox_index():
    assert (limit_index("ada@mailbox.example"), limit_index("ada@gmail.com")) == (None, None)


@pytest.mark.parametrize("spelling", ["Ada+1@BÜCHER.example", "ada+2@xn--bcher-kva.example", "<ada+3@bücher.example>"])
def test_a_limit_is_the_same_for_every_spelling_of_a_domain(spelling):
    assert limit_key(spelling) == limit_key("ada+4@bücher.example")


def test_spellings_belong_to_one_person_only_at_listed_providers():
    addresses = (
        "a.d.a+1@googlemail.com",
        "ada@gmail.com",
        "ada+1@outlook.com",
        "ada+1@mailbox.example",
        "",
    )
    assert [is_one_persons(address) for address in addresses] == [True, True, True, False, False]
