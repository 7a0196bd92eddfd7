"""The pages of one announcement: its schedule, its test, its delivery status and what can still be undone."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from chapters.meetings.timezones import in_full
from members.announcements.services import rewrite, write_next_portion
from members.models import Announcement
from s4jr.mail.models import OutgoingEmail
from tests import make
from tests.members.announcements.cast import announcement, member, members, scheduled, send
from tests.members.announcements.test_admin import (
    ADDRESS,
    LIST,
    WORDS,
    change_of,
    facts,
    messages_on,
    page_of,
    seen_of,
)
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
State = Announcement.State


@pytest.fixture
def ada(client):
    return make.signed_in_staff(client, "ada")


class TestSchedule:
    def schedule(self, client, sent, **said):
        later = timezone.now().astimezone(ZoneInfo("Asia/Kolkata")) + timedelta(days=2)
        when = {"day": later.strftime("%Y-%m-%d"), "time_of_day": "19:30", "zone": "Asia/Kolkata", **said}
        return client.post(page_of("schedule", sent), {"seen": seen_of(client, sent), **when}, follow=True)

    def test_it_says_when_it_goes_out_that_nothing_left_and_how_to_undo(self, client, ada):
        member()
        sent = announcement()
        page = words(Page(self.schedule(client, sent).content.decode()).one(class_="messagelist"))
        sent.refresh_from_db()
        at = sent.send_at.astimezone(ZoneInfo("Asia/Kolkata"))
        assert (sent.state, sent.zone, at.strftime("%H:%M")) == (State.SCHEDULED, "Asia/Kolkata", "19:30")
        assert page.startswith("Done Scheduled. “Thursday” goes out on ")
        assert page.endswith(" No email has gone out yet. To undo, select Cancel the schedule.")
        assert "at 7:30 p.m. Kolkata time (GMT+05:30)." in page

    @pytest.mark.parametrize(
        ("said", "field", "error"),
        [
            ({"day": "2020-01-01"}, "time_of_day", "This time has passed. Enter a later one."),
            ({"zone": ""}, "zone", "Choose a time zone."),
            ({"zone": "Mars/Olympus"}, "zone", None),
            ({"day": ""}, "day", "Enter a date."),
            ({"time_of_day": ""}, "time_of_day", "Enter a time."),
        ],
    )
    def test_an_error_keeps_what_was_typed(self, client, ada, said, field, error):
        member()
        sent = announcement()
        answer = self.schedule(client, sent, **said)
        sent.refresh_from_db()
        errors = answer.context["schedule_form"].errors
        assert (sent.state, list(errors), error in [*errors[field], None]) == (State.DRAFT, [field], True)
        page = Page(answer.content.decode())
        assert page.one(name="time_of_day")["value"] == said.get("time_of_day", "19:30")
        assert "open" in page.all(tag="details")[-1]  # after the menu of the header

    def test_text_that_changed_meanwhile_is_not_scheduled_and_is_shown(self, client, ada):
        member()
        sent = announcement()
        seen = seen_of(client, sent)
        rewrite(Announcement.objects.filter(pk=sent.pk), body="Other words.")
        page = self.schedule(client, sent, seen=seen).content.decode()
        sent.refresh_from_db()
        assert (sent.state, "Check it again." in page, "Other words." in page) == (State.DRAFT, True, True)
        assert {box["value"] for box in Page(page).all(name="seen")} == {seen_of(client, sent)}

    def test_one_that_was_sent_meanwhile_is_not_scheduled(self, client, ada):
        member()
        sent = announcement()
        seen = seen_of(client, sent)
        send(sent)
        answer = client.post(page_of("schedule", sent), {"seen": seen}, follow=True)
        sent.refresh_from_db()
        assert (sent.state, answer.redirect_chain) == (State.SENDING, [(page_of("progress", sent), 302)])
        assert "Someone else acted first." in words(Page(answer.content.decode()).one(class_="messagelist"))

    def test_one_that_is_scheduled_twice_keeps_the_first_time_and_says_so(self, client, ada):
        member()
        sent = announcement()
        seen = seen_of(client, sent)
        self.schedule(client, sent, seen=seen)
        sent.refresh_from_db()
        page = client.post(page_of("schedule", sent), {"seen": seen, "time_of_day": "08:00"}, follow=True)
        assert "Someone else acted first." in page.content.decode()
        assert Announcement.objects.get(pk=sent.pk).send_at == sent.send_at

    def test_one_that_was_scheduled_meanwhile_is_not_sent_and_says_so(self, client, ada):
        member()
        sent = announcement()
        seen = seen_of(client, sent)
        self.schedule(client, sent, seen=seen)
        answer = client.post(page_of("send", sent), {"seen": seen}, follow=True)
        sent.refresh_from_db()
        assert (sent.state, OutgoingEmail.objects.count()) == (State.SCHEDULED, 0)
        assert answer.redirect_chain == [(page_of("progress", sent), 302)]
        assert "Someone else acted first." in answer.content.decode()

    def test_the_status_page_says_when_to_how_many_and_that_it_can_be_canceled(self, client, ada):
        members(5)
        sent = scheduled(hours=48)
        page = Page(client.get(page_of("progress", sent)).content.decode())
        assert words(page.one(id="state")) == "Scheduled"
        assert facts(page) == [("Who gets it", "everyone who asked for news"), ("Recipients", "5 to 9 people")]
        assert "Cancel the schedule" in [words(button) for button in page.all(tag="button")]

    def test_canceled_it_is_a_draft_again_and_says_that_nothing_left(self, client, ada):
        sent = scheduled(hours=48)
        page = client.post(page_of("action", sent, word="cancel"), follow=True).content.decode()
        sent.refresh_from_db()
        assert (sent.state, "is a draft again, and no email has gone out." in page) == (State.DRAFT, True)
        assert words(Page(page).one(tag="h1")) == "Preview before sending"

    def test_the_time_zone_of_the_last_one_is_proposed(self, client, ada):
        member(), scheduled(hours=48)
        page = client.get(page_of("look", announcement()))
        assert page.context["schedule_form"]["zone"].value() == "America/Toronto"

    def test_one_that_missed_its_time_says_so_on_its_preview(self, client, ada):
        sent = announcement(missed_at=timezone.now(), zone="America/Toronto")
        assert "didn’t go out automatically" in client.get(page_of("look", sent)).content.decode()

    def test_the_list_shows_its_time_in_its_time_zone(self, client, ada):
        sent = scheduled(hours=48)
        assert in_full("America/Toronto", sent.send_at) in client.get(LIST).content.decode()


class TestTest:
    def done(self, client, sent):
        return words(Page(client.get(page_of("look", sent)).content.decode()).one(id="tested")).partition(":")[0]

    def test_it_is_shown_as_done_until_the_text_changes(self, client, ada):
        type(ada).objects.filter(pk=ada.pk).update(address=ADDRESS)
        sent = announcement()
        seen = [self.done(client, sent)]
        client.post(page_of("test", sent))
        seen.append(self.done(client, sent))
        client.post(change_of(sent), {"audience": "news", **WORDS, "body": "Other words."})
        assert [*seen, self.done(client, sent)] == ["Not done", "Done", "Not done"]

    def test_without_an_address_it_is_not_done(self, client, ada):
        sent = announcement()
        client.post(page_of("test", sent))
        assert self.done(client, sent) == "Not done"


class TestStatus:
    @pytest.mark.parametrize(
        ("state", "undo"),
        [
            (State.SENDING, "You can pause it, or stop it for good."),
            (State.PAUSED, "You can continue, or stop it for good."),
            (State.STOPPED, "Nothing: it is stopped for good."),
            (State.SENT, "Nothing: all emails have gone out."),
        ],
    )
    def test_it_says_what_can_still_be_undone(self, client, ada, state, undo):
        sent = announcement(state=state, meant_for=9)
        page = Page(client.get(page_of("progress", sent)).content.decode())
        assert words(page.one(id="undo")).startswith(undo)

    def test_it_says_who_was_skipped_when_sending_started_and_why(self, client, ada):
        members(5), [member(6 + number, contact="none") for number in range(5)], member(17, paused_at=timezone.now())
        sent = announcement()
        send(sent)
        page = Page(client.get(page_of("progress", sent)).content.decode())
        skipped = [value for name, value in facts(page) if name == "Skipped when sending started"]
        assert skipped == ["5 to 9: asked us never to email, or gave no address"]

    @pytest.mark.parametrize("state", ["failed", "bounced", "returned"])
    def test_failed_emails_have_a_link_to_them(self, client, ada, state):
        members(6)
        sent = announcement()
        send(sent)
        write_next_portion()
        failed = OutgoingEmail.objects.filter(pk__in=OutgoingEmail.objects.values("pk")[:2])
        failed.update(state=state, sent_at=timezone.now() if state == "returned" else None)
        page = Page(client.get(page_of("progress", sent)).content.decode())
        [link] = [one["href"] for one in page.all(tag="a") if "kind=announcement" in one["href"]]
        shown = Page(client.get(link).content.decode()).all(name="_selected_action")
        assert (dict(facts(page))["Couldn’t be sent, or bounced"], len(shown)) == ("fewer than 5", 2)

    def test_a_place_with_few_people_makes_the_range_of_all_wider(self, client, ada):
        [member(number) for number in range(6)]
        member(7, region="CA-YT")
        sent = announcement("places", places="CA-ON CA-YT")
        look = Page(client.get(page_of("look", sent)).content.decode())
        send(sent)
        write_next_portion()
        status = Page(client.get(page_of("progress", sent)).content.decode())
        shown = [dict(facts(look))["Recipients"], dict(facts(status))["Recipients when sending started"]]
        assert shown == ["5 to 13 people", "5 to 13"]
        assert ["5 to 13" in messages_on(client, LIST), Announcement.objects.get(pk=sent.pk).skipped] == [True, {}]
