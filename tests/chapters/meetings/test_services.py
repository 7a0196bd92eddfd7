"""A series and its meetings are saved and published together, or not at all."""

from functools import partial
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from chapters.meetings import services
from chapters.meetings.services import plan_series, publish_series
from chapters.models import Meeting, MeetingSeries
from tests import make
from tests.chapters.meetings.meetings import LINK, said, series
from tests.races import race
from tests.reading import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    return series(published=False)


@pytest.fixture
def editor(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    user = make.person_who_signs_in("edda", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="change_meetingseries"))
    client.force_login(user)
    return user


def break_meetings(monkeypatch):
    """Make every change of the meetings of a series fail, as in a database outage or if a worker is killed."""

    def stop(*args):
        raise RuntimeError("stopped here")

    monkeypatch.setattr(services, "_carry_out", stop)


def test_a_series_stays_a_draft_if_its_meetings_cannot_be_saved(draft, monkeypatch):
    break_meetings(monkeypatch)
    with pytest.raises(RuntimeError):
        publish_series(MeetingSeries.objects.filter(pk=draft.pk))
    draft.refresh_from_db()
    assert (draft.is_published, Meeting.objects.filter(is_published=True).count()) == (False, 0)


def test_a_new_series_is_not_saved_if_its_meetings_cannot_be_saved(client, editor, monkeypatch):
    break_meetings(monkeypatch)
    with pytest.raises(RuntimeError):
        client.post(reverse("manage_new"), said())
    assert MeetingSeries.objects.count() == 0


def test_a_series_stays_unchanged_if_its_meetings_cannot_be_changed(client, editor, draft, monkeypatch):
    break_meetings(monkeypatch)
    with pytest.raises(RuntimeError):
        client.post(reverse("manage_change", args=[draft.pk]), said(title="Another title"))
    draft.refresh_from_db()
    assert draft.title == "Writing to a legislator"


def test_a_new_series_is_published_with_its_link_in_one_step(client, editor):
    client.post(reverse("manage_new"), said(link=LINK, step="publish"))
    made = MeetingSeries.objects.get()
    assert (made.is_published, made.join_link) == (True, LINK)
    assert made.meetings.filter(is_published=True).count() == made.meetings.count() > 0


def test_a_new_series_is_a_draft_with_its_link_unless_publish_was_pressed(client, editor):
    client.post(reverse("manage_new"), said(link=LINK, step="check"))
    made = MeetingSeries.objects.get()
    assert (made.is_published, made.join_link) == (False, LINK)


@pytest.mark.parametrize(
    "wrong",
    [
        {"repeats": "once", "weekday": "", "week": "", "begins_on": "2020-01-07"},
        {"link": LINK.replace("https", "http")},
        {"words": f"Come in: {LINK}"},
    ],
    ids=["no date to come", "not encrypted on its way", "the link in the description"],
)
def test_a_new_series_that_cannot_be_published_is_not_saved_and_its_link_is_not_shown(client, editor, wrong):
    response = client.post(reverse("manage_new"), said(**{"link": LINK, "step": "publish", **wrong}))
    assert (response.status_code, MeetingSeries.objects.count()) == (200, 0)
    assert f'value="{LINK}"' not in response.content.decode()


def sent_again(client, **changes):
    """Submits one form for a new series twice, the second time with changes; returns the second answer."""
    token = Page(client.get(reverse("manage_new")).content.decode()).one(name="form_token")["value"]
    client.post(reverse("manage_new"), said(form_token=token, step="publish"))
    return client.post(reverse("manage_new"), said(form_token=token, step="publish", **changes), follow=True)


@pytest.mark.parametrize("changes", [{}, {"title": "Another title"}])
def test_a_form_for_a_new_series_sent_twice_saves_one_and_leads_to_it(client, editor, changes):
    answer = sent_again(client, **changes)
    [made] = MeetingSeries.objects.all()
    assert (made.title, answer.redirect_chain) == (
        "Writing to a legislator", [(reverse("manage_series", args=[made.pk]), 302)],
    )  # fmt: skip
    assert "You already sent this form." in answer.content.decode()
    assert Meeting.objects.count() == made.meetings.count()


def test_two_forms_for_new_series_save_two(client, editor):
    sent_again(client), sent_again(client)
    assert MeetingSeries.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_form_for_a_new_series_sent_twice_at_once_saves_one():
    planned = series(published=False)
    rule = {field.attname: getattr(planned, field.attname) for field in MeetingSeries._meta.concrete_fields}
    planned.delete()
    same = [MeetingSeries(**{**rule, "id": planned_pk}) for planned_pk in [uuid4()] * 4]
    told = race(*[partial(plan_series, each, publish=True) for each in same])
    assert (sorted(told), MeetingSeries.objects.count()) == ([False, False, False, True], 1)
