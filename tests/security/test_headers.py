"""The response headers for browsers and proxies."""

import pytest
from django.urls import reverse

from tests import make

pytestmark = pytest.mark.django_db

STRANGERS_SEE = [
    "/account/login/",
    "/account/signup/",
    "/account/password/reset/",
    "/exit/",
    "/healthz",
    "/nothing-here/",
]


@pytest.fixture
def admin_page(client):
    make.signed_in_staff(client)
    return client.get(reverse("admin:index"))


@pytest.mark.parametrize("address", STRANGERS_SEE)
def test_only_reading_pages_may_be_cached(client, address):
    assert "no-store" in client.get(address).headers["Cache-Control"]


def test_the_admin_may_not_be_cached(admin_page):
    assert "no-store" in admin_page.headers["Cache-Control"]


def test_a_reading_page_may_be_cached_and_revalidated(client):
    assert client.get("/").headers["Cache-Control"] == "no-cache"


def test_a_reading_page_may_not_be_cached_for_signed_in_users(client):
    make.signed_in_staff(client)
    assert client.get("/").headers["Cache-Control"] == "no-store"


def test_a_reading_page_sets_no_cookie(client):
    assert client.get("/").cookies == {}


@pytest.mark.parametrize("address", ["/", *STRANGERS_SEE])
def test_every_response_stays_on_this_origin(client, address):
    headers = client.get(address).headers
    names = ["Embedder-Policy", "Opener-Policy", "Resource-Policy"]
    assert [headers[f"Cross-Origin-{name}"] for name in names] == ["require-corp", "same-origin", "same-origin"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("address", ["/", "/account/login/", "/nothing-here/"])
def test_forms_send_an_origin_and_other_sites_get_no_referrer(client, address):
    assert client.get(address).headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("address", ["/", *STRANGERS_SEE])
def test_the_policy_allows_nothing_by_default_and_nothing_unsafe(client, address):
    policy = client.get(address).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "connect-src 'self'" in policy
    assert "unsafe" not in policy


def test_the_policy_of_the_admin_is_the_same(client, admin_page):
    public = client.get("/").headers["Content-Security-Policy"]
    assert sorted(admin_page.headers["Content-Security-Policy"].split("; ")) == sorted(public.split("; "))


def test_the_csrf_cookie_is_a_session_cookie(client, settings):
    client.get("/account/login/")
    cookie = client.cookies[settings.CSRF_COOKIE_NAME]
    assert (cookie["expires"], cookie["max-age"], cookie["samesite"]) == ("", "", "Lax")


def test_the_permissions_policy_disables_sensors_and_advertising(client):
    policy = client.get("/").headers["Permissions-Policy"]
    assert [f"{feature}=()" in policy for feature in ("geolocation", "camera", "browsing-topics")] == [True] * 3
