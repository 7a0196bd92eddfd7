"""An inbox gets two emails right away, then one list a day: no flood, and no application left out."""

import random
import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone, translation

from members.applications import confirmation_lists
from members.applications.confirmation import confirm
from members.applications.confirmation_emails import LISTS_A_WEEK
from members.applications.confirmation_lists import MOST_IN_A_LIST, ListsFailError, write_due_lists
from members.applications.descriptions import Sent
from members.applications.services import correct_address, erase_by_code, go_on_without_email, send_again
from members.models import Member, MemberLink
from members.purge import purge
from members.review.services import unflag
from members.tasks import write_confirmation_lists
from s4jr.celery import app as celery
from s4jr.crypto.blind_index import blind_index
from s4jr.mail.discreet import coalition_words_in
from s4jr.mail.mailbox import mailbox_index
from s4jr.mail.models import OutgoingEmail, Suppression
from s4jr.security.failed_steps import failures_today
from s4jr.security.status_code import code_of_form
from tests import cast, make
from tests.members.time_passes import let_pass

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def lists():
    return OutgoingEmail.objects.filter(kind="confirm-list").order_by("created_at")


def ask_often(times=3, **answers):
    return [cast.ask(message=f"number {number}", **answers) for number in range(times)]


def ends_in(email):
    return re.findall(r"code ends in (\w{3})\.", " ".join(email.body.split()))


class TestWhatItNames:
    def test_after_a_day_a_list_names_all_that_wait(self):
        asked = ask_often()
        assert (write_due_lists(), lists().count()) == (0, 0)
        let_pass(DAY)
        assert (write_due_lists(), write_due_lists()) == (1, 0)
        email = lists().get()
        assert sorted(ends_in(email)) == sorted(code_of_form(member.form_token)[-3:] for member in asked)
        assert (email.to, email.about) == (cast.ADDRESS, "")

    def test_each_link_confirms_or_deletes_its_own(self, client):
        asked = ask_often()
        let_pass(DAY)
        write_due_lists()
        paths = [path for path in cast.paths_in(lists().get().body) if "/join/confirm/" in path]
        client.post(paths[5], {"do": "delete"})
        client.post(paths[2], {"do": "confirm"})
        statuses = dict(Member.objects.values_list("pk", "status"))
        assert statuses == {asked[0].pk: "unconfirmed", asked[1].pk: "waiting"}

    def test_it_contains_no_typed_text_and_no_name(self):
        ask_often(name="Visit http://spam.example now", pronouns="buy")
        let_pass(DAY)
        write_due_lists()
        assert [word for word in ("spam", "buy", "number 1", "Canada") if word in lists().get().body] == []

    @pytest.mark.parametrize("language", ["en", "fr-ca", "es"])
    def test_it_is_discreet_if_anyone_with_the_address_chose_that(self, language):
        member = cast.waiting(contact="discreet")
        cast.put(member, "approved")
        ask_often(language=language)
        let_pass(DAY)
        write_due_lists()
        email = lists().get()
        assert (coalition_words_in(email.subject + email.body), email.language) == ([], language)

    def test_confirmed_deleted_flagged_and_corrected_applications_are_not_named(self):
        asked = ask_often(6)
        confirm(MemberLink.objects.get(member=asked[0], purpose="confirm"))
        erase_by_code(Member.objects.filter(pk=asked[1].pk))
        correct_address(Member.objects.filter(pk=asked[2].pk), "own@mailbox.example")
        Member.objects.filter(pk=asked[3].pk).update(flag_reason="honeypot")
        let_pass(DAY)
        write_due_lists()
        assert sorted(ends_in(lists().get())) == sorted(code_of_form(m.form_token)[-3:] for m in asked[4:])

    def test_a_pending_list_is_rewritten_without_what_is_gone(self):
        asked = ask_often()
        let_pass(DAY)
        write_due_lists()
        erase_by_code(Member.objects.filter(pk=asked[0].pk))
        assert (lists().count(), write_due_lists(), lists().count()) == (0, 1, 1)
        assert len(ends_in(lists().get())) == 2

    def test_if_many_wait_the_rest_comes_first_the_next_day(self):
        asked = ask_often(MOST_IN_A_LIST + 3)
        for _day in "ab":
            let_pass(DAY)
            write_due_lists()
            still_waits = Member.objects.filter(list_due_at__isnull=False)
            assert all(one.confirm_until > one.list_due_at + 6 * DAY for one in still_waits)
        first, second = (set(ends_in(email)) for email in lists())
        assert len(ends_in(lists()[0])) == MOST_IN_A_LIST
        assert {code_of_form(member.form_token)[-3:] for member in asked} == first | second


class TestHowOften:
    def test_a_flood_of_two_weeks_causes_two_emails_and_one_list_a_day_that_names_each_within_a_day(self):
        """An attacker applies at random times all day, the owner once each day. Seeded."""
        draw, waits = random.Random(15), []
        for _half_day in range(28):
            for _ in range(draw.randrange(4)):
                cast.ask(name="Attacker", message=str(draw.random()))
            mine = cast.ask(message="mine")
            let_pass(DAY / 2)
            write_due_lists()
            sent = OutgoingEmail.objects.filter(created_at__gt=timezone.now() - timedelta(days=7))
            assert sent.filter(kind="confirm").count() <= 2
            assert sent.filter(kind="confirm-list").count() <= LISTS_A_WEEK
            assert sent.filter(created_at__gt=timezone.now() - DAY + timedelta(minutes=1)).count() <= 3
            waits.append(mine)
        let_pass(DAY)
        write_due_lists()
        never_named = [member for member in waits if not member.links.filter(purpose="confirm").exists()]
        assert never_named == []

    def test_after_seven_lists_in_a_week_none_follows_until_the_week_is_over(self):
        ask_often()
        let_pass(DAY)
        write_due_lists()
        email = lists().get()
        for number in range(6):
            OutgoingEmail.objects.filter(pk=email.pk).update(created_at=timezone.now() - 2 * DAY)
            email.id, email.dedupe_key = uuid.uuid4(), f"other {number}"
            email.created_at = timezone.now() - 2 * DAY
            email.save(force_insert=True)
        send_again(Member.objects.all())
        assert write_due_lists() == 0
        due = Member.objects.first().list_due_at
        assert timezone.now() + 4 * DAY < due < timezone.now() + 6 * DAY
        let_pass(5 * DAY)
        assert write_due_lists() == 1

    def test_all_lists_together_stay_within_the_hourly_limit_of_the_site(self, settings):
        for number in range(3):
            ask_often(email=f"reader{number}@mailbox.example")
        let_pass(DAY)
        settings.CONFIRMING_EMAILS_AN_HOUR = 2
        assert (write_due_lists(), write_due_lists()) == (2, 0)

    def test_a_suppressed_address_gets_none_and_is_not_retried_each_minute(self):
        asked = ask_often()
        let_pass(DAY)
        make.stop(asked[0].email_index, Suppression.Reason.UNSUBSCRIBED)
        assert (write_due_lists(), lists().count()) == (0, 0)
        assert Member.objects.filter(list_due_at__isnull=False).count() == 0

    def test_no_application_is_named_for_longer_than_four_weeks(self):
        ask_often()
        let_pass(DAY)
        write_due_lists()
        Member.objects.update(agreed_at=timezone.now() - 29 * DAY, list_due_at=timezone.now())
        let_pass(DAY)
        assert write_due_lists() == 0

    def test_an_application_that_is_unflagged_late_is_still_named_once(self):
        """A flagged application may wait for 30 days, longer than lists name one."""
        member = cast.ask(flag_reason="honeypot")
        let_pass(29 * DAY)
        unflag(Member.objects.all(), by=make.admin("ada"))
        assert (write_due_lists(), member.links.filter(purpose="confirm").count()) == (1, 1)
        kept_until = Member.objects.get().confirm_until
        assert timezone.now() + 6 * DAY < kept_until < timezone.now() + 8 * DAY
        Member.objects.update(list_due_at=timezone.now())
        let_pass(DAY)
        assert write_due_lists() == 0

    def test_no_application_is_deleted_before_its_list_names_it(self):
        ask_often()
        Member.objects.update(confirm_until=timezone.now())
        purge(timezone.now() + 9 * DAY)
        assert Member.objects.filter(list_due_at__isnull=False).count() == Member.objects.count() == 1

    def test_beat_schedules_it(self):
        asked = {entry["task"] for entry in celery.conf.beat_schedule.values()}
        assert "members.write_confirmation_lists" in asked


class TestTaggedAddresses:
    def test_a_flood_of_a_hundred_tags_causes_two_emails_and_one_list_a_day_and_costs_the_owner_none(self):
        """For two weeks, an attacker applies at random with tagged addresses, the owner once without a tag. Seeded."""
        draw = random.Random(15)
        for day in range(14):
            for _ in range(7):
                cast.ask(email=f"ada+{draw.randrange(100)}@mailbox.example", message=str(draw.random()))
            if day == 10:
                mine = cast.ask(email="ada@mailbox.example")
                assert OutgoingEmail.objects.filter(about=mine.about, kind="confirm").count() == 1
            let_pass(DAY)
            write_due_lists(), write_due_lists()
            tagged = OutgoingEmail.objects.exclude(to_index=blind_index("ada@mailbox.example"))
            week = tagged.filter(created_at__gt=timezone.now() - timedelta(days=7))
            assert week.filter(kind="confirm").count() <= 2
            assert week.filter(kind="confirm-list").count() <= LISTS_A_WEEK
            assert week.filter(created_at__gt=timezone.now() - DAY + timedelta(minutes=1)).count() <= 3

    def test_each_address_gets_its_list_in_turn_even_if_earlier_ones_ask_again(self):
        for tag in "abcd":
            ask_often(2 if tag == "a" else 1, email=f"ada+{tag}@mailbox.example")
        for _day in range(3):
            let_pass(DAY)
            write_due_lists()
            send_again(Member.objects.filter(email_index__in=lists().values("to_index")))
        assert {"ada+c@mailbox.example", "ada+d@mailbox.example"} <= {email.to for email in lists()}

    def test_where_a_provider_ignores_tags_and_dots_one_list_covers_every_spelling(self):
        """The owner, whose address has a dot, waits a day at most, however many other spellings came first."""
        for number in range(6):
            cast.ask(email=f"rosalind+{number}@gmail.com")
            cast.ask(email="rosalind"[: number + 1] + "." + "rosalind"[number + 1 :] + "@gmail.com")
        mine = cast.ask(email="r.o.salind@gmail.com")
        tagged = cast.ask(email="r.osalind+mine@gmail.com")
        let_pass(DAY)
        assert (write_due_lists(), write_due_lists()) == (2, 0)
        named = [ends for email in lists() for ends in ends_in(email)]
        assert {code_of_form(member.form_token)[-3:] for member in (mine, tagged)} <= set(named)

    def test_elsewhere_no_list_names_an_application_of_another_address(self):
        for tag in "abcd":
            cast.ask(email=f"ada+{tag}@mailbox.example")
        let_pass(DAY)
        write_due_lists()
        [email] = lists()
        theirs = Member.objects.get(email_index=email.to_index)
        assert ends_in(email) == [code_of_form(theirs.form_token)[-3:]]

    def test_a_suppressed_spelling_does_not_block_the_others(self):
        for number in range(3):
            stopped = cast.ask(email="rosalind@gmail.com", message=str(number))
        mine = cast.ask(email="ros.alind@gmail.com")
        make.stop(stopped.email_index, Suppression.Reason.UNSUBSCRIBED)
        let_pass(DAY)
        while Member.objects.filter(list_due_at__lte=timezone.now()).exists():
            write_due_lists()
        [email] = lists()
        assert (email.to, ends_in(email)) == ("ros.alind@gmail.com", [code_of_form(mine.form_token)[-3:]])

    def test_a_pending_list_to_another_spelling_is_rewritten_without_what_is_gone(self):
        asked = [cast.ask(email=f"rosalind+{number}@gmail.com") for number in range(4)]
        let_pass(DAY)
        write_due_lists()
        erase_by_code(Member.objects.filter(pk=asked[3].pk))
        assert (lists().count(), write_due_lists(), lists().count()) == (0, 1, 1)
        assert code_of_form(asked[3].form_token)[-3:] not in ends_in(lists().get())

    def test_an_abandoned_address_leaves_no_inbox_index(self):
        member = cast.ask(email="ada+news@mailbox.example")
        assert member.limit_index == mailbox_index("ada@mailbox.example")
        correct_address(Member.objects.filter(pk=member.pk), "ada@mailbox.example")
        corrected = Member.objects.get().limit_index
        correct_address(Member.objects.filter(pk=member.pk), "bo+news@mailbox.example")
        go_on_without_email(Member.objects.filter(pk=member.pk))
        assert (corrected, Member.objects.get().limit_index) == (None, None)


class TestSendItAgain:
    def press(self, client, member):
        return client.post("/my-details/", {"code": code_of_form(member.form_token), "do": "send_again"}, follow=True)

    def test_the_application_is_added_to_the_next_list(self, client):
        member = cast.ask()
        assert "Your request will be in the next email" in self.press(client, member).content.decode()
        assert write_due_lists() == 0
        let_pass(DAY)
        assert (write_due_lists(), ends_in(lists().get())) == (1, [code_of_form(member.form_token)[-3:]])

    def test_repeating_it_still_causes_one_list_a_day(self, client):
        member = cast.ask()
        for _day in range(3):
            for _ in range(5):
                self.press(client, member)
                write_due_lists()
            let_pass(DAY)
        assert lists().count() == 2

    def test_everyone_gets_the_same_page(self, client):
        known = cast.waiting()
        cast.put(known, "approved")
        pages = set()
        for member in (cast.ask(), cast.ask(email="fresh@mailbox.example"), cast.ask(flag_reason="honeypot")):
            page = self.press(client, member).content.decode()
            page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
            pages.add(page.replace(code_of_form(member.form_token), "CODE"))
        assert len(pages) == 1

    def test_it_is_kept_until_its_link_expires_but_not_forever(self, client):
        member = cast.ask()
        let_pass(7 * DAY)
        self.press(client, member)
        kept_until = Member.objects.get().confirm_until
        assert timezone.now() + 6 * DAY < kept_until < timezone.now() + 9 * DAY
        Member.objects.update(agreed_at=timezone.now() - 29 * DAY)
        self.press(client, member)
        assert Member.objects.get().confirm_until == kept_until

    def test_a_confirmed_one_is_not_sent_again(self, client):
        member = cast.waiting()
        self.press(client, member)
        assert Member.objects.get().list_due_at is None


class TestOneThatFails:
    def break_column(self, member, *columns):
        with connection.cursor() as cursor:
            for column in columns:
                cursor.execute(f"UPDATE members_member SET {column}='v1.gone.AAAA' WHERE id=%s", [member.pk])

    def test_stops_no_other(self, caplog):
        broken = ask_often(email="broken@mailbox.example")
        ask_often(email="whole@mailbox.example")
        let_pass(DAY)
        for member in broken:
            self.break_column(member, "email")
        assert (write_due_lists(), [email.to for email in lists()]) == (1, ["whole@mailbox.example"])
        assert "could not be written: DecryptionError" in caplog.text
        later = Member.objects.filter(list_due_at__gt=timezone.now()).values_list("pk", flat=True)
        assert list(later) == [broken[2].pk]

    def test_a_broken_answer_does_not_keep_an_application_off_the_list(self):
        asked = ask_often()
        let_pass(DAY)
        self.break_column(asked[0], "email", "name", "message")
        assert (write_due_lists(), len(ends_in(lists().get()))) == (1, 3)

    def test_is_retried_later_and_not_each_minute(self, monkeypatch):
        self.make_lists_fail(monkeypatch)
        write_due_lists(), write_due_lists()
        assert len(self.tries) == 1

    def make_lists_fail(self, monkeypatch):
        ask_often()
        let_pass(DAY)
        self.tries = []

        def fail(*_said, **_more):
            self.tries.append(1)
            raise ZeroDivisionError

        monkeypatch.setattr(confirmation_lists.emails, "confirm_list", fail)

    def test_the_task_fails_until_the_list_is_sent(self, monkeypatch):
        """So it sets no heartbeat for `/readyz`, not even in the hour without a retry."""
        with monkeypatch.context() as broken:
            self.make_lists_fail(broken)
            for _run in "ab":
                with pytest.raises(ListsFailError):
                    write_confirmation_lists()
        assert failures_today()["steps"] == 1
        let_pass(timedelta(hours=1))
        assert (write_confirmation_lists(), lists().count()) == (None, 1)

    def test_an_undecryptable_value_is_counted_and_does_not_fail_the_task(self):
        for member in ask_often():
            self.break_column(member, "email")
        let_pass(DAY)
        assert (write_confirmation_lists(), failures_today()) == (None, {"steps": 0, "rows": 1})


def test_times_are_shown_with_their_time_zone():
    with translation.override("en"):
        assert str(Sent(datetime(2026, 11, 28, 21, 5, tzinfo=UTC), "7WP")) == (
            "Sent on Saturday, November 28, 2026 at 4:05 p.m. Eastern Time. The code ends in 7WP."
        )
