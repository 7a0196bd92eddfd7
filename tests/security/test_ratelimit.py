"""Rate limits count exactly and store no IP address."""

import threading

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory

from s4jr.security import ratelimit
from s4jr.security.models import RateLimit
from s4jr.security.ratelimit import (
    client_key,
    give_back,
    limited,
    parse_rate,
    peer_address,
    peer_key,
    spend,
    use_once,
    uses,
)
from tests import make


@pytest.fixture
def clock(monkeypatch):
    """A clock that the test sets."""

    class Clock:
        now = 7200.0

    monkeypatch.setattr(ratelimit.time, "time", lambda: Clock.now)
    return Clock


@limited("press", "2/h")
def limited_view(request):
    return HttpResponse("pressed")


def a_request(method="post", **meta):
    request = getattr(RequestFactory(), method)("/", **meta)
    request.user = AnonymousUser()
    return request


@pytest.mark.parametrize(
    ("rate", "meaning"),
    [("10/h", (10, 3600)), ("1/s", (1, 1)), ("5/m", (5, 60)), ("3/d", (3, 86400)), ("5/15m", (5, 900))],
)
def test_a_rate_is_read_as_a_count_and_seconds(rate, meaning):
    assert parse_rate(rate) == meaning


@pytest.mark.django_db
def test_within_the_rate_is_true_and_beyond_it_false(clock):
    assert [spend("emails", "one", "3/h") for _ in range(5)] == [True, True, True, False, False]


@pytest.mark.django_db
def test_a_new_period_starts_at_zero(clock):
    before = [spend("emails", "one", "1/h") for _ in range(2)]
    clock.now += 3599
    same_hour = spend("emails", "one", "1/h")
    clock.now += 1
    assert (before, same_hour, spend("emails", "one", "1/h")) == ([True, False], False, True)


@pytest.mark.django_db
def test_keys_and_names_are_counted_separately(clock):
    spent = [spend("emails", "one", "1/h"), spend("emails", "two", "1/h"), spend("presses", "one", "1/h")]
    assert spent == [True, True, True]


@pytest.mark.django_db
def test_a_returned_use_is_free_again(clock):
    spent = [spend("emails", "one", "1/h"), spend("emails", "one", "1/h")]
    give_back("emails", "one", "1/h")
    give_back("emails", "one", "1/h")
    give_back("emails", "one", "1/h")
    assert (spent, uses("emails", "one", "1/h"), spend("emails", "one", "1/h")) == ([True, False], 0, True)


@pytest.mark.django_db
def test_a_one_time_use_is_refused_until_it_expires(clock):
    first = [use_once("code", "123456", 90), use_once("code", "123456", 90), use_once("code", "654321", 90)]
    clock.now += 89
    just_before = use_once("code", "123456", 90)
    clock.now += 1
    assert (first, just_before, use_once("code", "123456", 90)) == ([True, False, True], False, True)


@pytest.mark.django_db
def test_a_row_holds_its_own_expiry(clock):
    spend("emails", "one", "3/15m")
    assert RateLimit.objects.get().expires_at.timestamp() == 8100.0


@pytest.mark.django_db
def test_no_count_is_evicted(clock):
    spend("emails", "one", "1/h")
    for number in range(1000):
        spend("emails", f"another {number}", "1/h")
    assert spend("emails", "one", "1/h") is False


@pytest.mark.django_db
def test_the_table_holds_no_key_in_plaintext(clock):
    spend("emails", "canary@example.org", "1/h")
    assert "canary" not in str(RateLimit.objects.values().get())


@pytest.mark.django_db(transaction=True)
def test_counts_are_exact_under_concurrency(clock):
    gate, allowed = threading.Barrier(8), []

    def work():
        gate.wait()
        allowed.extend(spend("emails", "one", "25/h") for _ in range(10))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert (allowed.count(True), RateLimit.objects.get().count) == (25, 80)


@pytest.mark.django_db
def test_too_many_posts_get_429(clock):
    assert [limited_view(a_request()).status_code for _ in range(4)] == [200, 200, 429, 429]


@pytest.mark.django_db
def test_get_requests_are_never_counted(clock):
    assert {limited_view(a_request("get")).status_code for _ in range(9)} == {200}
    assert RateLimit.objects.count() == 0


@pytest.mark.django_db
def test_a_signed_in_user_is_counted_by_account_and_not_by_address():
    request = a_request()
    request.user = make.person_who_signs_in()
    assert client_key(request) == f"user {request.user.pk}"


def test_the_key_of_a_peer_does_not_contain_its_address():
    assert "203.0.113.9" not in client_key(a_request(REMOTE_ADDR="203.0.113.9"))


def test_one_ipv6_network_is_one_peer():
    here, next_door, elsewhere = (
        peer_key(a_request(REMOTE_ADDR=address)) for address in ("2001:db8::1", "2001:db8::ffff", "2001:db8:0:1::1")
    )
    assert (here == next_door, here == elsewhere) == (True, False)


def test_ipv4_addresses_and_sockets_are_distinguished():
    keys = {peer_key(a_request(REMOTE_ADDR=address)) for address in ("203.0.113.9", "203.0.113.10", "", "unix:")}
    assert len(keys) == 4


@pytest.mark.parametrize(
    ("proxies", "header", "believed"),
    [
        (0, "198.51.100.1", "203.0.113.9"),
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        (2, "6.6.6.6, 198.51.100.1, 10.0.0.1", "198.51.100.1"),
        (2, "198.51.100.1", "203.0.113.9"),
        (1, "", "203.0.113.9"),
    ],
)
def test_forwarding_headers_count_only_from_trusted_proxies(settings, proxies, header, believed):
    settings.TRUSTED_PROXY_COUNT = proxies
    request = a_request(REMOTE_ADDR="203.0.113.9", HTTP_X_FORWARDED_FOR=header)
    assert peer_address(request) == believed
