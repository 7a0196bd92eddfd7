"""Meeting management: who may do it, the form, the preview before publication, and changes of single meetings."""

from datetime import date, time, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from chapters.models import Meeting, MeetingSeries, Representative
from tests import make
from tests.chapters import cast
from tests.chapters.meetings.meetings import (
    LINK,
    chapter,
    make_meeting,
    meeting_of_a_series,
    representative,
    said,
    series,
)
from tests.query_counts import for_one_and_thirty
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
NEW = reverse("manage_new")


@pytest.fixture(autouse=True)
def _one_step(settings):
    settings.STAFF_SECOND_FACTOR = False


@pytest.fixture
def editor(client):
    """An Editor of meetings who is signed in."""
    user = make.person_who_signs_in("edda", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="change_meetingseries"))
    client.force_login(user)
    return user


@pytest.fixture
def ontario(client):
    """The signed-in representative of Ontario."""
    user = representative()
    client.force_login(user)
    return user


def page_of(client, name, thing):
    return client.get(reverse(name, args=[thing.pk]))


def press(client, meeting, name, **fields):
    """Carry out an action, past the page that asks first."""
    data = {"action": name, "step": "save", **{f"{name}-{field}": value for field, value in fields.items()}}
    return client.post(reverse("manage_meeting", args=[meeting.pk]), data)


def errors(response):
    return {name: list(found) for name, found in response.context["form"].errors.items()}


# --- permissions


@pytest.mark.parametrize("name", ["manage_meetings", "manage_new"])
def test_visitors_are_sent_to_sign_in(client, name):
    assert client.get(reverse(name)).headers["Location"].startswith("/account/login/")


def test_the_second_step_is_required(client, settings):
    settings.STAFF_SECOND_FACTOR = True
    client.force_login(representative())
    assert client.get(NEW).headers["Location"] == reverse("mfa_activate_totp")


@pytest.mark.parametrize("staff", [False, True])
def test_users_who_host_nothing_get_404(client, staff):
    client.force_login(make.person_who_signs_in(is_staff=staff))
    made = series()
    addresses = [reverse("manage_meetings"), NEW, reverse("manage_series", args=[made.pk])]
    assert [client.get(address).status_code for address in addresses] == [404, 404, 404]


def test_an_ended_term_opens_nothing(client):
    client.force_login(representative())
    Representative.objects.update(ends_on=timezone.now().date() - timedelta(days=2))
    assert client.get(reverse("manage_meetings")).status_code == 404


SOMEBODY_ELSES = ["manage_series", "manage_change", "manage_publish"]


@pytest.mark.parametrize("name", SOMEBODY_ELSES)
def test_a_representative_manages_only_series_of_their_place(client, ontario, name):
    mine, others = series(region="CA-ON"), [series(region="CA-BC"), series(), series(chapter=chapter())]
    assert page_of(client, name, mine).status_code == 200
    assert [page_of(client, name, other).status_code for other in others] == [404, 404, 404]


def test_a_representative_of_a_chapter_manages_its_meetings(client):
    riverside = chapter()
    client.force_login(representative(chapter=riverside))
    mine, other = series(chapter=riverside), series(region="CA-ON")
    assert [page_of(client, "manage_series", one).status_code for one in (mine, other)] == [200, 404]


def test_a_representative_cannot_act_on_meetings_of_others(client, ontario):
    meeting = make_meeting(region="CA-BC")
    assert press(client, meeting, "cancel").status_code == 404
    meeting.refresh_from_db()
    assert meeting.is_canceled is False


@pytest.mark.parametrize("whose", ["", "CA-BC", "chapter:1", "chapter:x", "nowhere"])
def test_a_representative_adds_meetings_only_for_their_place(client, ontario, whose):
    response = client.post(NEW, said(whose=whose))
    assert list(errors(response)) == ["whose"]
    assert MeetingSeries.objects.count() == 0


@pytest.mark.parametrize("whose", ["", "CA-BC"])
def test_a_representative_cannot_move_a_series_to_another_place(client, ontario, whose):
    mine = series(region="CA-ON")
    client.post(reverse("manage_change", args=[mine.pk]), said(whose=whose, step="save"))
    mine.refresh_from_db()
    assert mine.region == "CA-ON"


def test_an_editor_adds_meetings_for_any_place_or_chapter(client, editor):
    riverside = chapter()
    of_places = [{"place": place} for place in ("Ontario", "CA", "Germany")]
    for owner in ({}, *of_places, {"whose": f"chapter:{riverside.pk}"}):
        assert client.post(NEW, said(**owner)).status_code == 302
    made = MeetingSeries.objects.values_list("region", "chapter")
    places = {("CA-ON", None), ("US-CA", None), ("DE", None)}  # "CA" is California, as in every box for a place
    assert set(made) == {("", None), *places, ("", riverside.pk)}
    assert set(Meeting.objects.values_list("region", "chapter")) == set(made)


def test_an_editor_chooses_either_a_chapter_or_a_place_and_is_asked_which_place_is_meant(client, editor):
    both = client.post(NEW, said(whose=f"chapter:{chapter().pk}", place="Ontario"))
    unclear = client.post(NEW, said(place="Georgia"))
    assert (errors(both), list(errors(unclear))) == ({"place": ["Choose either a place or a chapter."]}, ["place"])
    assert client.post(NEW, said(place="Georgia", place_meant="US-GA")).status_code == 302
    assert MeetingSeries.objects.get().region == "US-GA"


def test_an_editor_sees_the_name_of_the_place_of_a_series_and_saving_keeps_it(client, editor):
    made = series(region="CA", published=False)
    change = reverse("manage_change", args=[made.pk])
    form = client.get(change).context["form"]
    assert (form["whose"].value(), form["place"].value()) == ("", "Canada")
    client.post(change, said(place=form["place"].value(), title="Letters"))
    made.refresh_from_db()
    assert (made.title, made.region) == ("Letters", "CA")


def test_a_representative_has_no_box_for_a_place(client, ontario):
    assert "place" not in client.get(NEW).context["form"].fields


# --- adding a series


def test_a_host_adds_a_monthly_series(client, ontario):
    response = client.post(NEW, said(whose="CA-ON", weekday="3", week="-1", begins_on="2030-01-01"))
    made = MeetingSeries.objects.get()
    assert response.headers["Location"] == reverse("manage_series", args=[made.pk])
    assert (made.rhythm, made.time_of_day, made.is_published) == ("every month on the last Thursday", time(19), False)


def test_weekday_and_week_default_to_those_of_the_first_meeting(client, editor):
    client.post(NEW, said(weekday="", week="", begins_on="2030-01-08"))
    client.post(NEW, said(weekday="", week="", begins_on="2030-01-31"))
    client.post(NEW, said(weekday="", week="3", repeats="weekly", begins_on="2030-01-08"))
    client.post(NEW, said(repeats="once", begins_on="2030-01-08"))
    found = MeetingSeries.objects.order_by("repeats", "begins_on").values_list("repeats", "weekday", "week")
    assert list(found) == [("monthly", 1, 2), ("monthly", 3, -1), ("once", None, None), ("weekly", 1, None)]


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ({"begins_on": ""}, "begins_on"),
        ({"begins_on": "2030-02-30"}, "begins_on"),
        ({"begins_on": "2030-02-20", "ends_on": "2030-02-19"}, "ends_on"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"zone": ""}, "zone"),
        ({"minutes": "100000"}, "minutes"),
        ({"repeats": "RRULE:FREQ=DAILY"}, "repeats"),
        ({"weekday": "9"}, "weekday"),
        ({"week": "5"}, "week"),
    ],
)
def test_invalid_answers_get_an_error_at_their_field(client, editor, answers, wrong):
    response = client.post(NEW, said(**answers))
    assert (response.status_code, list(errors(response)), MeetingSeries.objects.count()) == (200, [wrong], 0)


def test_a_draft_is_hidden_until_a_host_previews_and_publishes_it(client, editor):
    client.post(NEW, said())
    made = MeetingSeries.objects.get()
    first = made.meetings.order_by("starts_at").first()
    address = reverse("meeting", args=[first.pk])
    assert client.get(address).status_code == 404
    seen = page_of(client, "manage_publish", made).content.decode()
    wanted = ["Not published yet", "Writing to a legislator", "Eastern Time", "live captions", "Publish this meeting?"]
    assert [words for words in wanted if words not in seen] == []
    assert client.get(address).status_code == 404
    client.post(reverse("manage_publish", args=[made.pk]))
    assert client.get(address).status_code == 200


def test_a_series_without_upcoming_meetings_cannot_be_published(client, editor):
    made = series(published=False, repeats="once", begins_on=date(2020, 1, 1))
    page = Page(page_of(client, "manage_publish", made).content.decode())
    assert "Publish" not in [words(e) for e in page.all(tag="button")]


def test_only_drafts_can_be_deleted(client, editor):
    draft, shown = series(published=False), series()
    for made in (draft, shown):
        client.post(reverse("manage_throw_away", args=[made.pk]))
    assert list(MeetingSeries.objects.all()) == [shown]
    assert client.get(reverse("manage_throw_away", args=[shown.pk])).status_code == 405


# --- the meeting link


def test_the_meeting_link_is_stored_encrypted_and_never_shown_again(client, editor):
    made = series(join_link="")
    client.post(reverse("manage_series", args=[made.pk]), {"link": LINK})
    made.refresh_from_db()
    meeting = made.meetings.first()
    assert (made.join_link, meeting.way_in) == (LINK, LINK)
    pages = [page_of(client, name, made) for name in ("manage_series", "manage_change", "manage_publish")]
    pages += [page_of(client, "manage_meeting", meeting), client.get(reverse("manage_meetings"))]
    assert ["rooms.example" in page.content.decode() for page in pages] == [False] * 5


def test_an_invalid_link_is_not_shown_again(client, editor):
    made = series()
    response = client.post(reverse("manage_series", args=[made.pk]), {"link": "http://rooms.example/j/1"})
    assert list(errors(response)) == ["link"]
    assert "rooms.example" not in response.content.decode()


@pytest.mark.parametrize("field", ["words", "content_notes"])
def test_texts_that_contain_the_link_are_refused(client, editor, field):
    made = series()
    answers = said(**{field: "Come in: ROOMS.example/j/heron-reeds-4417?pwd=1"})
    response = client.post(reverse("manage_change", args=[made.pk]), answers)
    assert list(errors(response)) == ["__all__"]


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("title", "jane@mailbox.example"),
        ("words", "[write](&#109;ailto:jane)"),
        ("content_notes", "jane\uff20mailbox.example"),
        ("sign_language", "ASL: jane@localhost"),
    ],
)
def test_a_series_refuses_email_addresses(client, editor, field, text):
    response = client.post(NEW, said(**{field: text}))
    assert (list(errors(response)), MeetingSeries.objects.count()) == ([field], 0)


def test_the_texts_of_a_meeting_refuse_email_addresses(client, editor):
    over, to_come = make_meeting(-24), make_meeting()
    address = "jane&#64;mailbox.example"
    press(client, over, "notes", notes=address, nobody_named="on")
    press(client, to_come, "topic", topic=address)
    assert [(one.notes, one.topic) for one in Meeting.objects.all()] == [("", "")] * 2


def test_a_link_that_a_text_already_contains_is_refused(client, editor):
    made = series(join_link="", words=f"Come in: {LINK}")
    response = client.post(reverse("manage_series", args=[made.pk]), {"link": LINK})
    assert list(errors(response)) == ["link"]


# --- changing a series


def test_a_change_is_previewed_before_it_is_saved(client, editor):
    made = series(region="", repeats="weekly", week=None)
    answers = said(repeats="monthly", begins_on=str(made.begins_on))
    before = list(made.meetings.order_by("pk").values_list("starts_at", "is_canceled"))
    shown = client.post(reverse("manage_change", args=[made.pk]), {**answers, "step": "check"})
    heads = [words(e) for e in Page(shown.content.decode()).all(tag="h2")]
    assert any("meetings are canceled" in head for head in heads)
    assert list(made.meetings.order_by("pk").values_list("starts_at", "is_canceled")) == before
    client.post(reverse("manage_change", args=[made.pk]), {**answers, "step": "save"})
    assert made.meetings.filter(is_left_out=True).count() > 40


def test_the_preview_leads_back_to_the_form_with_its_values(client, editor):
    made = series()
    response = client.post(reverse("manage_change", args=[made.pk]), said(title="Another title", step="change"))
    assert response.context["form"]["title"].value() == "Another title"
    made.refresh_from_db()
    assert made.title == "Writing to a legislator"


# --- one meeting


def test_a_host_moves_one_meeting_and_the_others_stay(client, editor):
    made = series()
    first, second = made.meetings.order_by("starts_at")[:2]
    day = first.begins.date() + timedelta(days=1)
    press(client, first, "move", day=day, time_of_day="18:30", minutes="60")
    moved, stayed = made.meetings.order_by("starts_at")[:2]
    assert (moved.pk, moved.begins.date(), moved.begins.time(), moved.sequence) == (first.pk, day, time(18, 30), 1)
    assert (stayed.starts_at, stayed.sequence) == (second.starts_at, 0)


def test_a_meeting_is_not_moved_into_the_past(client, editor):
    meeting = make_meeting()
    response = press(client, meeting, "move", day="2020-01-01", time_of_day="18:30", minutes="60")
    assert list(response.context["forms"]["move"].errors) == ["day"]
    assert Meeting.objects.get().sequence == 0


def test_a_host_cancels_and_restores_a_meeting_and_each_counts_once(client, editor):
    meeting = make_meeting()
    for name in ("cancel", "cancel", "restore", "restore"):
        press(client, meeting, name)
    meeting.refresh_from_db()
    assert (meeting.is_canceled, meeting.sequence) == (False, 2)


def test_a_meeting_can_have_its_own_link_and_topic(client, editor):
    made = series()
    first, second = made.meetings.order_by("starts_at")[:2]
    press(client, first, "link", link="https://rooms.example/j/tonight")
    press(client, first, "topic", topic="Tonight: the letter to the committee.")
    first, second = made.meetings.order_by("starts_at")[:2]
    assert (first.way_in, second.way_in) == ("https://rooms.example/j/tonight", LINK)
    assert (first.topic, first.sequence, second.topic) == ("Tonight: the letter to the committee.", 2, "")


def test_notes_need_a_past_meeting_and_a_confirmation(client, editor):
    over, to_come = make_meeting(-24), make_meeting()
    press(client, over, "notes", notes="We wrote three letters.")
    assert Meeting.objects.get(pk=over.pk).notes == ""
    press(client, over, "notes", notes="We wrote three letters.", nobody_named="on")
    press(client, to_come, "notes", notes="Too early.", nobody_named="on")
    assert [Meeting.objects.get(pk=one.pk).notes for one in (over, to_come)] == ["We wrote three letters.", ""]


@pytest.mark.parametrize("name", ["move", "cancel", "restore"])
def test_a_meeting_that_has_started_cannot_be_changed(client, editor, name):
    meeting = make_meeting(-1)
    tomorrow = timezone.now().date() + timedelta(days=2)
    press(client, meeting, name, day=tomorrow, time_of_day="18:30", minutes="60")
    assert Meeting.objects.get().sequence == 0


@pytest.mark.parametrize("name", ["", "delete"])
def test_an_unknown_action_changes_nothing(client, editor, name):
    meeting = make_meeting()
    assert press(client, meeting, name).status_code == 200
    assert Meeting.objects.get().sequence == 0


# --- lists


def test_a_hosts_list_takes_as_many_queries_for_thirty_as_for_one(client, editor):
    address = reverse("manage_meetings")
    one, thirty = for_one_and_thirty(meeting_of_a_series, lambda: client.get(address))
    context = client.get(address).context
    assert (one, len(context["all_series"]), len(context["meetings"])) == (thirty, 30, 30)


@pytest.mark.parametrize("name", ["manage_series", "manage_publish"])
def test_the_page_of_a_series_takes_as_many_queries_for_thirty_meetings_as_for_one(client, editor, name):
    yesterday = cast.today() - timedelta(days=1)
    made = series(repeats="once", begins_on=yesterday, chapter=cast.chapter())

    def create(number):
        day = cast.today() + timedelta(days=number + 1)
        own = {"series": made, "planned_on": day, "chapter": cast.one_of_many_chapters(number)}
        make_meeting(24 * (number + 1), notes=f"Notes {number}", **own)

    one, thirty = for_one_and_thirty(create, lambda: client.get(reverse(name, args=[made.pk])))
    assert (one, made.meetings.upcoming().count()) == (thirty, 30)
