"""All spellings of one address have the same index, and the index reveals nothing without the key."""

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
        ("noor@straße.example", "noor@xn--strae-oqa.example"),
        ("NOOR@STRASSE.EXAMPLE", "noor@strasse.example"),
        ("noor@почта.рф", "noor@xn--80a1acny.xn--p1ai"),
        ("noor@☃BÜ.example", "Noor@☃b\u200dü.example"),
        ("\u200bNoor <mailto:noor@example.org>.", "noor@example.org"),
        ("zoe\u0301@example.org", "zoé@example.org"),
    ],
)
def test_spellings_of_one_address_have_the_same_index(one, other):
    assert blind_index(one) == blind_index(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("noor@example.org", "noor@example.com"),
        ("noor@example.org", "noor+list@example.org"),
        ("noor@example.org", "no.or@example.org"),
        ("noor@example.org", "noor.example.org"),
        ("noor@straße.example", "noor@strasse.example"),
        ("noor@\u0440aypal.example", "noor@paypal.example"),
    ],
)
def test_different_addresses_have_different_indexes(one, other):
    assert blind_index(one) != blind_index(other)


@pytest.mark.parametrize("address", ["", "@", "noor@", "noor@a..b", f"noor@{'x' * 70}.example", "noor@-\u200d.example"])
def test_an_odd_address_still_has_an_index(address):
    assert len(blind_index(address)) == 64


def test_another_key_gives_another_index(settings):
    before = blind_index("noor@example.org")
    settings.INDEX_KEY = "another key that is long enough for anybody"
    assert blind_index("noor@example.org") != before


def test_each_purpose_has_its_own_index():
    assert keyed_hash("address", "noor@example.org") != keyed_hash("peer", "noor@example.org")


def test_the_index_does_not_contain_the_address():
    assert "noor" not in blind_index("noor@example.org")
