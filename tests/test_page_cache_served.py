"""The page cache on the real site: a visitor soon sees an edit of another process, even with the broker down."""

import urllib.request
from contextlib import suppress
from urllib.error import HTTPError

import pytest
from django.db import connection

from s4jr.content.models import TextBlock
from s4jr.content.services import rewrite_text
from tests.make import admin

pytestmark = pytest.mark.django_db(transaction=True)


def get(site, path, **headers):
    request = urllib.request.Request(site.url + path, headers=headers)
    with suppress(HTTPError), urllib.request.urlopen(request) as answer:
        return answer.status, answer.headers, answer.read()
    return None


def test_an_edit_of_another_process_is_visible_while_the_broker_is_down(site, redis_server):
    _status, headers, before = get(site, "/why/")
    redis_server.kill()
    rewrite_text(TextBlock.objects.get(key="our-why", language="en"), "# Edited elsewhere", by=admin())
    site.program.wait_until(lambda: b"Edited elsewhere" in get(site, "/why/")[2])
    assert b"Edited elsewhere" not in before
    assert get(site, "/why/")[1]["ETag"] != headers["ETag"]


def test_the_server_sends_compressed_pages_and_304(site):
    status, headers, body = get(site, "/why/", **{"Accept-Encoding": "br"})
    assert (status, headers["Content-Encoding"], headers["Content-Length"]) == (200, "br", str(len(body)))
    assert get(site, "/why/", **{"Accept-Encoding": "br", "If-None-Match": headers["ETag"]}) is None


def status(site, path):
    request = urllib.request.Request(site.url + path, headers={"Cookie": "csrftoken=as-after-the-join-form"})
    try:
        return urllib.request.urlopen(request).status
    except HTTPError as refused:
        with refused:
            return refused.code


@pytest.mark.only_postgres
def test_support_stays_during_a_database_outage(site, postgres):
    """The outage page links to it."""
    get(site, "/support/")
    connection.close()
    postgres.stop_at_once()
    try:
        site.program.wait_until(lambda: status(site, "/why/") == 503)
        answers = {path: status(site, path) for path in ("/support/", "/people/", "/healthz")}
    finally:
        postgres.start()
    assert answers == {"/support/": 200, "/people/": 503, "/healthz": 200}
