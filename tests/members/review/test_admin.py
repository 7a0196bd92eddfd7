"""Review in the admin: lists without names, a reason for each opening, changes by POST only."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from members.applications.confirmation_lists import write_due_lists
from members.applications.status_code import public_status
from members.applications.ways_to_help import ways_in_words
from members.models import Member
from members.review.forms import EndMembershipForm
from members.review.record_access import RECORD
from members.review.services import approve, end_grace_periods
from members.review.versions import with_version
from s4jr.audit.models import AccessLog
from s4jr.audit.services import log_access
from s4jr.crypto.fields import encrypted_fields
from s4jr.days import westernmost_today
from s4jr.mail.models import OutgoingEmail
from tests import cast, make
from tests.query_counts import for_one_and_thirty
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
QUEUE = reverse("admin:members_member_changelist")
READ = reverse("admin:members_member_read")
NEXT_WEEK = timezone.now().date() + timedelta(days=7)
WHY = {"reason_kind": "not_a_fit", "reason": "r"}
CANARIES = [cast.NAME, "first@", "heron"]


@pytest.fixture
def ada(client):
    return make.signed_in_staff(client, "ada")


def record(member):
    return reverse("admin:members_member_change", args=[member.pk])


def open_record(client, member, reason="they wrote to us"):
    return client.post(record(member), {"reason": reason}, follow=True)


def press(client, word, member, **more):
    address = reverse("admin:members_member_action", args=[member.pk, word])
    return client.post(address, more, follow=True).content.decode()


def page(word, member):
    return reverse(f"admin:members_member_{word}", args=[member.pk])


def status(member):
    member.refresh_from_db()
    return member.status


def start_reading(client):
    return client.post(reverse("admin:members_member_start_reading"), follow=True).content.decode()


class TestTheQueue:
    def test_it_opens_with_waiting_applications_oldest_first_without_names(self, client, ada):
        second = cast.waiting(email="second@mailbox.example")
        first = cast.waiting(email="first@mailbox.example")
        Member.objects.filter(pk=first.pk).update(received_on="2026-01-01")
        cast.ask(email="unconfirmed@mailbox.example")
        answer = client.get(QUEUE)
        words = answer.content.decode()
        assert list(answer.context["cl"].result_list) == [first, second]
        assert "Ontario" in words
        assert "overdue" in words
        assert [canary for canary in CANARIES if canary in words] == []

    def test_it_takes_the_same_queries_for_one_and_for_thirty(self, client, ada):
        counts = for_one_and_thirty(cast.one_of_many, lambda: client.get(QUEUE))
        assert (counts, client.get(QUEUE).context["cl"].result_count) == ((7, 7), 30)

    def test_it_reads_no_encrypted_column(self, client, ada):
        cast.waiting()
        with CaptureQueriesContext(connection) as asked:
            client.get(QUEUE)
        [listed] = [query["sql"] for query in asked if '"received_on"' in query["sql"]]
        assert [field.name for field in encrypted_fields(Member) if f'"{field.column}"' in listed] == []


class TestARecord:
    def test_it_describes_stored_codes_in_words(self, client, ada):
        member = cast.waiting(language="fr-ca", ways_to_help="policy media")
        page = Page(open_record(client, member).content.decode())
        shown = {name: words(page.one(class_=f"form-row field-{name}")) for name in ("language", "ways_to_help")}
        assert member.language_name in shown["language"]
        assert ways_in_words("policy media") in shown["ways_to_help"]
        assert ["fr-ca" in shown["language"], "policy media" in shown["ways_to_help"]] == [False, False]

    def test_it_asks_for_a_reason_before_anything_is_shown(self, client, ada):
        member = cast.waiting()
        words = client.get(record(member)).content.decode()
        assert "Why are you opening this record?" in words
        assert [canary for canary in [cast.NAME, cast.ADDRESS, "heron"] if canary in words] == []
        assert AccessLog.objects.filter(action="opened").count() == 0

    def test_opening_it_shows_everything_and_logs_the_reason_encrypted(self, client, ada):
        member = cast.waiting()
        words = open_record(client, member).content.decode()
        assert [canary for canary in (cast.NAME, cast.ADDRESS, cast.MESSAGE) if canary not in words] == []
        [entry] = AccessLog.objects.filter(action="opened")
        assert (entry.who, entry.object_id, entry.reason) == ("ada", member.number, "they wrote to us")
        assert "name" in entry.field_names.split()

    def test_without_a_reason_it_stays_closed(self, client, ada):
        member = cast.waiting()
        assert cast.NAME not in open_record(client, member, reason=" ").content.decode()

    def test_a_reason_for_one_opens_no_other(self, client, ada):
        member, other = cast.waiting(), cast.waiting(email="other@mailbox.example", name="Bertil Testperson")
        open_record(client, member)
        assert "Bertil" not in client.get(record(other)).content.decode()

    def test_none_of_it_is_editable(self, client, ada):
        member = cast.waiting()
        client.post(record(member), {"status": "approved", "name": "x", "reason": "r"})
        assert (status(member), member.name) == (Member.Status.WAITING, cast.NAME)

    def test_reviewers_do_not_see_the_relation(self, client, ada):
        member = cast.waiting(relation="survivor")
        assert "A survivor" not in open_record(client, member).content.decode()

    def test_a_pending_email_is_shown(self, client, ada):
        member = cast.waiting()
        approve(member.as_read, by=ada)
        assert "An email to this person hasn’t gone out yet: welcome." in open_record(client, member).content.decode()


class TestActions:
    def test_an_unopened_application_cannot_be_approved(self, client, ada):
        member = cast.waiting()
        assert "Open the record first." in press(client, "approve", member)
        assert status(member) == Member.Status.WAITING

    def test_approve_says_whom_and_writes_one_email(self, client, ada):
        member = cast.waiting()
        open_record(client, member)
        said = f"{cast.NAME} (No. {member.number}) is approved. The welcome email goes out now."
        assert said in press(client, "approve", member)
        assert f"Nothing changed: No. {member.number} already has the status" in press(client, "approve", member)
        assert OutgoingEmail.objects.filter(kind="welcome").count() == 1

    @pytest.mark.parametrize("word", ["unflag", "skip", "same"])
    def test_viewing_changes_nothing(self, client, ada, word):
        member = cast.waiting()
        assert client.get(page(word, member)).status_code == 405
        address = reverse("admin:members_member_action", args=[member.pk, "approve"])
        assert client.get(address).status_code == 405
        assert status(member) == Member.Status.WAITING

    def test_an_unknown_action_is_a_404(self, client, ada):
        address = reverse("admin:members_member_action", args=[cast.waiting().pk, "withdraw"])
        assert client.post(address).status_code == 404

    def test_not_now_asks_for_confirmation_with_the_name_and_the_email(self, client, ada):
        member = cast.waiting()
        open_record(client, member)
        words = client.get(page("not_now", member)).content.decode()
        assert cast.NAME in words
        assert "We can&#x27;t welcome you right now." in words
        assert status(member) == Member.Status.WAITING
        client.post(page("not_now", member), {**WHY, "email": "Dear Rosalind,\r\nnot now.\r\n"})
        assert (status(member), member.parting_email) == (Member.Status.DECLINING, "Dear Rosalind,\nnot now.\n")
        press(client, "undo", member)
        assert status(member) == Member.Status.WAITING

    def test_not_now_asks_for_one_of_four_reasons(self, client, ada):
        member = cast.waiting()
        open_record(client, member)
        choices = Page(client.get(page("not_now", member)).content.decode()).all(tag="input", type="radio")
        assert [choice["value"] for choice in choices] == ["not_a_fit", "incomplete", "safety", "other"]
        answer = client.post(page("not_now", member), {"email": "Dear", "reason": "some words"}).content.decode()
        assert ("Choose a reason." in answer, status(member)) == (True, Member.Status.WAITING)
        client.post(page("not_now", member), {"email": "Dear", "reason_kind": "safety"})
        assert (status(member), member.reason_kind, member.reason) == (Member.Status.DECLINING, "safety", "")
        press(client, "undo", member)
        member.refresh_from_db()
        assert member.reason_kind == ""

    def test_the_draft_wraps_in_its_box_and_leaves_as_previewed(self, client, ada):
        member = cast.waiting()
        open_record(client, member)
        draft = Page(client.get(page("not_now", member)).content.decode()).one(name="email")["text"].strip("\n")
        assert max(len(line) for line in draft.splitlines()) > 72
        shown = client.post(page("not_now", member), {**WHY, "email": draft, "preview": "1"}).content.decode()
        preview = Page(shown).one(tag="pre")["text"]
        assert ("Subject: About your request" in shown, status(member)) == (True, Member.Status.WAITING)
        assert max(len(line) for line in preview.splitlines()) <= 72
        client.post(page("not_now", member), {**WHY, "email": draft})
        Member.objects.update(effective_at=timezone.now())
        end_grace_periods(Member.objects.all())
        assert OutgoingEmail.objects.get().body.strip() == preview.strip()

    def test_an_incomplete_form_has_no_preview(self, client, ada):
        member = cast.waiting(contact="discreet")
        open_record(client, member)
        said = {**WHY, "email": "Dear Rosalind, the coalition says no.", "preview": "1"}
        page_of_words = Page(client.post(page("not_now", member), said).content.decode())
        assert page_of_words.all(tag="pre") == []

    def test_the_email_of_the_end_of_a_membership_can_be_previewed(self, client, ada):
        member = cast.waiting()
        cast.put(member, "approved")
        open_record(client, member)
        said = {"next_step": "a talk", "next_step_on": NEXT_WEEK, "answer_to": "Cleo", "preview": "1"}
        shown = Page(client.post(page("end_membership", member), said).content.decode()).one(tag="pre")["text"]
        assert (f"a talk, on {NEXT_WEEK}" in shown, status(member)) == (True, Member.Status.APPROVED)

    def test_a_discreet_email_cannot_be_made_telling(self, client, ada):
        member = cast.waiting(contact="discreet")
        open_record(client, member)
        answer = client.post(page("not_now", member), {**WHY, "email": "Dear Rosalind, the coalition says no."})
        assert "Take out: coalition." in answer.content.decode()
        assert status(member) == Member.Status.WAITING

    def test_if_two_admins_are_needed_the_first_one_proposes(self, client, ada, settings):
        settings.DECLINE_NEEDS_TWO = True
        member = cast.waiting()
        open_record(client, member)
        answer = client.post(page("not_now", member), {**WHY, "email": "Dear"}, follow=True)
        assert "You proposed “Not now” for No." in answer.content.decode()
        assert status(member) == Member.Status.WAITING

    def test_ending_membership_names_a_dated_step_and_a_contact(self, client, ada):
        member = cast.waiting()
        approve(member.as_read, by=ada)
        open_record(client, member)
        client.post(page("end_membership", member), {"next_step": "a talk with two of us"})
        assert status(member) == Member.Status.APPROVED
        said = {
            "next_step": "a talk with two of us",
            "next_step_on": NEXT_WEEK,
            "answer_to": "Cleo, on the telephone",
        }
        client.post(page("end_membership", member), said)
        assert status(member) == Member.Status.ENDING_MEMBERSHIP
        assert f"a talk with two of us, on {NEXT_WEEK}" in " ".join(member.parting_email.split())
        assert "Cleo, on the telephone" in " ".join(member.parting_email.split())

    @pytest.mark.parametrize("days", [-1, 30])
    def test_a_next_step_is_on_a_date_when_they_are_still_in_the_database(self, client, ada, days):
        """The first day is today in the westernmost time zone; the last one counts in UTC, as retention does."""
        member = cast.waiting()
        approve(member.as_read, by=ada)
        open_record(client, member)
        first = westernmost_today() if days < 0 else timezone.now().date()
        day = first + timedelta(days=days)
        said = {"next_step": "a talk with two of us", "next_step_on": day, "answer_to": "Cleo"}
        assert "within the next 30 days" in client.post(page("end_membership", member), said).content.decode()
        assert status(member) == Member.Status.APPROVED

    def test_a_next_step_can_be_today_if_today_is_not_over(self, monkeypatch):
        """At 5 p.m. in Vancouver it is tomorrow in UTC."""
        monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 12, 1, 1, tzinfo=UTC))
        form = EndMembershipForm.__new__(EndMembershipForm)
        form.cleaned_data = {"next_step_on": date(2026, 11, 30)}
        assert form.clean_next_step_on() == date(2026, 11, 30)

    def test_a_next_step_that_took_place_leaves_the_list(self, client, ada):
        member = cast.waiting()
        cast.put(member, "membership_ended", next_step_on=NEXT_WEEK)
        assert "Mark the next step as done" in open_record(client, member).content.decode()
        press(client, "note-next-step", member)
        member.refresh_from_db()
        assert (member.status, member.next_step_on) == ("membership_ended", None)
        assert AccessLog.objects.filter(action="changed", field_names="next_step_on").count() == 1

    def test_a_flagged_application_can_be_unflagged(self, client, ada):
        member = cast.ask(flag_reason="too_fast")
        words = client.post(page("unflag", member), follow=True).content.decode()
        assert ("1 application marked as not spam." in words, write_due_lists()) == (True, 1)
        assert f"go out within a few minutes: No. {member.number}." in words

    def test_admins_who_may_decide_in_bulk_can_unflag_a_selection(self, client, ada):
        held = [cast.ask(email=f"reader{number}@mailbox.example", flag_reason="too_many") for number in range(2)]
        tick = {"action": "unflag_selected", "_selected_action": [member.pk for member in held]}
        words = client.post(f"{QUEUE}?status=all&flagged=1", tick, follow=True).content.decode()
        assert ("2 applications marked as not spam." in words, Member.objects.exclude(flag_reason="").count()) == (
            True,
            0,
        )

    def test_no_selection_can_be_approved(self, client, ada):
        """Who is approved was read: one after the other, in the review or from an opened record."""
        member = cast.waiting()
        open_record(client, member)
        offered = Page(client.get(QUEUE).content.decode()).all(tag="option")
        assert [option["value"] for option in offered if "approve_" in option.get("value", "")] == []
        client.post(QUEUE, {"action": "approve_selected", "_selected_action": [member.pk]})
        assert status(member) == Member.Status.WAITING

    def test_records_that_another_admin_opened_do_not_count(self, client, ada):
        member = cast.waiting()
        shown = with_version(member, RECORD)
        log_access(who=make.admin("bo"), action=AccessLog.Action.OPENED, records=[member], field_names=shown)
        assert "Open the record first." in press(client, "approve", member)
        assert status(member) == Member.Status.WAITING

    @pytest.mark.parametrize(("word", "status"), [("not_now", "approved"), ("end_membership", "waiting")])
    def test_a_page_that_was_open_during_another_admins_decision_can_still_be_read(self, client, ada, word, status):
        member = cast.waiting()
        open_record(client, member)
        cast.put(member, status)
        assert client.get(page(word, member)).status_code == 200


class TestReviewSession:
    def people(self, count):
        return [cast.waiting(email=f"reader{n}@mailbox.example", name=f"Person {n * 1111} Test") for n in range(count)]

    def test_it_shows_the_oldest_first_each_once_and_logs_each_opening(self, client, ada):
        first, second, third = self.people(3)
        assert first.name in start_reading(client)
        assert second.name in press(client, "approve", first, review_session=1)
        skipped = client.post(page("skip", second), {"review_session": 1}, follow=True).content.decode()
        assert third.name in skipped
        assert "You’ve seen every application that’s waiting." in press(client, "keep-waiting", third, review_session=1)
        assert [status(member) for member in (first, second, third)] == ["approved", "waiting", "on_hold"]
        openings = AccessLog.objects.filter(action="opened").order_by("pk")
        assert [entry.object_id for entry in openings] == [first.number, second.number, third.number]
        assert {entry.reason for entry in openings} == {"reviewing applications"}

    def test_messages_are_folded_and_the_relation_is_hidden(self, client, ada):
        cast.waiting(relation="survivor", message="The heron.")
        words = start_reading(client)
        assert "survivor" not in words[words.index("<article") : words.index("<aside")].lower()
        assert words.index("Show what they wrote") < words.index("The heron.")
        assert "<details>" in words[: words.index("Show what they wrote")]

    def test_not_now_continues_with_the_next(self, client, ada):
        first, second = self.people(2)
        start_reading(client)
        answer = client.post(
            f"{page('not_now', first)}?review_session=1", {"email": "Dear", "reason_kind": "other"}, follow=True
        )
        assert second.name in answer.content.decode()
        assert status(first) == Member.Status.DECLINING

    def test_a_duplicate_is_closed_without_an_email_and_the_other_kept(self, client, ada):
        first = cast.waiting()
        second = cast.waiting(email="other@mailbox.example")
        assert f"Possible duplicate of No. {second.number}" in start_reading(client)
        client.post(page("same", first), {"kept": second.number, "review_session": 1})
        approve(Member.objects.undecided(), by=ada)
        assert [status(member) for member in (first, second)] == ["closed", "approved"]
        assert (first.same_as, public_status(first)) == (second, "welcomed")
        assert [email.about for email in OutgoingEmail.objects.all()] == [second.about]

    def test_possible_duplicates_are_logged(self, client, ada):
        """Someone could apply under a guessed name to find that person; the access log names the admin."""
        guess = cast.waiting()
        there = [cast.waiting(email=f"other{number}@mailbox.example") for number in range(12)]
        start_reading(client)
        rows = AccessLog.objects.filter(action="searched", who="ada").order_by("pk")
        assert [row.object_id for row in rows] == [member.number for member in there[-10:]]
        assert {(row.field_names, row.reason) for row in rows} == {
            ("name", f"possible duplicate of No. {guess.number}")
        }

    def test_no_application_is_shown_outside_a_review_session(self, client, ada):
        cast.waiting()
        assert client.get(READ).status_code == 302
        assert AccessLog.objects.filter(action="opened").count() == 0

    def test_the_queue_has_its_own_budget_and_a_decision_gives_nothing_back(self, client, ada, settings):
        settings.OPENINGS_AN_HOUR, settings.OPENINGS_FROM_QUEUE_AN_HOUR = 1, 3
        make.admin("bo", address="bo@mailbox.example")
        ada.address = "ada@mailbox.example"
        ada.save()
        people = self.people(5)
        open_record(client, people[4])
        start_reading(client)
        press(client, "approve", people[0], review_session=1)
        client.post(page("skip", people[1]), {"review_session": 1})
        assert people[2].name in client.get(READ).content.decode()
        stopped = client.post(page("skip", people[2]), {"review_session": 1}, follow=True)
        assert (stopped.status_code, people[3].name in stopped.content.decode()) == (403, False)
        [note] = OutgoingEmail.objects.filter(kind="admin-openings")
        assert (note.to, "ada tried to open more than 3 records" in note.body) == ("bo@mailbox.example", True)

    def test_viewing_the_same_application_again_opens_it_once(self, client, ada):
        self.people(1)
        start_reading(client)
        client.get(READ)
        assert AccessLog.objects.filter(action="opened").count() == 1

    @pytest.mark.parametrize("word", ["skip", "keep-waiting", "close"])
    def test_no_admin_reaches_one_application_by_skipping_all_others(self, client, ada, word):
        first, second, wanted = self.people(3)
        start_reading(client)
        for member in (second, first, second):
            if word == "skip":
                client.post(page("skip", member), {"review_session": 1})
            else:
                press(client, word, second, review_session=1)
        assert wanted.name not in client.get(READ).content.decode()


class TestThisWeek:
    def test_the_admin_index_shows_who_waits_in_numbers(self, client, ada):
        cast.waiting()
        Member.objects.update(received_on=timezone.now().date() - timedelta(days=3))
        cast.ask(email="held@mailbox.example", flag_reason="too_fast")
        words = client.get("/manage/").content.decode()
        assert "1 application to review</a>, the oldest has waited 3 days" in words
        assert "1 application flagged as possible spam" in words
        assert [canary for canary in CANARIES if canary in words] == []

    def test_when_no_one_waits_it_says_so(self, client, ada):
        assert "Nothing is waiting for you. Thank you." in client.get("/manage/").content.decode()


class TestTheBudget:
    def test_thirty_records_can_be_opened_within_an_hour_and_no_more(self, client, ada, settings):
        settings.OPENINGS_AN_HOUR = 2
        people = [cast.waiting(email=f"reader{n}@mailbox.example", name=f"Person {n * 1111} Test") for n in range(3)]
        pages = [open_record(client, member) for member in people]
        assert [answer.status_code for answer in pages] == [200, 200, 403]
        assert people[2].name not in pages[2].content.decode()

    def test_starting_and_undoing_a_not_now_gives_nothing_back(self, client, ada, settings):
        settings.OPENINGS_AN_HOUR = 2
        people = [cast.waiting(email=f"reader{n}@mailbox.example", name=f"Person {n * 1111} Test") for n in range(2)]
        for member in people:
            open_record(client, member)
            client.post(page("not_now", member), {"email": "Dear", "reason_kind": "other"})
            press(client, "undo", member)
        assert [status(member) for member in people] == ["waiting", "waiting"]
        assert open_record(client, cast.waiting(email="third@mailbox.example")).status_code == 403

    def test_it_is_full_again_after_an_hour(self, client, ada, settings):
        settings.OPENINGS_AN_HOUR = 1
        open_record(client, cast.waiting())
        AccessLog.objects.update(at=timezone.now() - timedelta(minutes=61))
        assert open_record(client, cast.waiting(email="second@mailbox.example")).status_code == 200

    def test_it_follows_the_user_after_a_rename(self, client, ada, settings):
        settings.OPENINGS_AN_HOUR = 1
        open_record(client, cast.waiting())
        type(ada).objects.filter(pk=ada.pk).update(username="somebody-else")
        assert open_record(client, cast.waiting(email="second@mailbox.example")).status_code == 403

    @pytest.mark.parametrize(("undone", "told"), [(5, 0), (6, 1)])
    def test_the_other_admins_are_notified_of_more_than_five_undone_decisions(self, client, ada, undone, told):
        make.admin("bo", address="bo@mailbox.example")
        for number in range(undone):
            member = cast.waiting(email=f"reader{number}@mailbox.example")
            cast.put(member, Member.Status.DECLINING)
            press(client, "undo", member)
        emails = OutgoingEmail.objects.filter(kind="admin-undone")
        assert [(email.to, "ada undid more than 5" in email.body) for email in emails] == [
            ("bo@mailbox.example", True)
        ] * told


class TestWhoMay:
    def test_staff_without_the_permission_see_and_decide_nothing(self, client):
        make.signed_in_staff(client, "cleo", superuser=False)
        member = cast.waiting()
        to_approve = reverse("admin:members_member_action", args=[member.pk, "approve"])
        start = reverse("admin:members_member_start_reading")
        answers = [client.get(QUEUE), client.get(record(member)), client.post(record(member), {"reason": "r"})]
        answers += [client.post(to_approve), client.post(start), client.get(READ), client.get(page("not_now", member))]
        assert [answer.status_code for answer in answers] == [403] * 7
        assert (status(member), AccessLog.objects.filter(action="opened").count()) == (Member.Status.WAITING, 0)
        assert "Nothing is waiting for you." in client.get("/manage/").content.decode()

    def test_a_reader_decides_one_at_a_time(self, client):
        cleo = make.signed_in_staff(client, "cleo", superuser=False)
        cleo.user_permissions.set(Permission.objects.filter(codename__in=["view_member", "change_member"]))
        member = cast.waiting()
        open_record(client, member)
        press(client, "approve", member)
        assert status(member) == Member.Status.APPROVED

    def test_a_visitor_is_asked_to_sign_in(self, client):
        member = cast.waiting()
        to_approve = reverse("admin:members_member_action", args=[member.pk, "approve"])
        assert client.post(to_approve).status_code == 302
        assert status(member) == Member.Status.WAITING
