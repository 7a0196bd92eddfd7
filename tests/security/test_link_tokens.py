"""Tokens of stored and of signed links: what they reveal, for which purpose they count, and how they age."""

import time
from datetime import timedelta

import pytest

from s4jr.security.link_tokens import SignedLinks, StoredLinks

FOREVER, A_WEEK = SignedLinks("forever"), SignedLinks("a week", timedelta(days=7))
HALF_OF_A_PAIR = "value:\ud800"


@pytest.fixture
def in_days(monkeypatch):
    """A function that moves the clock of signatures by so many days."""
    now = time.time()

    def move(days):
        monkeypatch.setattr("django.core.signing.time.time", lambda: now + days * 24 * 60 * 60)

    return move


def test_a_stored_token_is_128_random_bits_and_its_hash_does_not_contain_it():
    links = StoredLinks("one")
    (token, token_hash), (other, _hash) = links.new(), links.new()
    assert (len(token), len(token_hash), token_hash) == (22, 64, links.token_hash(token))
    assert (token != other, token in token_hash) == (True, False)


def test_the_hashes_of_one_token_for_two_purposes_differ():
    assert StoredLinks("one").token_hash("token") != StoredLinks("two").token_hash("token")


def test_the_hash_depends_on_the_index_key(settings):
    before = StoredLinks("one").token_hash("token")
    settings.INDEX_KEY = "another key " * 4
    assert StoredLinks("one").token_hash("token") != before


@pytest.mark.parametrize("links", [FOREVER, A_WEEK])
@pytest.mark.parametrize("value", ["", "12.index", "with: the separator", "Zoë"])
def test_a_signed_token_gives_its_value_back(links, value):
    assert links.read(links.token_of(value)) == value


@pytest.mark.parametrize("links", [FOREVER, A_WEEK])
def test_a_changed_token_is_not_read(links):
    token = links.token_of("value")
    changed = [f"x{token}", f"{token}x", token[:-1], token.replace("value", "other"), "value", "", ":", HALF_OF_A_PAIR]
    assert [links.read(text) for text in changed] == [None] * len(changed)


@pytest.mark.parametrize(("made", "read"), [(FOREVER, A_WEEK), (A_WEEK, FOREVER), (FOREVER, SignedLinks("ever"))])
def test_a_token_of_another_purpose_is_not_read(made, read):
    assert read.read(made.token_of("value")) is None


def test_once_a_purpose_gets_an_age_earlier_tokens_end():
    assert SignedLinks("both", timedelta(days=7)).read(SignedLinks("both").token_of("value")) is None


def test_a_token_with_an_age_ends_with_it(in_days):
    token = A_WEEK.token_of("value")
    seen = []
    for days in (6.99, 7.01):
        in_days(days)
        seen.append(A_WEEK.read(token))
    assert seen == ["value", None]


def test_a_token_without_an_age_works_for_years_and_is_the_same_each_time(in_days):
    token = FOREVER.token_of("value")
    in_days(20 * 365)
    assert (FOREVER.read(token), FOREVER.token_of("value")) == ("value", token)


def test_another_secret_key_ends_a_signed_link(settings):
    token = FOREVER.token_of("value")
    settings.SECRET_KEY = "another key " * 6
    assert SignedLinks("forever").read(token) is None
