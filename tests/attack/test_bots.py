"""Bots send the join form thousands of times: no email goes out for them, and a person can still apply."""

import threading
import time
from collections import Counter
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from members.models import Member
from members.submission_tokens import JOIN_FORM
from s4jr.mail.models import OutgoingEmail
from s4jr.security.submission_token import FASTEST_HUMAN_SECONDS
from tests import make
from tests.attack import wire
from tests.attack.sizes import MEGABYTE, resident

pytestmark = pytest.mark.only_postgres
#: Upper limit of bytes on disk for one application of a bot, with its indexes and its share of the write-ahead log.
BYTES_EACH = 6_000
DESK = ["/manage/", "/manage/members/member/", "/manage/members/member/?flagged=1"]
WARM_UP = 12
CSRF = "c" * 32


def send_as_bot(site, number):
    """Sends what a bot sends: a third fill in every field, a third have no token of ours, a third take no time."""
    kind = number % 3
    return form(
        site,
        name=f"Machine {number}",
        email=f"victim{number}@mailbox.example",
        message="Buy this. " * 40,
        website="https://shop.example" if kind == 0 else "",
        form_token=fresh_token() if kind == 2 else f"made up {number}",
    )


def form(site, **answers):
    answers = {"csrfmiddlewaretoken": CSRF, "contact": "yes", "agreement": "on", "consent": "on", **answers}
    body = urlencode(answers).encode()
    headers = [
        (b"Host", site.url.partition("://")[2].encode()), (b"Origin", site.url.encode()), (b"Connection", b"close"),
        (b"Cookie", b"csrftoken=" + CSRF.encode()), (b"Content-Type", b"application/x-www-form-urlencoded"),
        (b"Content-Length", b"%d" % len(body)),
    ]  # fmt: skip
    return wire.request(b"POST", b"/join/", headers, body)


def fresh_token():
    """Returns the token that a page of the form would contain now."""
    return JOIN_FORM.new_token(RequestFactory().get("/"))


class Person(threading.Thread):
    """Sends the form as slowly as a person, while the bots send theirs."""

    def __init__(self, site):
        super().__init__()
        self.site, self.status = site, None

    def run(self):
        token = fresh_token()
        time.sleep(FASTEST_HUMAN_SECONDS + 1)
        answers = {"name": "Testperson", "email": "person@mailbox.example", "form_token": token}
        self.status = wire.ask(self.site.port, form(self.site, **answers))


def list_costs(client):
    """Returns {page: (status, queries)} for the lists that admins open."""
    costs = {}
    for page in DESK:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            costs[page] = client.get(page).status_code, len(queries)
    return costs


def database_bytes():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return cursor.fetchone()[0]


def test_bots_cause_no_email_and_a_person_gets_through(site, size, at_once, tell, client):
    count = size(90, 10_000)
    make.signed_in_staff(client)
    at_once(lambda number: wire.ask(site.port, send_as_bot(site, number)), range(WARM_UP), 8)
    list_costs(client)
    before, memory, disk = list_costs(client), resident(site), database_bytes()
    person, began = Person(site), time.monotonic()
    person.start()

    statuses = at_once(
        lambda number: wire.ask(site.port, send_as_bot(site, number)), range(WARM_UP, WARM_UP + count), 8
    )

    took = time.monotonic() - began
    person.join()
    taken = statuses.count(302)
    each, grown = (database_bytes() - disk) / taken, (resident(site) - memory) / MEGABYTE
    held = Counter(Member.objects.exclude(flag_reason="").values_list("flag_reason", flat=True))
    tell(f"{count} in {took:.0f} s, held {dict(held)}, {each:.0f} bytes of disk each, memory grew by {grown:.0f} MB")
    # This many fit into five minutes (s4jr/security/storage_limits.py). The others get a 503; the person's application
    # is saved.
    assert (set(statuses) - {302, 503}, person.status, taken) == (set(), 302, size(count, taken))
    assert sum(held.values()) == WARM_UP + taken
    assert [email.to for email in OutgoingEmail.objects.filter(kind="confirm")] == ["person@mailbox.example"]
    list_costs(client)  # this records, once a minute, that the user is active
    assert list_costs(client) == before
    assert grown < 60
    assert each < size(10 * BYTES_EACH, BYTES_EACH)  # the first rows take up a few pages for a hundred applications
