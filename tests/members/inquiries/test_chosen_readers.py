"""An excluded reader finds no trace of an inquiry: no URL, count, list, email or log entry."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from members.inquiries import services as inquiry_services
from members.models import Inquiry
from members.review.dashboard import waiting_for
from s4jr.accounts.models import User
from s4jr.audit.models import AccessLog
from s4jr.audit.services import log_access
from s4jr.mail.models import OutgoingEmail
from tests import make
from tests.members.inquiries import people

pytestmark = pytest.mark.django_db


def rights(*names):
    return Permission.objects.filter(codename__in=names)


@pytest.fixture
def bo(db):
    return people.reader("bo", "safety", display_name="Bo", address="bo@mailbox.example")


DOROTHY = {"display_name": "Dorothy", "address": "dorothy@mailbox.example"}
TICKED = {
    "a superuser": lambda: make.admin("dorothy", **DOROTHY),
    "a coordinator": lambda: people.in_group("Coordinator", "dorothy", **DOROTHY),
    "somebody of Care": lambda: people.in_group("Care", "dorothy", **DOROTHY),
    "a superuser without a name": lambda: make.admin("dorothy", address="dorothy@mailbox.example"),
}


@pytest.fixture(params=TICKED)
def dorothy(request, db):
    return TICKED[request.param]()


@pytest.fixture
def excluded_client(dorothy, settings):
    """Dorothy's browser, signed in with the second factor."""
    settings.STAFF_SECOND_FACTOR = True
    return people.signed_in(Client(), dorothy)


ACTIONS = [
    "claim", "unclaim", "insert_reply", "answer", "answer_next", "close", "reopen", "unflag", "hand_over",
]  # fmt: skip


def test_the_list_does_not_include_it(excluded_client, bo):
    inquiry = people.about_safety(bo)
    for query in ({}, {"state": "all"}, {"topic": "safety"}, {"state": "all", "flagged": 1}):
        page = excluded_client.get(reverse("admin:members_inquiry_changelist"), query)
        assert (page.context["cl"].result_count, inquiry.number in page.content.decode()) == (0, False)


def test_searching_its_number_finds_nothing(excluded_client, bo):
    number = people.about_safety(bo).number
    assert (
        excluded_client.get(reverse("admin:members_inquiry_changelist"), {"q": number}).context["cl"].result_count == 0
    )


def test_its_urls_answer_like_those_of_a_missing_row(excluded_client, bo):
    inquiry = people.about_safety(bo)
    nothing = Inquiry(topic="safety")
    for name in ("change", *ACTIONS):
        here, nowhere = (reverse(f"admin:members_inquiry_{name}", args=[e.pk]) for e in (inquiry, nothing))
        said = {"seen": 1, "words": "Mine.", "topic": "press", "reason": "to look"}
        found, missed = excluded_client.post(here, said), excluded_client.post(nowhere, said)
        assert (found.status_code, found.content) == (404, missed.content)
    assert excluded_client.get(reverse("admin:members_inquiry_change", args=[inquiry.pk])).status_code == 404
    inquiry.refresh_from_db()
    assert (inquiry.turn, inquiry.state, inquiry.topic) == (1, "open", "safety")


def test_even_a_user_who_opened_it_before_finds_nothing(excluded_client, dorothy, bo):
    inquiry = people.about_safety(bo)
    session = excluded_client.session
    session["opened_inquiries"] = {str(inquiry.pk): 2**40}
    session.save()
    assert excluded_client.get(reverse("admin:members_inquiry_change", args=[inquiry.pk])).status_code == 404


def test_this_week_does_not_count_it(excluded_client, dorothy, bo):
    without = waiting_for(dorothy)
    people.about_safety(bo)
    people.about_safety(bo, flag_reason="honeypot")
    assert waiting_for(User.objects.get(pk=dorothy.pk)) == without
    assert "Nothing is waiting for you." in excluded_client.get(reverse("admin:index")).content.decode()


def test_no_email_notifies_them(dorothy, bo):
    inquiry = people.about_safety(bo)
    inquiry_services.add_message(people.these(inquiry), "And this.", "a token")
    assert [email.to for email in OutgoingEmail.objects.filter(kind="admin-inquiry")] == ["bo@mailbox.example"]


def test_the_access_log_hides_its_rows(excluded_client, dorothy, bo):
    dorothy.user_permissions.add(*rights("view_accesslog"))
    hidden, seen = people.about_safety(bo), people.written(topic="press")
    for inquiry in (hidden, seen):
        log_access(who=bo, action="opened", records=[inquiry], reason="to answer it")
    people.give(dorothy, "press")
    page = excluded_client.get(reverse("admin:audit_accesslog_changelist")).content.decode()
    assert (hidden.number in page, seen.number in page) == (False, True)
    row = AccessLog.objects.get(object_id=hidden.number)
    there = excluded_client.get(reverse("admin:audit_accesslog_change", args=[row.pk]), follow=True).content.decode()
    assert hidden.number not in there


def test_after_deletion_the_access_log_shows_them_no_row_either(excluded_client, dorothy, bo):
    dorothy.user_permissions.add(*rights("view_accesslog"))
    hidden = people.about_safety(bo)
    log_access(who=bo, action="opened", records=[hidden])
    inquiry_services.erase_inquiries(people.these(hidden))
    assert hidden.number not in excluded_client.get(reverse("admin:audit_accesslog_changelist")).content.decode()


def test_the_outbox_hides_its_emails(excluded_client, dorothy, bo):
    dorothy.user_permissions.add(*rights("view_outgoingemail"))
    people.give(dorothy, "press")
    inquiry_services.answer(people.these(people.about_safety(bo)), "Mine.", by=bo, seen=1)
    seen = people.written(topic="press")
    inquiry_services.answer(people.these(seen), "Ours.", by=bo, seen=1)
    OutgoingEmail.objects.update(state="failed")  # the list shows an email only if it needs attention
    page = excluded_client.get(reverse("admin:mail_outgoingemail_changelist"))
    assert {email.about for email in page.context["cl"].queryset} == {seen.about}
