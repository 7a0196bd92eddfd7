"""Only admins learn the admin's path: each test requests every URL and searches every response."""

import uuid

import pytest
from django.conf import settings
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import translation

from tests import make
from tests.chapters import cast
from tests.test_hostile_values import every_public_page

pytestmark = pytest.mark.django_db

THE_PATH = f"/{settings.ADMIN_PATH}"
#: These end the session, so the tests request them last.
LAST = ("account_logout", "exit")
#: A value for each kind of URL parameter.
PARTS = [str(uuid.UUID(int=7)), "1", "our-why", "lakeside", "0123456789abcdef"]


def every_name(resolver=None):
    """Return {name: number of parameters} of all URLs except the admin's own."""
    for entry in (resolver or get_resolver()).url_patterns:
        if getattr(entry, "app_name", None) == "admin":
            continue
        if hasattr(entry, "url_patterns"):
            yield from every_name(entry)
        elif entry.name:
            yield entry.name, list(entry.pattern.converters)


def addresses():
    names = {(name, tuple(parts)) for name, parts in every_name()}
    for name, parts in sorted(names, key=lambda each: (each[0] in LAST, each)):
        for part in PARTS:
            try:
                yield reverse(name, kwargs=dict.fromkeys(parts, part))
            except NoReverseMatch:
                continue
            break


def parts_with_the_path(answer):
    """Return the parts of a response that name the admin's path."""
    headers = [name for name, value in answer.headers.items() if THE_PATH in value]
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return headers + (["the body"] if THE_PATH.encode() in body else [])


def stranger():
    return Client(raise_request_exception=False)


def representative():
    client = stranger()
    client.force_login(cast.representative("imogen").user)
    return client


@pytest.mark.parametrize("language", ["en", "fr-ca", "es"])
@pytest.mark.parametrize("who", [stranger, representative])
def test_no_url_shows_the_path_to_users_who_are_not_admins(who, language):
    cast.chapter()
    client, told = who(), []
    with translation.override(language):
        paths = list(addresses())
    for path in paths:
        if who is representative and "styleguide" in path:
            assert "_auth_user_id" in client.session  # still signed in: no request above ended the session
        for send in (client.get, client.post):
            told += [(path, send.__name__, part) for part in parts_with_the_path(send(path))]
    assert told == []
    assert len(paths) > 80  # the test requested nearly every URL of the site


def test_no_linked_page_shows_the_path():
    cast.of_chapter(cast.chapter())
    told = []
    for path in every_public_page():
        told += [(path, part) for part in parts_with_the_path(stranger().get(path))]
    assert told == []


@pytest.mark.parametrize("path", ["/words/our-why/?language=en&back=/why/", "/fr/words/our-why/", "/styleguide/"])
def test_admin_pages_at_other_paths_send_a_visitor_to_the_shared_sign_in(path):
    answer = stranger().get(path)
    prefix = "/fr" if path.startswith("/fr") else ""
    assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, f"{prefix}/account/login/")


def test_admins_still_see_the_path(client):
    make.signed_in_staff(client)
    assert [client.get(path).status_code for path in ("/styleguide/", "/words/our-why/")] == [200, 200]
