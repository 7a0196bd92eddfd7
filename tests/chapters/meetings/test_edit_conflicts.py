"""Two hosts edit one series or meeting: the second to save sees the conflict and keeps the typed text."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from chapters.meetings import manage_views
from chapters.meetings.services import move_meeting
from chapters.models import Meeting, MeetingSeries
from tests import make
from tests.chapters.meetings.meetings import make_meeting, said, series
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
CHANGED = "This changed since you opened it. See what is saved now, then save again."


@pytest.fixture(autouse=True)
def _one_step(settings):
    settings.STAFF_SECOND_FACTOR = False


def host_browser(name):
    """The browser of an Editor of meetings."""
    user = make.person_who_signs_in(name, is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="change_meetingseries"))
    browser = Client()
    browser.force_login(user)
    return browser


@pytest.fixture
def first():
    return host_browser("edda")


@pytest.fixture
def second():
    return host_browser("snorri")


def hidden_in(page, name):
    [field] = [e for e in page.all(tag="input") if e.get("name") == name and e.get("type") == "hidden"]
    return field["value"]


def opened(browser, address, name="seen"):
    """Return the version in a form that this browser opened."""
    return hidden_in(Page(browser.get(address).content.decode()), name)


@pytest.mark.parametrize("published", [False, True])
def test_the_second_of_two_hosts_sees_the_conflict_and_keeps_the_typed_text(first, second, published):
    made = series(published=published)
    address = reverse("manage_change", args=[made.pk])
    seen = [opened(first, address), opened(second, address)]
    kept = {"begins_on": str(made.begins_on), "step": "save"}
    first.post(address, said(title="What the first one typed", seen=seen[0], **kept))
    answer = second.post(address, said(title="What the second one typed", seen=seen[1], **kept))
    page = Page(answer.content.decode())
    made.refresh_from_db()
    assert made.title == "What the first one typed"
    assert CHANGED in answer.content.decode()
    assert answer.context["form"]["title"].value() == "What the second one typed"
    assert "What the first one typed" in [words(e) for e in page.all(tag="dd")]
    second.post(address, said(title="What the second one typed", seen=hidden_in(page, "seen"), **kept))
    made.refresh_from_db()
    assert made.title == "What the second one typed"


def test_a_change_between_check_and_save_is_reported_too(first, second):
    made = series()
    address = reverse("manage_change", args=[made.pk])
    kept = {"begins_on": str(made.begins_on)}
    typed = said(title="The second one's", seen=opened(second, address), **kept)
    checked = Page(second.post(address, typed).content.decode())
    first.post(address, said(title="The first one's", seen=opened(first, address), step="save", **kept))
    answer = second.post(address, {**typed, "seen": hidden_in(checked, "seen"), "step": "save"})
    made.refresh_from_db()
    assert (made.title, CHANGED in answer.content.decode()) == ("The first one's", True)


def test_a_change_between_validation_and_save_is_detected(monkeypatch, first, second, forms_redirect_after_a_change):
    """Concurrent submissions: the second form was validated before the first one was saved."""
    made = series(published=False)
    address = reverse("manage_change", args=[made.pk])
    kept = {"begins_on": str(made.begins_on)}
    seen = opened(second, address)
    save = manage_views.save_series

    def late(*args, **said):
        MeetingSeries.objects.filter(pk=made.pk).update(title="The first one's")
        return save(*args, **said)

    monkeypatch.setattr(manage_views, "save_series", late)
    answer = second.post(address, said(title="The second one's", seen=seen, **kept))
    made.refresh_from_db()
    forms_redirect_after_a_change.clear()  # the first host made the recorded change
    assert (made.title, CHANGED in answer.content.decode()) == ("The first one's", True)


def test_a_host_who_saves_twice_sees_no_conflict(first):
    made = series(published=False)
    address = reverse("manage_change", args=[made.pk])
    for title in ("Once", "Twice"):
        kept = {"begins_on": str(made.begins_on), "seen": opened(first, address)}
        assert first.post(address, said(title=title, **kept)).status_code == 302
    made.refresh_from_db()
    assert made.title == "Twice"


@pytest.mark.parametrize(
    ("name", "hours", "theirs", "typed"),
    [
        ("topic", 48, {"topic": "What the first one typed"}, {"topic": "What the second one typed"}),
        (
            "notes",
            -24,
            {"notes": "What the first one typed"},
            {"notes": "What the second one typed", "nobody_named": "on"},
        ),
    ],
)
def test_an_edit_of_one_meeting_is_not_overwritten_silently(second, name, hours, theirs, typed):
    meeting = make_meeting(hours)
    address = reverse("manage_meeting", args=[meeting.pk])
    seen = opened(second, address, f"{name}-seen")
    Meeting.objects.filter(pk=meeting.pk).update(**theirs)
    data = {"action": name, f"{name}-seen": seen, **{f"{name}-{field}": text for field, text in typed.items()}}
    answer = second.post(address, data).content.decode()
    assert list(Meeting.objects.values(*theirs)) == [theirs]
    assert (CHANGED in answer, "What the first one typed" in answer, "What the second one typed" in answer) == (
        True,
        True,
        True,
    )
    data[f"{name}-seen"] = hidden_in(Page(answer), f"{name}-seen")
    second.post(address, data)
    assert Meeting.objects.values_list(name, flat=True).get() == "What the second one typed"


def test_a_meeting_moved_meanwhile_is_not_moved_silently(second):
    meeting = make_meeting()
    address = reverse("manage_meeting", args=[meeting.pk])
    seen = opened(second, address, "move-seen")
    later = meeting.starts_at + timedelta(days=1)
    move_meeting(Meeting.objects.filter(pk=meeting.pk), later, later + timedelta(hours=1))
    day = (meeting.begins + timedelta(days=3)).date()
    data = {"action": "move", "move-seen": seen, "move-day": day, "move-time_of_day": "18:30", "move-minutes": "60"}
    assert CHANGED in second.post(address, data).content.decode()
    assert Meeting.objects.get().starts_at == later
