"""The onboarding: five steps, one page each; sign-in and profile cannot be skipped."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from chapters.models import Meeting, Representative
from chapters.representatives.onboarding import Onboarding, Step
from chapters.representatives.services import finish_step
from tests.chapters.representatives import people

pytestmark = pytest.mark.django_db
NEW = {"steps_done": "", "display_name": "", "pronouns": "", "words": "", "languages": "", "confirmed_on": None}


@pytest.fixture
def new(client):
    return people.signed_in_representative(client, **NEW)


def address(term, step):
    return reverse("representative_onboarding", args=[term.pk, step])


def go_on(client, term, step, **more):
    return client.post(address(term, step), more).url


def write_profile(client, term):
    return client.post(
        reverse("representative_profile_change", args=[term.pk]),
        {"display_name": "Orla", "language": "en", "action": "save"},
    ).url


def test_the_representative_page_redirects_to_the_first_step(client, new):
    assert client.get(reverse("representative_term", args=[new.pk])).url == address(new, "sign-in")


def test_all_steps_lead_to_the_representative_page(client, new):
    assert go_on(client, new, "sign-in") == address(new, "public")
    assert go_on(client, new, "public") == address(new, "card")
    assert client.get(address(new, "card")).url == reverse("representative_profile_change", args=[new.pk])
    assert write_profile(client, new) == address(new, "card")
    assert go_on(client, new, "card", action="show") == address(new, "messages")
    assert go_on(client, new, "messages") == address(new, "meeting")
    assert go_on(client, new, "meeting") == reverse("representative_term", args=[new.pk])
    assert Representative.objects.public().count() == 1
    assert client.get(reverse("representative_term", args=[new.pk])).status_code == 200


def test_only_the_show_action_publishes_a_profile(client, new):
    write_profile(client, new)
    go_on(client, new, "card", action="later")
    assert Representative.objects.public().count() == 0


def test_an_empty_profile_does_not_complete_the_step(client, new):
    assert go_on(client, new, "card") == reverse("representative_profile_change", args=[new.pk])
    assert Step.PROFILE in Onboarding(Representative.objects.get()).left


def test_three_steps_can_be_skipped_and_the_page_says_so(client, new):
    for step in ("public", "messages"):
        assert ">Skip for now<" in client.get(address(new, step)).content.decode()
    go_on(client, new, "sign-in")
    write_profile(client, new)
    go_on(client, new, "card")
    page = client.get(reverse("representative_term", args=[new.pk])).content.decode()
    assert "You have 3 setup steps left" in page


def test_two_steps_cannot_be_skipped(client, new):
    write_profile(client, new)
    pages = [client.get(address(new, step)).content.decode() for step in ("sign-in", "card")]
    assert [">Skip for now<" in page for page in pages] == [False, False]


def test_two_concurrent_windows_lose_no_step(new):
    one, other = Onboarding(new), Onboarding(Representative.objects.get())
    finish_step(one.term, Step.PUBLIC)
    finish_step(other.term, Step.MESSAGES)
    assert Representative.objects.get().steps_done == "public messages"


def test_an_unknown_step_is_404(client, new):
    assert client.get(address(new, "money")).status_code == 404


def a_meeting(**fields):
    begins = timezone.now() + timedelta(days=3)
    said = {
        "kind": "representatives",
        "audience": "representatives",
        "title": "Representatives meet",
        "zone": "Asia/Tokyo",
        "starts_at": begins,
        "ends_at": begins + timedelta(hours=1),
        "is_published": True,
    }
    Meeting.objects.create(**{**said, **fields})


@pytest.mark.parametrize(
    ("fields", "is_named"),
    [({}, True), ({"audience": "members"}, False), ({"is_published": False}, False), ({"is_canceled": True}, False)],
)
def test_the_next_meeting_of_representatives_is_shown(client, new, fields, is_named):
    a_meeting(**fields)
    page = client.get(address(new, "meeting")).content.decode()
    assert ("Representatives meet" in page, "No meeting of the representatives is scheduled yet" in page) == (
        is_named,
        not is_named,
    )


def test_the_meeting_time_is_in_its_own_zone(client, new):
    begins = datetime(2199, 12, 30, 20, 15, tzinfo=UTC)
    a_meeting(starts_at=begins, ends_at=begins + timedelta(hours=1), zone="Asia/Tokyo")
    page = client.get(address(new, "meeting")).content.decode()
    assert "Tuesday, December 31, 2199 at 5:15 a.m.</time> Tokyo time (Japan Standard Time)" in page
