"""Lists with one entry for each series: on the list of meetings, and the page of a series."""

import re
from datetime import date, time, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from chapters.meetings.series_list import OTHER_DATES, entry_page
from chapters.meetings.services import cancel_meeting, change_meetings, move_meeting
from chapters.models import Meeting, MeetingHost, Representative
from tests import make
from tests.chapters.cast import one_of_many_chapters
from tests.chapters.meetings.meetings import chapter, make_meeting, representative, series
from tests.query_counts import for_one_and_thirty
from tests.reading import Page, words

pytestmark = pytest.mark.django_db


def weekly(**said):
    """A series on Tuesdays from two days on: no date of it begins while a test runs."""
    begins_on = timezone.now().date() + timedelta(days=2)
    return series(repeats="weekly", **{"title": "Quiet hour", "begins_on": begins_on, **said})


def upcoming(made):
    return list(made.meetings.upcoming())


def listed(**filters):
    return entry_page(Meeting.objects.for_everybody().upcoming().filter(**filters)).entries


def page_of(client, address):
    return Page(client.get(address).content.decode())


def series_page(client, made):
    return page_of(client, f"/meetings/series/{made.pk}/")


class TestEntries:
    def test_a_series_of_a_year_is_one_entry_with_its_next_dates(self):
        made, single = weekly(), make_meeting(1, title="Letters together")
        dates = upcoming(made)
        first, entry = listed()
        assert (first.meeting, first.series, first.others, first.rule) == (single, None, [], "")
        assert (entry.meeting, entry.series, entry.others) == (dates[0], made, dates[1 : OTHER_DATES + 1])

    def test_a_single_meeting_of_a_series_has_no_rule(self):
        made = series(repeats="once", begins_on=timezone.now().date() + timedelta(days=9))
        (entry,) = listed()
        assert (entry.meeting.series, entry.series, entry.rule) == (made, None, "")

    def test_the_next_date_is_the_first_that_takes_place(self):
        made = weekly()
        dates = upcoming(made)
        cancel_meeting(Meeting.objects.filter(pk=dates[0].pk))
        (entry,) = listed()
        assert (entry.meeting, entry.others[0]) == (dates[1], dates[0])
        assert entry.others[0].is_canceled

    def test_a_series_with_every_date_canceled_shows_the_first(self):
        made = weekly()
        made.meetings.update(is_canceled=True)
        (entry,) = listed()
        assert (entry.meeting, entry.meeting.is_canceled) == (upcoming(made)[0], True)

    def test_entries_are_in_the_order_of_the_next_date_that_takes_place(self):
        made = weekly()
        first = upcoming(made)[0]
        make_meeting(starts_at=first.starts_at + timedelta(days=1), title="Letters together")
        assert [entry.meeting.title for entry in listed()] == ["Quiet hour", "Letters together"]
        cancel_meeting(Meeting.objects.filter(pk=first.pk))
        assert [entry.meeting.title for entry in listed()] == ["Letters together", "Quiet hour"]

    def test_the_rule_is_a_sentence_in_the_time_zone_of_the_series(self):
        weekly(begins_on=date(2027, 1, 1), time_of_day=time(19), zone="America/Toronto")
        (entry,) = listed()
        assert entry.rule == "Every week on Tuesday at 7:00 p.m. Eastern Time"

    def test_only_dates_that_match_are_in_an_entry(self):
        made = weekly()
        second = upcoming(made)[1]
        Meeting.objects.filter(pk=second.pk).update(topic="The heron bill")
        (entry,) = entry_page(Meeting.objects.upcoming().about(["heron"])).entries
        assert (entry.meeting, entry.others) == (second, [])


class TestTheList:
    def test_it_has_a_fold_with_six_other_dates_and_links_to_the_series(self, client):
        made = weekly()
        dates = upcoming(made)
        page = page_of(client, "/meetings/")
        assert [words(e) for e in page.all(tag="h3")] == ["Quiet hour"]
        links = [e["href"] for e in page.all(tag="a") if re.match("/meetings/.+-", e.get("href", ""))]
        assert links == [*(f"/meetings/{one.pk}/" for one in dates[:7]), f"/meetings/series/{made.pk}/"]
        assert "Every week on Tuesday" in client.get("/meetings/").text

    def test_it_says_how_people_meet(self, client):
        make_meeting(1, format="in_person", city="Toronto"), make_meeting(2, format="phone"), make_meeting(3)
        said = [words(e) for e in page_of(client, "/meetings/").all(tag="p", class_="source")]
        assert [text.rpartition(" · ")[2] for text in said] == ["In person in Toronto", "By phone", "Online"]

    def test_thirty_series_take_as_many_queries_as_one(self, client):
        def create(number):
            weekly(chapter=one_of_many_chapters(number), title=f"Circle {number}", weekday=number % 7)

        one, thirty = for_one_and_thirty(create, lambda: client.get("/meetings/?page=2"))
        assert (one, len(page_of(client, "/meetings/?page=2").all(tag="h3"))) == (thirty, 30)


class TestTheSeriesPage:
    def test_it_has_the_rule_the_next_dates_and_past_ones_with_notes(self, client):
        made = weekly(words="We write **side by side**.", languages="English, French", format="phone")
        dates = upcoming(made)
        past = make_meeting(
            -24 * 7, series=made, planned_on=timezone.now().date() - timedelta(days=7), notes="We wrote."
        )
        make_meeting(-24 * 14, series=made, planned_on=timezone.now().date() - timedelta(days=14))
        page = series_page(client, made)
        text = words(page.one(id="main"))
        wanted = ["Every week on Tuesday", "By phone · Languages: English, French", "We write side by side."]
        assert [part for part in wanted if part not in text] == []
        links = [e["href"] for e in page.all(tag="a") if re.match("/meetings/[0-9a-f]+-", e.get("href", ""))]
        assert links == [*(f"/meetings/{one.pk}/" for one in dates[:12]), f"/meetings/{past.pk}/#notes"]

    def test_it_marks_moved_and_canceled_dates(self, client):
        made = weekly()
        first, second = upcoming(made)[:2]
        cancel_meeting(Meeting.objects.filter(pk=first.pk))
        day = timedelta(days=1)
        move_meeting(Meeting.objects.filter(pk=second.pk), second.starts_at + day, second.ends_at + day)
        said = [words(e) for e in series_page(client, made).all(tag="li") if "Eastern Time" in e["text"]]
        assert [text.rpartition(" · ")[2] for text in said[:2]] == ["canceled", "moved"]

    @pytest.mark.parametrize("hidden", [{"audience": "members"}, {"audience": "representatives"}, {"published": False}])
    def test_a_series_that_is_not_for_everyone_has_none(self, client, hidden):
        assert client.get(f"/meetings/series/{weekly(**hidden).pk}/").status_code == 404

    def test_without_a_date_it_says_so(self, client):
        made = weekly()
        made.meetings.all().delete()
        assert "No dates are scheduled right now." in words(series_page(client, made).one(id="main"))

    def test_it_sets_no_cookie_and_may_be_cached(self, client):
        response = client.get(f"/meetings/series/{weekly().pk}/")
        assert (dict(response.cookies), response["Cache-Control"]) == ({}, "no-cache")

    def test_thirty_dates_take_as_many_queries_as_one(self, client):
        made = weekly(chapter=chapter())
        made.meetings.all().delete()

        def create(number):
            day = timezone.now().date() + timedelta(days=number + 1)
            make_meeting(24 * (number + 1), series=made, planned_on=day, chapter=made.chapter)
            make_meeting(
                -24 * (number + 1), series=made, planned_on=day - timedelta(days=90), chapter=made.chapter, notes="N."
            )

        one, thirty = for_one_and_thirty(create, lambda: client.get(f"/meetings/series/{made.pk}/"))
        assert one == thirty


class TestHosts:
    def host(self, made, user, shown_name):
        return MeetingHost.objects.create(series=made, user=user, shown_name=shown_name)

    def hosted_by(self, client, made):
        addresses = (f"/meetings/series/{made.pk}/", f"/meetings/{upcoming(made)[0].pk}/")
        return [[words(e) for e in page_of(client, one).all(tag="p") if "Hosts" in e["text"]] for one in addresses]

    def test_only_hosts_who_wrote_a_name_are_named(self, client):
        made = weekly()
        assert self.hosted_by(client, made) == [[], []]
        self.host(made, representative("imogen"), "Imogen"), self.host(made, representative("bram"), "")
        self.host(made, representative("cleo"), "Cleo T.")
        assert self.hosted_by(client, made) == [["Hosts: Imogen, Cleo T."]] * 2

    def test_a_page_that_names_someone_is_not_for_search_engines(self, client):
        made = weekly()
        assert '<meta name="robots" content="noindex">' not in client.get(f"/meetings/series/{made.pk}/").text
        self.host(made, representative(), "Imogen")
        for address in (f"/meetings/series/{made.pk}/", f"/meetings/{upcoming(made)[0].pk}/"):
            assert '<meta name="robots" content="noindex">' in client.get(address).text

    def test_an_editor_is_named_as_long_as_they_may_host(self, client):
        made, editor = weekly(), make.person_who_signs_in("edda", is_staff=True)
        self.host(made, editor, "Edda")
        assert self.hosted_by(client, made) == [[], []]
        editor.user_permissions.add(Permission.objects.get(codename="change_meetingseries"))
        assert self.hosted_by(client, made) == [["Hosts: Edda"]] * 2

    @pytest.mark.parametrize("end", ["the term ends", "the user is deactivated"])
    def test_a_host_who_may_host_no_more_is_not_named(self, client, end):
        made, user = weekly(), representative()
        self.host(made, user, "Imogen")
        if end == "the term ends":
            today = timezone.now().date()
            Representative.objects.update(begins_on=today - timedelta(days=90), ends_on=today - timedelta(days=30))
        else:
            user.is_active = False
            user.save()
        assert self.hosted_by(client, made) == [[], []]


class TestACanceledMeeting:
    def test_shows_the_reason_and_the_next_date_of_its_series(self, client):
        made = weekly()
        first, second = upcoming(made)[:2]
        change_meetings(Meeting.objects.filter(pk=first.pk), is_canceled=True, change_reason="The host is ill.")
        (notice,) = page_of(client, f"/meetings/{first.pk}/").all(class_="notice")
        assert "Reason: The host is ill." in words(notice)
        assert f'href="/meetings/{second.pk}/"' in client.get(f"/meetings/{first.pk}/").text

    def test_names_no_date_that_is_not_for_everyone_or_does_not_take_place(self, client):
        made = weekly()
        first, *others = upcoming(made)
        cancel_meeting(Meeting.objects.filter(pk=first.pk))
        pks = [meeting.pk for meeting in others]
        for hidden in ({"is_canceled": True}, {"is_published": False}, {"audience": "members"}):
            shown = {"is_canceled": False, "is_published": True, "audience": "public"}
            Meeting.objects.filter(pk__in=pks).update(**{**shown, **hidden})
            assert "The next date of this series" not in client.get(f"/meetings/{first.pk}/").text

    def test_a_moved_one_says_why(self, client):
        meeting = make_meeting(is_moved=True, change_reason="The room was taken.")
        (notice,) = page_of(client, f"/meetings/{meeting.pk}/").all(class_="notice")
        assert words(notice).endswith("Reason: The room was taken.")
