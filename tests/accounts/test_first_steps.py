"""The checklist of a new site: each line is ticked off by the state of the site, and by nothing else."""

import pyrage
import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django.utils import timezone

from pages.models import SupportLine
from s4jr.accounts.first_steps import steps_left
from s4jr.mail.delivery import send_what_is_due
from s4jr.mail.models import OutgoingEmail
from tests import cast, make
from tests.chapters.meetings.meetings import series
from tests.reading import Page, words

pytestmark = pytest.mark.django_db

SECOND_OWNER, TEST_EMAIL, SAFETY = (
    "Invite a second owner",
    "Send yourself a test email",
    "Say who reads messages about safety",
)
LINE, MEETING, BACKUP = "Publish a support line", "Publish your first meeting", "Make a backup key"
ALL = [SECOND_OWNER, TEST_EMAIL, SAFETY, LINE, MEETING, BACKUP]


@pytest.fixture
def ada():
    return make.admin("ada")


@pytest.fixture(autouse=True)
def _a_new_site(settings):
    settings.BACKUP_TO = []
    SupportLine.objects.update(is_published=False)


def done(user):
    return [str(state.step.label) for state in steps_left(user) if state.is_done]


def sign_in_a_second_owner(settings):
    make.admin("ben", last_login=timezone.now())
    make.admin("bo", last_login=timezone.now())


def send_a_test_email(settings):
    cast.written(kind="test")
    send_what_is_due()


def name_a_reader(settings):
    make.admin("cleo", display_name="Cleo")


def publish_a_line(settings):
    source = {"link": "https://lantern.example/", "source_words": "We never call.", "checked_on": "2026-11-01"}
    SupportLine.objects.create(slug="lantern", name="Lantern line", is_published=True, **source)


def publish_a_meeting(settings):
    series()


def make_a_key(settings):
    settings.BACKUP_TO = [str(pyrage.x25519.Identity.generate().to_public())]


STEPS = {
    SECOND_OWNER: sign_in_a_second_owner,
    TEST_EMAIL: send_a_test_email,
    SAFETY: name_a_reader,
    LINE: publish_a_line,
    MEETING: publish_a_meeting,
    BACKUP: make_a_key,
}


def test_a_new_site_has_every_step_to_do(ada):
    assert ([str(state.step.label) for state in steps_left(ada)], done(ada)) == (ALL, [])


@pytest.mark.parametrize(("step", "take"), STEPS.items(), ids=STEPS)
def test_each_step_is_ticked_off_by_the_state_of_the_site(ada, settings, step, take):
    take(settings)
    assert done(ada) == [step]


def test_the_list_goes_away_once_all_is_done(ada, settings):
    for take in STEPS.values():
        take(settings)
    assert steps_left(ada) == []


def test_it_comes_back_if_something_is_missing_again(ada, settings):
    for take in STEPS.values():
        take(settings)
    SupportLine.objects.update(is_published=False)
    assert [str(state.step.label) for state in steps_left(ada) if not state.is_done] == [LINE]


@pytest.mark.parametrize(
    "missing", [{"last_login": None}, {"is_active": False}, {"is_staff": False}, {"is_superuser": False}]
)
def test_one_who_cannot_help_an_owner_with_a_lost_sign_in_is_no_second_one(ada, missing):
    """No one else recovers the sign-in of an owner: see `UserAdmin._may_touch`."""
    make.admin("ben", last_login=timezone.now())
    make.person_who_signs_in("bo", **{"is_staff": True, "is_superuser": True, "last_login": timezone.now(), **missing})
    assert done(ada) == []


def test_a_test_email_counts_after_it_was_deleted(ada, settings):
    send_a_test_email(settings)
    OutgoingEmail.objects.all().delete()
    assert done(ada) == [TEST_EMAIL]


def test_another_email_is_no_test_of_the_sender(ada):
    cast.written(kind="welcome")
    send_what_is_due()
    assert done(ada) == []


@pytest.mark.parametrize("also", ["age1example", "later", "AGE-SECRET-KEY-1EXAMPLE"])
def test_a_text_that_is_no_public_key_is_no_backup_key(ada, settings, also):
    settings.BACKUP_TO = [also]
    assert done(ada) == []
    make_a_key(settings)
    settings.BACKUP_TO = [*settings.BACKUP_TO, also]
    assert done(ada) == []


@pytest.mark.parametrize("role", ["Coordinator", "Editor"])
def test_no_one_but_an_owner_is_asked_to_invite_a_second_one(client, role):
    """Only an owner assigns a role, so for anyone else the step would lead nowhere."""
    user = make.signed_in_staff(client, "cleo", superuser=False)
    user.groups.add(Group.objects.get(name=role))
    steps = [str(state.step.label) for state in steps_left(type(user).objects.get(pk=user.pk))]
    assert (SECOND_OWNER in steps, MEETING in steps) == (False, True)


def test_a_draft_of_a_meeting_is_not_published(ada):
    series(published=False)
    assert done(ada) == []


def test_a_user_sees_only_the_steps_they_may_take(client):
    user = make.signed_in_staff(client, "cleo", superuser=False)
    user.user_permissions.set(Permission.objects.filter(codename__in=["change_supportline", "change_meetingseries"]))
    assert [str(state.step.label) for state in steps_left(type(user).objects.get(pk=user.pk))] == [LINE, MEETING]


def test_the_front_page_links_to_where_it_is_done_and_to_its_part_of_the_guide(client, settings):
    make.signed_in_staff(client, "ada")
    make_a_key(settings)
    page = Page(client.get(reverse("admin:index")).content.decode())
    (checklist,) = page.all(class_="checklist")
    assert [words(e) for e in page.elements if e["tag"] == "li" and "Guide:" in e["text"]] == [
        f"{'Done' if step == BACKUP else 'To do'} {step} Guide: {step}" for step in ALL
    ]
    assert checklist["text"].count("Done") == 1
    guide = Page(client.get(reverse("admin_guide")).content.decode())
    anchors = {e["href"].partition("#")[2] for e in page.all(tag="a") if "#" in e["href"] and "guide" in e["href"]}
    assert anchors - {e.get("id") for e in guide.elements} == set()
    assert len(anchors) == len(ALL)
