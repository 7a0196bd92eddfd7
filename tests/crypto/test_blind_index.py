"""All spellings of one address are found under one index, and the index says nothing without the key."""

import pytest

from s4jr.crypto.blind_index import blind_index, keyed_hash


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("noor@example.org", "NOOR@Example.ORG"),
        ("noor@example.org", "  noor@example.org "),
        ("noor@example.org", "ｎｏｏｒ＠ｅｘａｍｐｌｅ．ｏｒｇ"),
        ("noor@bücher.example", "noor@xn--bcher-kva.example"),
        ("noor@BÜCHER.example", "noor@bu\u0308cher.example"),
        ("straße@example.org", "STRASSE@example.org"),
        ("zoe\u0301@example.org", "zoé@example.org"),
    ],
)
def test_spellings_of_one_address_agree(one, other):
    assert blind_index(one) == blind_index(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("noor@example.org", "noor@example.com"),
        ("noor@example.org", "noor+list@example.org"),
        ("noor@example.org", "no.or@example.org"),
        ("noor@example.org", "noor.example.org"),
    ],
)
def test_different_addresses_differ(one, other):
    assert blind_index(one) != blind_index(other)


@pytest.mark.parametrize("address", ["", "@", "noor@", "noor@a..b", f"noor@{'x' * 70}.example", "noor@-\u200d.example"])
def test_what_is_hardly_an_address_still_has_an_index(address):
    assert len(blind_index(address)) == 64


def test_another_key_finds_nobody(settings):
    before = blind_index("noor@example.org")
    settings.INDEX_KEY = "another key that is long enough for anybody"
    assert blind_index("noor@example.org") != before


def test_the_index_of_one_purpose_is_not_that_of_another():
    assert keyed_hash("address", "noor@example.org") != keyed_hash("peer", "noor@example.org")


def test_the_index_does_not_hold_the_address():
    assert "noor" not in blind_index("noor@example.org")
