"""Rate limits slow the guessing of passwords and codes, keep every count, and never lock the owner of a name out."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db import connection
from django.test import Client, RequestFactory

from s4jr.accounts.sign_in_limits import CODES_IN_ALL, MANY, TRIES, count_password
from s4jr.erasure.expired import purge_expired_counts
from s4jr.erasure.tasks import purge_expired_counts as purge_task
from s4jr.security import ratelimit
from s4jr.security.cookies import device_cookie
from s4jr.security.known_device import folded
from s4jr.security.models import RateLimit
from tests import make

pytestmark = pytest.mark.django_db

LOG_IN, GIVE_CODE = "/account/login/", "/account/2fa/authenticate/"
LOCKED = "too many wrong tries"
THERE, HERE = "203.0.113.77", "198.51.100.4"
AT_MOST = int(TRIES.partition("/")[0])


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Freezes the time so that no rate-limit window ends during a test."""

    class Clock:
        now = 1_800_000_000.0

    monkeypatch.setattr(ratelimit.time, "time", lambda: Clock.now)
    return Clock


@pytest.fixture
def imogen():
    return make.person_who_signs_in("imogen")


def guess(name="imogen", network=THERE, client=None, **meta):
    """Return the page that answers a wrong password."""
    wrong = {"login": name, "password": "wrong"}
    return (client or Client()).post(LOG_IN, wrong, REMOTE_ADDR=network, **meta).content.decode()


def guess_until_locked(**where):
    pages = [guess(**where) for _ in range(AT_MOST + 1)]
    assert [LOCKED in page for page in pages] == [False] * AT_MOST + [True]


def can_sign_in(client, network=HERE, name="imogen"):
    client.post(LOG_IN, {"login": name, "password": make.PASSWORD}, REMOTE_ADDR=network)
    return "_auth_user_id" in client.session


# --- passwords


def test_after_five_wrong_passwords_a_network_cannot_use_the_right_one(imogen):
    guess_until_locked()
    assert can_sign_in(Client(), THERE) is False


def test_the_owner_still_signs_in_from_elsewhere(imogen):
    guess_until_locked()
    assert can_sign_in(Client(), HERE) is True


def test_the_owner_still_signs_in_on_the_same_network_in_a_browser_they_used_before(imogen):
    owner = Client()
    can_sign_in(owner, THERE)
    owner.post("/account/logout/")
    guess_until_locked()
    assert (can_sign_in(Client(), THERE), can_sign_in(owner, THERE)) == (False, True)


def test_a_known_browser_has_five_tries_of_its_own(imogen):
    thief = Client()
    can_sign_in(thief, THERE)
    thief.post("/account/logout/")
    guess_until_locked(client=thief)
    assert (can_sign_in(thief, THERE), can_sign_in(Client(), THERE)) == (False, True)


def test_a_browser_known_for_another_user_counts_as_unknown(imogen):
    make.person_who_signs_in("dorothy")
    attacker = Client()
    assert can_sign_in(attacker, THERE, "dorothy") is True
    attacker.post("/account/logout/")
    guess_until_locked()
    assert LOCKED in guess(client=attacker)


@pytest.mark.parametrize("forged", ["", "x", "a.b", "a.b:c:d"])
def test_a_cookie_with_a_bad_signature_is_ignored(imogen, forged):
    guess_until_locked()
    attacker = Client()
    attacker.cookies[device_cookie()] = forged
    assert LOCKED in guess(client=attacker)


def test_a_thousand_other_names_between_two_guesses_evict_no_count(imogen):
    """THREATS 52. Each comes from its own network, as an attacker who wants to evict the count would send them."""
    guess_until_locked()
    for number in range(1000):
        elsewhere = RequestFactory(REMOTE_ADDR=f"10.1.{number // 250}.{number % 250}").post(LOG_IN)
        assert count_password(elsewhere, f"name{number}").is_allowed is True
    assert LOCKED in guess()
    assert (can_sign_in(Client(), THERE), can_sign_in(Client(), HERE)) == (False, True)


def test_another_spelling_of_a_name_gives_no_more_tries(imogen):
    guess_until_locked()
    spellings = ["IMOGEN", " imogen ", "\u0131mogen", "iMOGEN"]
    assert [LOCKED in guess(spelling) for spelling in spellings] == [True] * 4
    assert {folded(spelling) for spelling in spellings} == {"imogen"}


def test_one_large_ipv6_network_counts_as_one(imogen):
    for number in range(AT_MOST):
        guess(network=f"2001:db8:5:{number}::1")
    assert LOCKED in guess(network="2001:db8:5:ffff::1")


def test_a_right_password_uses_no_try_up(imogen):
    for _ in range(AT_MOST + 3):
        assert can_sign_in(Client(), THERE) is True
    assert {row.count for row in RateLimit.objects.filter(name__startswith="password")} == {0}


def test_an_unknown_user_name_is_locked_the_same_way(imogen):
    taken, free = ([guess(name) for _ in range(AT_MOST + 1)] for name in ("imogen", "nobody"))
    assert [LOCKED in page for page in taken] == [LOCKED in page for page in free]


def test_guesses_from_very_many_networks_leave_each_fewer_tries_and_the_owner_still_signs_in(imogen):
    for number in range(int(MANY.partition("/")[0])):
        assert LOCKED not in guess(network=f"10.2.0.{number}")
    pages = [guess(network="10.3.0.1") for _ in range(3)]
    assert [LOCKED in page for page in pages] == [False, False, True]
    assert can_sign_in(Client(), HERE) is True


def test_one_network_gets_thirty_sign_ins_a_minute_whatever_the_names(imogen):
    statuses = [
        Client().post(LOG_IN, {"login": f"name{n}", "password": "x"}, REMOTE_ADDR=THERE).status_code for n in range(31)
    ]
    assert statuses == [200] * 30 + [429]


def test_password_spraying_does_not_stop_a_known_browser_on_that_network(imogen):
    owner = Client()
    can_sign_in(owner, THERE)
    owner.post("/account/logout/")
    for number in range(31):
        guess(f"name{number}")
    assert can_sign_in(owner, THERE) is True


def test_the_limits_reset_after_fifteen_minutes(imogen, clock):
    guess_until_locked()
    clock.now += 15 * 60
    assert can_sign_in(Client(), THERE) is True


# --- codes


@pytest.fixture
def ada():
    user = make.admin()
    make.second_factor(user)
    return user


def after_the_password(user, network=THERE):
    client = Client(REMOTE_ADDR=network)
    make.sign_in(client, user)
    return client


def wrong_codes(client, count):
    return [LOCKED in client.post(GIVE_CODE, {"code": "no code"}).content.decode() for _ in range(count)]


def has_given_code(client, user):
    client.post(GIVE_CODE, {"code": make.code_of(user)})
    return "_auth_user_id" in client.session


def test_after_five_wrong_codes_a_network_cannot_use_the_right_one(ada):
    attacker = after_the_password(ada)
    assert wrong_codes(attacker, AT_MOST + 1) == [False] * AT_MOST + [True]
    assert has_given_code(attacker, ada) is False
    assert has_given_code(after_the_password(ada, HERE), ada) is True


def test_guesses_from_many_networks_are_stopped_and_a_known_browser_still_works(ada):
    owner = after_the_password(ada)
    has_given_code(owner, ada)
    owner.post("/account/logout/")
    in_all = int(CODES_IN_ALL.partition("/")[0])
    for number in range(in_all):
        assert wrong_codes(after_the_password(ada, f"10.4.0.{number}"), 1) == [False]
    assert has_given_code(after_the_password(ada, HERE), ada) is False
    make.sign_in(owner, ada)
    assert has_given_code(owner, ada) is True


def test_an_app_code_works_once_even_after_the_cache_is_cleared(ada):
    code = make.code_of(ada)
    first, second = after_the_password(ada), after_the_password(ada)
    first.post(GIVE_CODE, {"code": code})
    cache.clear()
    second.post(GIVE_CODE, {"code": code})
    assert ["_auth_user_id" in client.session for client in (first, second)] == [True, False]


def test_an_app_code_is_understood_as_it_was_pasted_and_works_once(ada):
    code = make.code_of(ada)
    first, second = after_the_password(ada), after_the_password(ada)
    first.post(GIVE_CODE, {"code": f"\u200b{code}\ufeff"})
    second.post(GIVE_CODE, {"code": code})
    assert ["_auth_user_id" in client.session for client in (first, second)] == [True, False]


def test_wrong_recovery_codes_count_as_codes(ada):
    attacker = after_the_password(ada)
    wrong_codes(attacker, AT_MOST)
    recovery = Authenticator.objects.get(user=ada, type="recovery_codes").wrap().get_unused_codes()[0]
    assert LOCKED in attacker.post(GIVE_CODE, {"code": recovery}).content.decode()


# --- storage


def test_no_count_is_in_the_cache(ada, imogen):
    guess_until_locked()
    wrong_codes(after_the_password(ada), 2)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cache")
        assert cursor.fetchone()[0] == 0


def test_the_known_browser_cookie_names_no_one_and_is_a_session_cookie(imogen):
    client = Client()
    can_sign_in(client)
    cookie = client.cookies[device_cookie()]
    assert ("imogen" in cookie.value, cookie["max-age"], cookie["expires"]) == (False, "", "")
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")


def test_quick_exit_deletes_the_known_browser_cookie(imogen):
    client = Client()
    can_sign_in(client)
    assert client.get("/exit/").cookies[device_cookie()].value == ""


def test_beat_deletes_expired_rows_only(clock):
    ratelimit.spend("knock", "one", "3/h")
    ratelimit.spend("knock", "one", "3/d")
    clock.now += 3600
    purge_expired_counts(RateLimit.objects.order_by("expires_at").first().expires_at)
    assert [row.period for row in RateLimit.objects.all()] == [1_800_000_000 // 86400]
    RateLimit.objects.update(expires_at="2020-01-01T00:00Z")
    purge_task()
    assert RateLimit.objects.count() == 0


def test_signing_out_deletes_form_cookies_and_keeps_the_exit_guard_and_the_known_browser(imogen):
    client = Client()
    can_sign_in(client)
    client.cookies.load({"form": "a mark"})
    answer = client.post("/account/logout/")
    assert (answer.headers["Clear-Site-Data"], answer.cookies["form"].value) == ('"cache"', "")
    assert ("left" in answer.cookies, device_cookie() in answer.cookies) == (False, False)
