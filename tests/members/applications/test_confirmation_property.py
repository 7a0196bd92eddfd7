"""For any sequence of steps by an attacker and an owner, codes show the same for members' and unknown addresses.

`ATTACK=long` draws more and longer sequences.
"""

import os
import re
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from members.applications.confirmation import confirm, delete_unwanted
from members.applications.confirmation_lists import write_due_lists
from members.models import Member, MemberLink
from members.purge import purge
from s4jr.mail.models import OutgoingEmail
from s4jr.security.status_code import code_of_form
from tests import cast
from tests.members.time_passes import let_pass

pytestmark = pytest.mark.django_db
CLOCK = re.compile(r"\d{1,2}(:\d\d)? [ap]\.m\.")
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
AWAY = "attacker@elsewhere.example"


class World:
    """One address, its owner, and an attacker who types it; or an address that no one has confirmed."""

    def __init__(self, *, owner_is_member):
        self.forms, self.owners = [], []
        if owner_is_member:
            cast.put(cast.waiting(), "approved")
            OutgoingEmail.objects.all().delete()

    # --- the attacker

    def apply(self):
        self.forms.append(f"{len(self.forms):032d}")
        cast.ask(name="Attacker", message="an attacker's", form_token=self.forms[-1])

    def press(self, do, **answers):
        for token in self.forms[:1]:
            Client().post("/my-details/", {"code": code_of_form(token), "do": do, **answers})

    def send_again(self):
        self.press("send_again")

    def correct_away(self):
        self.press("correct", email=AWAY)

    def correct_back(self):
        self.press("correct", email=cast.ADDRESS)

    def cancel(self):
        self.press("withdraw")

    # --- the owner

    def own_application(self):
        self.owners.append(f"f{len(self.owners):031d}")
        cast.ask(form_token=self.owners[-1])

    def click(self, tokens, **pressed):
        """Opens all links that reached the inbox, the oldest first, and confirms or deletes each."""
        for link in MemberLink.objects.filter(purpose="confirm", member__form_token__in=tokens).order_by("pk"):
            link = MemberLink.objects.filter(pk=link.pk, to_index=cast.application().email_index).first()
            member = link and link.member
            if member and member.email_index == link.to_index:
                delete_unwanted(link) if "delete" in pressed else confirm(link, **pressed)

    def confirm_theirs(self):
        self.click(self.forms, keep="this")

    def confirm_theirs_but_keep_what_was_before(self):
        self.click(self.forms, keep="other")

    def delete_theirs(self):
        self.click(self.forms, delete=True)

    def confirm_own(self):
        self.click(self.owners, keep="this")

    # --- time

    def a_day(self):
        let_pass(timedelta(days=1))
        write_due_lists()

    def two_months(self):
        let_pass(timedelta(days=61))
        purge()

    def shown(self):
        """Returns what each of the attacker's codes shows, with its number of queries."""
        return [self.page_of(token) for token in self.forms]

    def page_of(self, token):
        code = code_of_form(token)
        with CaptureQueriesContext(connection) as statements:
            page = Client().post("/my-details/", {"code": code}, follow=True).content.decode()
        for number in Member.objects.filter(form_token=token).values_list("number", flat=True):
            page = page.replace(number, "NUMBER")
        return len(statements), CLOCK.sub("TIME", CSRF.sub("", page)).replace(code, "CODE")


LONG = os.environ.get("ATTACK") == "long"
STEPS = [name for name in vars(World) if name[0] != "_" and name not in ("press", "click", "shown", "page_of")]


def life(steps, *, owner_is_member):
    """Returns what the attacker has seen after each step."""
    with transaction.atomic():
        world, seen = World(owner_is_member=owner_is_member), []
        for step in steps:
            getattr(world, step)()
            seen.append((step, world.shown()))
        emails = OutgoingEmail.objects.filter(kind__startswith="confirm").values_list("kind", flat=True)
        seen.append(sorted(emails))
        transaction.set_rollback(True)
    return seen


@given(steps=st.lists(st.sampled_from(STEPS), min_size=3, max_size=12 if LONG else 9))
@how(max_examples=200 if LONG else 15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_an_attackers_codes_cannot_tell_a_members_address_from_an_unknown_one(steps):
    steps = ["apply", *steps]
    assert life(steps, owner_is_member=True) == life(steps, owner_is_member=False)
