"""People who chose "never email me" get no email, in any sequence of steps.

Each new function in `members/emails.py` needs an entry in WRITERS, a step that makes it write to someone who accepts
emails; otherwise the first test fails.
"""

import inspect
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from members import emails
from members.applications import services as applications
from members.applications.confirmation_lists import write_due_lists
from members.links import make_links
from members.models import Member
from members.review import services as review
from members.self_service.address_change import confirm_address_change, request_address_change
from members.self_service.requested_emails import send_sign_in_link
from members.self_service.services import ask_to_resume_emails
from s4jr.mail.models import OutgoingEmail, Suppression
from s4jr.security.status_code import code_of_form
from tests import cast, make

pytestmark = pytest.mark.django_db
#: The addresses of this person. If one is suppressed, both are.
ADDRESSES = ["orsolya@mailbox.example", "orsolya@elsewhere.example"]
THIRD = "orsolya@third.example"


class Person:
    """A person who applied, and the admin who decides."""

    def __init__(self, contact, suppressed=None, flag_reason=""):
        self.contact, self.turn = contact, 0
        #: The addresses that this person confirmed with an emailed link, which lifts a suppression.
        self.taken = set()
        self.admin = make.admin("ada")
        for address in [*ADDRESSES, THIRD] if suppressed else []:
            make.stop(cast.application(email=address).email_index, suppressed)
        self.form_token = cast.ask(**self.answers(), flag_reason=flag_reason).form_token

    def answers(self):
        """Returns this person's answers: a different address each time, or "never"."""
        self.turn += 1
        email = "" if self.contact == "none" else ADDRESSES[self.turn % len(ADDRESSES)]
        return {"contact": self.contact, "email": email, "message": f"turn {self.turn}"}

    @property
    def row(self):
        return Member.objects.filter(form_token=self.form_token)

    def put(self, status, **changes):
        """Sets a status with all that leads to it. A lapsed application has no address, so it stays lapsed."""
        going_on = self.row.exclude(status="lapsed")
        cast.put(going_on, status, **changes)


# --- steps that write emails


def ask_again(person):
    answers = {**person.answers(), "name": "Orsolya Again"}
    applications.ask_to_join(cast.application(**answers))


def correct_with_the_form(person):
    applications.ask_to_join(cast.application(**person.answers(), form_token=person.form_token))


def correct_with_the_code(person):
    mine = Member.objects.with_code(code_of_form(person.form_token))
    applications.correct_address(mine, ADDRESSES[(person.turn + 1) % len(ADDRESSES)])


def unflag(person):
    person.row.update(flag_reason="too_many")
    review.unflag(person.row, by=person.admin)
    write_due_lists()


def wait_for_the_list(person):
    """It already had its own email; without one, it would get that instead of a list."""
    make_links(list(person.row.exclude(email_index=None)), "details", timedelta(days=1))
    person.row.update(list_due_at=timezone.now() - timedelta(days=1))
    write_due_lists()


def approve(person):
    person.put("waiting")
    review.approve(person.row, by=person.admin)


def decline(person):
    person.put("waiting")
    review.decline(person.row, by=person.admin, parting_email="Not now, with care.")
    let_the_hour_pass(person)


def end_membership(person):
    person.put("approved")
    review.end_membership(person.row, by=person.admin, reason="a reason", parting_email="A dated next step.")
    let_the_hour_pass(person)


def let_the_hour_pass(person):
    person.row.filter(effective_at__isnull=False).update(effective_at=timezone.now())
    review.end_grace_periods(Member.objects.all())


def lapse(person):
    today = timezone.now().date()
    person.put("waiting", received_on=today - timedelta(days=settings.UNDECIDED_DAYS))
    review.lapse(Member.objects.all(), today)


def ask_for_a_link(person):
    person.put("approved")
    send_sign_in_link(getattr(person.row.first(), "email", "") or ADDRESSES[0], "en")


def ask_for_another_address(person):
    """People who chose "never" and ask for an address again have changed their minds, so this excludes them."""
    if person.contact != "none":
        person.put("approved")
        request_address_change(person.row.proved(), THIRD, person.contact)


def move_to_another_address(person):
    person.put("approved")
    new_index = cast.application(email=THIRD).email_index
    person.row.exclude(email_index=None).update(new_email=THIRD, new_email_index=new_index)
    for member in person.row.exclude(new_email_index=None):
        make_links([member], "change", timedelta(days=1), to_index=new_index)
        confirm_address_change(member.links.filter(purpose="change", used_at=None).latest("expires_at"))
        person.taken.add(THIRD)


def ask_for_emails_again(person):
    person.put("approved")
    ask_to_resume_emails(person.row)


#: Maps each function of `members.emails` to the steps that call it.
WRITERS = {
    "confirm": [ask_again, correct_with_the_form, correct_with_the_code, unflag],
    "confirm_list": [wait_for_the_list],
    "welcome": [approve],
    "parting": [decline, end_membership],
    "lapsed": [lapse],
    "open_details": [ask_for_a_link],
    "confirm_change": [ask_for_another_address],
    "address_changed": [move_to_another_address],
    "emails_again": [ask_for_emails_again],
}
#: Functions that only return text.
WORDS_ONLY = {"draft_parting", "preview_parting"}


# --- other steps


def go_on_without_email(person):
    applications.go_on_without_email(person.row)


def leave(person):
    person.put("left")


def become_unconfirmed(person):
    """Sets the address back to unconfirmed if there is one, as the database requires."""
    cast.put(person.row.filter(email_index__isnull=False), "unconfirmed", times_corrected=0)


#: People who resume emails have changed their minds; `self_service/test_suppressions.py` tests that.
WRITING = [step for kind, steps in WRITERS.items() for step in steps if kind != "emails_again"]
STEPS = [*WRITING, go_on_without_email, leave, become_unconfirmed]


def functions_of_emails():
    found = inspect.getmembers(emails, inspect.isfunction)
    return {name for name, function in found if function.__module__ == emails.__name__ and name[0] != "_"}


def test_every_function_that_writes_an_email_is_covered():
    assert functions_of_emails() == set(WRITERS) | WORDS_ONLY


@pytest.mark.parametrize(("kind", "step"), [(kind, step) for kind, steps in WRITERS.items() for step in steps])
def test_each_step_writes_to_people_who_accept_emails(kind, step, monkeypatch):
    person = Person("yes", flag_reason="honeypot")  # so that nothing has been written yet
    person.row.update(flag_reason="")
    written, write = [], getattr(emails, kind)
    monkeypatch.setattr(emails, kind, lambda *said, **more: written.append(kind) or write(*said, **more))

    step(person)

    assert written == [kind]
    assert OutgoingEmail.objects.count() == 1


people = st.one_of(
    st.just({"contact": "none"}),
    st.fixed_dictionaries(
        {"contact": st.sampled_from(["yes", "discreet"]), "suppressed": st.sampled_from(Suppression.Reason.values)}
    ),
)


@given(who=people, flag_reason=st.sampled_from(["", "honeypot"]), steps=st.lists(st.sampled_from(STEPS), max_size=6))
@how(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_they_get_none_for_any_steps(who, flag_reason, steps):
    with transaction.atomic():
        person = Person(**who, flag_reason=flag_reason)
        for step in steps:
            step(person)
        assert {email.to for email in OutgoingEmail.objects.all()} - person.taken == set()
        transaction.set_rollback(True)
