"""The form of a series: how and where people meet, twice a month, the venue, and a copy."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import translation

from chapters.meetings.series_form import CHOICES, SeriesForm
from chapters.models import Meeting, MeetingSeries
from tests import make
from tests.chapters.meetings.meetings import LINK, chapter, representative, said, series
from tests.reading import Page

pytestmark = pytest.mark.django_db
NEW = reverse("manage_new")
VENUE = "Second floor, 12 Invented Street\nRing at Heron"
IN_PERSON = {"format": "in_person", "city": "Toronto"}


@pytest.fixture(autouse=True)
def _one_step(settings):
    settings.STAFF_SECOND_FACTOR = False


@pytest.fixture
def editor(client):
    user = make.person_who_signs_in("edda", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="change_meetingseries"))
    client.force_login(user)
    return user


def made_of(client, **answers):
    """The series that the form makes of these answers."""
    response = client.post(NEW, said(**answers))
    assert response.status_code == 302, response.context["form"].errors
    return MeetingSeries.objects.get()


def errors_of(client, **answers):
    return {name: list(found) for name, found in client.post(NEW, said(**answers)).context["form"].errors.items()}


# --- when


@pytest.mark.parametrize("repeats", ["once", "weekly", "monthly"])
@pytest.mark.parametrize("day", ["2100-01-01", "9999-12-31"])
def test_a_series_does_not_begin_too_far_ahead(client, editor, repeats, day):
    errors = errors_of(client, repeats=repeats, begins_on=day)
    assert errors == {"begins_on": ["This day is too far ahead. Enter an earlier one."]}


# --- how often


@pytest.mark.parametrize(
    ("answers", "rule", "words"),
    [
        ({"repeats": "two_weekly", "weekday": "", "week": ""}, (1, None, None), "every two weeks on Tuesday"),
        ({"repeats": "two_weekly", "week": "3", "second_week": "1"}, (1, None, None), "every two weeks on Tuesday"),
        (
            {"repeats": "twice_monthly", "week": "1", "second_week": "3"},
            (1, 1, 3),
            "on the first and third Tuesday of the month",
        ),
        (
            {"repeats": "twice_monthly", "week": "-1", "second_week": "2"},
            (1, 2, -1),
            "on the second and last Tuesday of the month",
        ),
        (
            {"repeats": "twice_monthly", "weekday": "", "week": "", "second_week": ""},
            (1, 2, 4),
            "on the second and fourth Tuesday of the month",
        ),
        ({"repeats": "monthly", "week": "1", "second_week": "3"}, (1, 1, None), "every month on the first Tuesday"),
    ],
)
def test_a_host_chooses_how_often(client, editor, answers, rule, words):
    made = made_of(client, begins_on="2030-01-08", **answers)
    assert ((made.weekday, made.week, made.second_week), made.rhythm) == (rule, words)


@pytest.mark.parametrize(
    ("weeks", "error"),
    [
        (("2", "2"), "This is the same week. Choose another one."),
        (("4", "-1"), "In most months the fourth one is also the last one. Choose two other weeks."),
    ],
)
def test_twice_a_month_needs_two_weeks_that_are_apart(client, editor, weeks, error):
    answers = {"repeats": "twice_monthly", "week": weeks[0], "second_week": weeks[1]}
    assert errors_of(client, **answers) == {"second_week": [error]}


def test_every_two_weeks_a_month_can_have_has_words():
    """The words of each pair that the form accepts, in each language of the site."""
    pairs = [(one, two) for one in (1, 2, 3, 4, -1) for two in (2, 3, 4, -1) if one != two and (one, two) != (4, -1)]
    pairs = [(one, two) for one, two in pairs if one != -1 and (two == -1 or one < two)]
    for language in ("en", "fr-ca", "es"):
        with translation.override(language):
            words = {
                MeetingSeries(repeats="twice_monthly", weekday=1, week=one, second_week=two).rhythm
                for one, two in pairs
            }
            assert len(words) == len(pairs) == 9


# --- where


def test_a_meeting_in_person_needs_its_city(client, editor):
    error = "Enter the city. Everyone sees it, so leave out the street."
    assert errors_of(client, format="in_person", city="") == {"city": [error]}


@pytest.mark.parametrize("city", ["toronto.example", "555-010-0199", "me@mailbox.example"])
def test_a_city_has_no_link_and_no_number(client, editor, city):
    assert list(errors_of(client, format="in_person", city=city)) == ["city"]


def test_an_online_meeting_has_no_city_and_no_venue(client, editor):
    made = made_of(client, city="Toronto", venue=VENUE)
    assert (made.city, made.venue) == ("", "")


def test_a_series_that_goes_online_forgets_its_addresses(client, editor):
    made = series(**IN_PERSON, venue=VENUE)
    made.meetings.update(venue="Another room, 14 Invented Street")
    client.post(reverse("manage_change", args=[made.pk]), said(begins_on=str(made.begins_on), step="save"))
    made = MeetingSeries.objects.get()
    assert (made.format, made.venue, {one.venue for one in made.meetings.all()}) == ("online", "", {""})


def test_meetings_take_how_and_where_from_their_series(client, editor):
    answers = {**IN_PERSON, "languages": "English, ASL", "access_notes": "No steps. Scent-free."}
    made_of(client, **answers)
    assert {name: set(Meeting.objects.values_list(name, flat=True)) for name in answers} == {
        name: {value} for name, value in answers.items()
    }


def test_the_street_address_is_stored_encrypted_and_no_page_of_a_host_shows_it(client, editor):
    made = made_of(client, **IN_PERSON, venue=VENUE)
    meeting = made.meetings.first()
    assert (made.venue, meeting.where) == (VENUE, VENUE)
    addresses = [reverse(name, args=[made.pk]) for name in ("manage_series", "manage_change", "manage_publish")]
    addresses += [reverse("manage_copy", args=[made.pk]), reverse("manage_meeting", args=[meeting.pk])]
    assert ["Invented Street" in client.get(address).content.decode() for address in addresses] == [False] * 5


def test_a_street_address_is_not_shown_again_after_an_error(client, editor):
    response = client.post(NEW, said(**IN_PERSON, title="", venue=VENUE))
    assert (list(response.context["form"].errors), "Invented Street" in response.content.decode()) == (["title"], False)


@pytest.mark.parametrize("field", ["title", "city", "languages", "words", "access_notes", "content_notes"])
def test_public_texts_do_not_repeat_the_street_address(client, editor, field):
    answers = {**IN_PERSON, field: "Come to 12 INVENTED  street!", "venue": VENUE}
    assert list(errors_of(client, **answers)) == ["__all__"]


def test_a_saved_street_address_is_not_repeated_either(client, editor):
    made = series(**IN_PERSON, venue=VENUE)
    address = reverse("manage_change", args=[made.pk])
    response = client.post(address, said(**IN_PERSON, words="We meet at 12 Invented Street.", step="save"))
    assert list(response.context["form"].errors) == ["__all__"]
    response = client.post(reverse("manage_series", args=[made.pk]), {"do": "venue", "venue": "Heron hall, 7 Toronto"})
    assert response.status_code == 302


def test_a_host_changes_the_street_address_of_a_series_and_of_one_meeting(client, editor):
    made = series(**IN_PERSON)
    client.post(reverse("manage_series", args=[made.pk]), {"do": "venue", "venue": VENUE})
    first, second = made.meetings.order_by("starts_at")[:2]
    data = {"action": "venue", "venue-venue": "Another room, 14 Invented Street"}
    client.post(reverse("manage_meeting", args=[first.pk]), data)
    first, second = Meeting.objects.order_by("starts_at")[:2]
    assert (first.where, second.where) == ("Another room, 14 Invented Street", VENUE)
    assert (MeetingSeries.objects.get().join_link, first.sequence) == (LINK, 1)


def test_an_online_meeting_takes_no_street_address(client, editor):
    made = series()
    first = made.meetings.order_by("starts_at")[0]
    client.post(reverse("manage_series", args=[made.pk]), {"do": "venue", "venue": VENUE})
    client.post(reverse("manage_meeting", args=[first.pk]), {"action": "venue", "venue-venue": VENUE})
    assert Meeting.objects.order_by("starts_at")[0].where == ""


def test_two_people_and_a_kitchen_table_can_hold_a_meeting(client):
    """A representative of a chapter publishes a meeting in person, with no link and no address, in one step."""
    riverside = chapter()
    client.force_login(representative(chapter=riverside))
    answers = {**IN_PERSON, "whose": f"chapter:{riverside.pk}", "repeats": "once", "weekday": "", "week": ""}
    made = made_of(client, **answers, capacity="2", step="publish")
    meeting = made.meetings.get()
    assert (meeting.is_published, meeting.capacity, meeting.way_in, meeting.where) == (True, 2, "", "")
    assert client.get(reverse("meeting", args=[meeting.pk])).status_code == 200
    assert client.get(reverse("rsvp", args=[meeting.pk])).status_code == 200


# --- copy


def test_a_copy_has_everything_but_dates_link_and_address(client, editor):
    made = series(
        **IN_PERSON, venue=VENUE, title="Kitchen table", words="We talk.", capacity=4, repeats="twice_monthly",
        week=1, second_week=3, ends_on="2040-01-01", chapter=chapter(),
    )  # fmt: skip
    response = client.get(reverse("manage_copy", args=[made.pk]))
    form, original = response.context["form"], SeriesForm(instance=made, user=editor)
    kept = [name for name in SeriesForm.base_fields if name not in ("begins_on", "ends_on")]
    assert {name: form[name].value() for name in kept} == {name: original[name].value() for name in kept}
    assert [form[name].value() for name in ("begins_on", "ends_on", "link", "venue")] == [None] * 4
    [page_form] = [e for e in Page(response.content.decode()).all(tag="form") if e.get("action") == NEW]
    assert page_form["method"] == "post"


def test_a_series_of_others_is_not_copied(client):
    client.force_login(representative())
    assert client.get(reverse("manage_copy", args=[series(region="CA-BC").pk])).status_code == 404


def test_choices_begin_with_a_capital_and_the_empty_one_says_what_to_do(editor):
    form = SeriesForm(user=editor)
    first = {name: str(form.fields[name].choices[0][1]) for name in ("kind", "whose", "weekday")}
    assert first == {"kind": "Choose one", "whose": "None", "weekday": "–"}
    labels = [str(label) for name in CHOICES for _value, label in form.fields[name].choices]
    assert [label for label in labels if label[0].islower()] == []
