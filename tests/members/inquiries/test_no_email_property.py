"""People who chose "never email me" get no email for their inquiry, in any sequence of steps.

Each new function in `members/inquiries/emails.py` needs an entry in WRITERS, a step that makes it write to someone who
accepts emails; otherwise the first test fails.
"""

import inspect

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from members.inquiries import emails
from members.inquiries import services as inquiry_services
from members.models import Inquiry
from s4jr.crypto.blind_index import blind_index
from s4jr.mail.models import OutgoingEmail, Suppression
from tests import make
from tests.members.inquiries import people

pytestmark = pytest.mark.django_db


class Person:
    """A person who sent an inquiry, and the user who answers."""

    def __init__(self, contact, suppressed=None, flag_reason=""):
        self.contact, self.turn = contact, 0
        self.ada = people.reader("ada", superuser=True)
        if suppressed:
            make.stop(blind_index(people.ADDRESS), suppressed)
        self.first = people.submission(**self.said(), flag_reason=flag_reason)
        people.written(self.first)

    def said(self):
        self.turn += 1
        email = "" if self.contact == "none" else people.ADDRESS
        return {"contact": self.contact, "email": email, "words": f"turn {self.turn}"}

    @property
    def row(self):
        return Inquiry.objects.filter(form_token=self.first.form_token)

    @property
    def seen(self):
        return self.row.values_list("turn", flat=True).first() or 0


def answer(person):
    inquiry_services.answer(person.row, "An answer.", by=person.ada, seen=person.seen)


def answer_too_late(person):
    inquiry_services.answer(person.row, "An answer.", by=person.ada, seen=person.seen - 1)


def close(person):
    inquiry_services.close(person.row, by=person.ada, seen=person.seen)


def unflag(person):
    inquiry_services.unflag(person.row, by=person.ada, seen=person.seen)


def hand_over(person):
    inquiry_services.hand_over(person.row, "press", by=person.ada, seen=person.seen)


def claim(person):
    inquiry_services.claim(person.row, by=person.ada, seen=person.seen)


def reopen(person):
    inquiry_services.reopen(person.row, by=person.ada, seen=person.seen)


def write_again(person):
    inquiry_services.add_message(person.row, f"turn {person.seen}", f"token {person.seen}")


def correct_the_form(person):
    inquiry_services.submit_inquiry(people.submission(**person.said(), form_token=person.first.form_token))


def erase(person):
    inquiry_services.erase_inquiries(person.row)


#: Maps each function of `members.inquiries.emails` to the steps that call it.
WRITERS = {"answer": [answer]}
STEPS = [
    answer, answer_too_late, claim, close, reopen, unflag, hand_over, write_again, correct_the_form, erase,
]  # fmt: skip


def test_every_function_that_writes_an_email_is_covered():
    found = inspect.getmembers(emails, inspect.isfunction)
    assert {name for name, function in found if function.__module__ == emails.__name__} == set(WRITERS)


@pytest.mark.parametrize(("contact", "step"), [(c, step) for c in ("yes", "discreet") for step in WRITERS["answer"]])
def test_each_step_writes_to_people_who_accept_emails(contact, step):
    step(Person(contact))
    assert [email.to for email in OutgoingEmail.objects.all()] == [people.ADDRESS]


several_steps = st.lists(st.sampled_from(STEPS), max_size=6)
who_gets_none = st.one_of(
    st.just({"contact": "none"}),
    st.fixed_dictionaries(
        {"contact": st.sampled_from(["yes", "discreet"]), "suppressed": st.sampled_from(Suppression.Reason.values)}
    ),
)


@given(
    who=who_gets_none, flag_reason=st.sampled_from(["", "honeypot"]), steps=st.lists(st.sampled_from(STEPS), max_size=6)
)
@how(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_they_get_none_for_any_steps(who, flag_reason, steps):
    with transaction.atomic():
        person = Person(**who, flag_reason=flag_reason)
        for step in steps:
            step(person)
        assert OutgoingEmail.objects.count() == 0
        transaction.set_rollback(True)
