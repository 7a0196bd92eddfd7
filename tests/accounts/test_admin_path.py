"""Nobody but an admin learns from the site where the admin is: every address is asked for, every answer is searched."""

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
#: They end a sign-in, so they are asked for at the end.
LAST = ("account_logout", "exit")
#: Something for each kind of part an address may have.
PARTS = [str(uuid.UUID(int=7)), "1", "our-why", "lakeside", "0123456789abcdef"]


def every_name(resolver=None):
    """The names of all addresses but those of the admin itself, with how many parts each has."""
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


def where_it_stands(answer):
    """The parts of an answer that name the admin's path."""
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
def test_no_address_of_the_site_tells_it_to_who_is_no_admin(who, language):
    cast.chapter()
    client, told = who(), []
    with translation.override(language):
        paths = list(addresses())
    for path in paths:
        if who is representative and "styleguide" in path:
            assert "_auth_user_id" in client.session  # still signed in: nothing on the way here ended that
        for send in (client.get, client.post):
            told += [(path, send.__name__, part) for part in where_it_stands(send(path))]
    assert told == []
    assert len(paths) > 80  # nearly every address of the site was asked for


def test_no_page_that_is_found_by_links_tells_it():
    cast.of_chapter(cast.chapter())
    told = []
    for path in every_public_page():
        told += [(path, part) for part in where_it_stands(stranger().get(path))]
    assert told == []


@pytest.mark.parametrize("path", ["/words/our-why/?language=en&back=/why/", "/fr/words/our-why/", "/styleguide/"])
def test_a_page_for_admins_elsewhere_sends_a_stranger_to_the_sign_in_of_everyone(path):
    answer = stranger().get(path)
    prefix = "/fr" if path.startswith("/fr") else ""
    assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, f"{prefix}/account/login/")


def test_what_an_admin_may_see_is_still_theirs(client):
    make.signed_in_staff(client)
    assert [client.get(path).status_code for path in ("/styleguide/", "/words/our-why/")] == [200, 200]
