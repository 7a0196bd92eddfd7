"""Attackers post forms of full size for an hour from one exit node: the database grows little, and a person can apply.

The hour is on the clock that the limits use: twelve windows of five minutes, each filled until the site accepts nothing
more. The short run fills one window and multiplies.
"""

import random

import pytest
from django.db import connection
from django.test import Client, RequestFactory

from members.models import Inquiry, Member
from members.submission_tokens import INQUIRY_FORM, JOIN_FORM
from s4jr.accounts.models import Session
from s4jr.security import ratelimit, submission_token
from s4jr.security.storage_limits import WINDOWS_AN_HOUR, refused_today
from tests.attack.addresses import addresses, is_ending
from tests.attack.people import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.only_postgres]
AT_MOST = 50_000_000
EXIT_NODE = "203.0.113.9"
#: Four bytes each in UTF-8, which don't compress.
EMAILS = [chr(0x1D400 + n) for n in range(400)]
GIVES_UP_AFTER = 12


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    class Clock:
        now = 1_800_000_000.0

    monkeypatch.setattr(ratelimit.time, "time", lambda: Clock.now)
    monkeypatch.setattr(submission_token, "FASTEST_HUMAN_SECONDS", -1)
    return Clock


class Attacker:
    """Sends forms of full size, some like a bot and some like a person; a seed decides the order."""

    def __init__(self, seed):
        self.dice, self.client, self.count = random.Random(seed), Client(REMOTE_ADDR=EXIT_NODE), 0

    def fill_the_window(self):
        """Sends until the site has accepted nothing for a while; returns how many it accepted."""
        taken = refused = 0
        while refused < GIVES_UP_AFTER:
            was_taken = self.send().status_code == 302
            taken, refused = taken + was_taken, 0 if was_taken else refused + 1
        return taken

    def send(self):
        self.count += 1
        answers = self.dice.choice([self.application, self.inquiry])()
        answers |= {"website": "https://shop.example"} if self.dice.random() < 0.5 else {}
        return self.client.post(*answers.pop("to"), answers)

    def application(self):
        token = JOIN_FORM.new_token(RequestFactory().get("/"))
        person = {"name": self.text(120), "contact": "yes", "email": f"victim+{self.count}@mailbox.example"}
        words = {"message": self.text(4000), "access_needs": self.text(2000), "pronouns": self.text(60)}
        return {"to": ["/join/"], **person, **words, "agreement": "on", "consent": "on", "form_token": token}

    def inquiry(self):
        token = INQUIRY_FORM.new_token(RequestFactory().get("/"))
        words = {"topic": "coalition", "words": self.text(4000), "contact": "none", "name": self.text(120)}
        return {"to": ["/contact/"], **words, "form_token": token}

    def text(self, length):
        return "".join(self.dice.choices(EMAILS, k=length))


def person(number):
    """A person behind the same exit node sends a form; returns the status of the response."""
    token = JOIN_FORM.new_token(RequestFactory().get("/"))
    answers = {"name": "Testperson", "contact": "none", "agreement": "on", "consent": "on", "form_token": token,
               "message": f"Number {number}: the heron stands in the reeds."}  # fmt: skip
    return Client(REMOTE_ADDR=EXIT_NODE).post("/join/", answers).status_code


def bytes_on_disk():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return cursor.fetchone()[0]


def test_an_hour_at_full_size_stores_little_and_a_person_behind_the_same_exit_node_gets_through(
    size, seed, tell, clock
):
    windows, attacker = size(1, WINDOWS_AN_HOUR), Attacker(seed)
    before, taken, persons = bytes_on_disk(), [], []
    for number in range(windows):
        taken.append(attacker.fill_the_window())
        persons.append(person(number))
        clock.now += 300
    grown = (bytes_on_disk() - before) * WINDOWS_AN_HOUR / windows

    kept = Member.objects.filter(contact="yes").count() + Inquiry.objects.count()
    tell(f"seed {seed}: {attacker.count} sent in {windows} windows, {sum(taken)} taken, {grown / 1e6:.1f} MB an hour")
    assert (kept, Member.objects.filter(contact="none").count()) == (sum(taken), windows)
    assert (persons, refused_today() > 0) == ([302] * windows, True)
    assert grown < AT_MOST


def test_no_request_of_a_visitor_creates_a_session(size):
    """Requests every URL twice, for an existing row and for none: by GET, and by POST with invalid data."""
    people = Cast()
    found = [address for address in addresses(people.values_of) if not is_ending(address)]
    nonsense = {"login": "imogen", "password": "x", "code": "x", "credential": "{}", "do": "look"}
    makes_one = []
    for address in found[:: size(3, 1)]:
        stranger, before = Client(raise_request_exception=False), Session.objects.count()
        stranger.get(address)
        stranger.post(address, nonsense)
        makes_one += [address] if Session.objects.count() > before else []
    assert makes_one == []
