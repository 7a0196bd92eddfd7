"""THREATS 60: when encrypted values can't be decrypted, every page, task and feed works, and admins see a count.

The tests find the columns in the models, so they include new ones. They break all cells of a column, not one: every row
that a page or task reads has a broken cell.
"""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from celery import current_app
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from chapters.models import Chapter, Meeting, Representative
from chapters.volunteer_offers.services import OfferSubmission, make_offer
from members.models import CredentialChange
from members.purge import purge
from members.rsvps.host_services import send_message
from s4jr.audit.services import log_access
from s4jr.audit.unreadable_values import count_unreadable
from s4jr.beat_schedule import TIMETABLE
from s4jr.mail.emails import Email
from s4jr.mail.kinds import AUTO_REPLY
from s4jr.mail.services import queue_emails
from s4jr.security.failed_steps import failures_today
from s4jr.steps import FAILED
from tests import make
from tests.attack.conftest import LONG
from tests.attack.people import Cast
from tests.attack.undecryptable import COLUMNS, break_all
from tests.members.rsvps.people import a_meeting, guest

pytestmark = [pytest.mark.django_db]
PAGES = ["/", "/what-we-do/", "/people/", "/press/", "/support/", "/join/", "/contact/", "/representatives/",
         "/chapters/", "/meetings/", "/meetings.ics", "/sitemap.xml", "/fr/meetings/", "/es/chapters/"]  # fmt: skip
#: Columns for which the test data has no row.
EMPTY = set()


@pytest.fixture(scope="module")
def _world(django_db_setup, django_db_blocker):
    """Creates fictional people and texts of each kind; removes them after these tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_demo", stdout=io.StringIO())
        people = Cast()
        said = {"subject": "Hello", "body": "Please use our form.", "dedupe_key": "of the world"}
        queue_emails([Email(to="ida@mailbox.example", kind=AUTO_REPLY, in_reply_to="<1@mailbox.example>", **said)])
        meeting = a_meeting()
        guest(meeting)
        send_message(meeting.pk, "Please bring a cup.", token="of the world", by=people.admin)
        get_user_model().objects.filter(pk=people.term.user_id).update(new_address="orla.new@mailbox.example")
        offer = OfferSubmission(
            kind="represent", contact="yes", form_token="of the world", name="Orla Invented", country="CA"
        )
        make_offer(replace(offer, email="orla@mailbox.example", words="I would like to."))
        CredentialChange.objects.create(
            member=people.member, kind="address", value_hash="moved", earlier_email="ida@mailbox.example",
            made_at=timezone.now(),
        )  # fmt: skip
        log_access(who=people.admin, action="opened", records=[people.member], reason="asked")
        yield
        transaction.set_rollback(True)


def public_pages():
    yield from PAGES
    yield from (
        f"/meetings/{pk}{end}"
        for pk in Meeting.objects.public().values_list("pk", flat=True)[:9]
        for end in ("/", ".ics")
    )
    yield from (f"/chapters/{slug}/" for slug in Chapter.objects.shown().values_list("slug", flat=True))
    yield from (
        f"/representatives/{pk}/write/" for pk in Representative.objects.public().values_list("pk", flat=True)[:9]
    )


def admin_lists(client):
    """Returns the index and every list of the admin, as a superuser."""
    user = make.admin("grace", display_name="Grace", address="grace@coalition.example")
    make.second_factor(user)
    make.sign_in(client, user)
    client.post("/account/2fa/authenticate/", {"code": make.code_of(user)})
    models = [model._meta for model in admin.site._registry]
    return ["/manage/", *(reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist") for meta in models)]


@pytest.mark.usefixtures("_world")
@pytest.mark.parametrize("contexts", [[context] for context in COLUMNS] if LONG else [list(COLUMNS)], ids="-".join)
def test_with_every_cell_of_a_column_broken_all_pages_feeds_and_tasks_work(contexts, caplog):
    """The long run breaks one column at a time, the short run all at once."""
    current_app.loader.import_default_modules()
    stranger, staff = Client(raise_request_exception=False), Client(raise_request_exception=False)
    lists = admin_lists(staff)
    broken = {context: count for context in contexts if (count := break_all(context))}
    assert (count_unreadable(), set(contexts) - broken.keys() - EMPTY) == (broken, set())
    fails = {page: status for page in public_pages() if (status := stranger.get(page).status_code) >= 500}
    fails |= {page: status for page in lists if (status := staff.get(page).status_code) >= 500}
    for task in sorted({entry["task"] for entry in TIMETABLE.values()}):
        current_app.tasks[task].run()
    later = {days: purge(timezone.now() + timedelta(days=days)).get(FAILED, 0) for days in (8, 31, 61, 400)}
    steps = [record.getMessage() for record in caplog.records if "The step" in record.getMessage()]
    assert (fails, steps, failures_today()["steps"], later) == ({}, [], 0, dict.fromkeys(later, 0))
