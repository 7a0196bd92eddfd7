"""Applying: one response for everyone, one row, at most one email."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.applications.confirmation import confirm
from members.applications.services import ask_to_join
from members.models import Member, MemberLink
from s4jr.mail.models import OutgoingEmail, Suppression
from tests import cast, make

pytestmark = pytest.mark.django_db
Status = Member.Status


def emails():
    return OutgoingEmail.objects.not_canceled()


def link_in(email):
    """Returns the confirmation link of an email if it works, or None."""
    token = cast.links_in(email.body)[0].rstrip("/").rpartition("/")[2]
    return MemberLink.objects.working(token, MemberLink.Purpose.CONFIRM)


def queries_of_applying(**answers):
    asked = cast.application(**answers)
    with CaptureQueriesContext(connection) as statements:
        ask_to_join(asked)
    return sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")) for query in statements)


def test_it_takes_the_same_queries_for_known_and_unknown_addresses():
    queries_of_applying(email="first@mailbox.example")  # the first request loads the text blocks
    nobody = queries_of_applying()
    asked_before, with_an_email_this_week = queries_of_applying(), queries_of_applying()
    cast.put(Member.objects.filter(email_index=cast.application().email_index).first(), "approved")
    OutgoingEmail.objects.update(created_at=timezone.now() - timedelta(days=30))
    known = queries_of_applying()
    waits_for_a_list = [queries_of_applying() for _ in range(3)]
    tagged = [queries_of_applying(email=f"rosalind+{number}@mailbox.example") for number in range(4)]
    assert {nobody, asked_before, with_an_email_this_week, known, *waits_for_a_list, *tagged} == {11}


class TestAsking:
    def test_an_application_waits_for_confirmation_and_gets_one_email(self):
        member = cast.ask()
        [email] = emails()
        assert (member.status, member.name, member.message) == (Status.UNCONFIRMED, cast.NAME, cast.MESSAGE)
        assert (email.to, email.kind, email.subject) == (cast.ADDRESS, "confirm", "Please confirm your email address")
        assert link_in(email).member == member

    def test_the_database_contains_no_identifying_text_in_the_clear(self):
        cast.ask(pronouns="ze/hir", access_needs="captions please", relation="survivor")
        with connection.cursor() as cursor:
            rows = ""
            for table in ("members_member", "mail_outgoingemail", "members_memberlink"):
                cursor.execute(f"SELECT * FROM {table}")
                rows += str(cursor.fetchall())
        for canary in (cast.NAME, cast.ADDRESS, "heron", "ze/hir", "captions", "survivor"):
            assert canary not in rows

    def test_an_applicant_who_chose_never_waits_for_review_right_away_and_gets_nothing(self):
        member = cast.ask(cast.without_email())
        assert (member.status, member.email, member.email_index) == (Status.WAITING, "", None)
        assert OutgoingEmail.objects.count() == 0

    def test_an_email_contains_no_text_of_the_sender(self):
        cast.ask(name="Visit http://spam.example now", message="buy")
        [email] = emails()
        assert "spam" not in email.subject + email.body

    def test_a_discreet_email_does_not_mention_the_coalition(self, settings):
        cast.ask(contact="discreet")
        [email] = emails()
        found = [word for word in settings.COALITION_WORDS if word in (email.subject + email.body).lower()]
        assert found == []


class TestTheSameForm:
    def test_sent_twice_it_is_one_row_and_one_email(self):
        form = cast.application()
        cast.ask(form)
        cast.ask(form)
        assert (Member.objects.count(), emails().count()) == (1, 1)

    def test_a_corrected_address_replaces_the_wrong_one_and_only_it_can_confirm(self):
        form = cast.application(email="rosalnid@mailbox.example")
        cast.ask(form)
        wrong = emails().get()
        wrong_link = link_in(wrong)

        member = cast.ask(form_token=form.form_token)

        right = emails().get()
        wrong.refresh_from_db()
        assert Member.objects.count() == 1
        assert (wrong.state, right.to) == (OutgoingEmail.State.CANCELED, cast.ADDRESS)
        assert confirm(wrong_link) is False
        assert confirm(link_in(right)) is True
        member.refresh_from_db()
        assert (member.email, member.status) == (cast.ADDRESS, Status.WAITING)

    def test_a_wrong_email_that_already_left_cannot_confirm_the_amended_row(self):
        form = cast.application(email="rosalnid@mailbox.example")
        cast.ask(form)
        token = cast.links_in(emails().get().body)[0].rstrip("/").rpartition("/")[2]
        cast.ask(form_token=form.form_token)
        assert MemberLink.objects.working(token, MemberLink.Purpose.CONFIRM) is None

    def test_corrected_back_to_the_first_address_its_link_stays_invalid_and_another_email_goes(self):
        form = cast.application()
        cast.ask(form)
        first = emails().get()
        OutgoingEmail.objects.filter(pk=first.pk).update(state="sent", sent_at=timezone.now())
        cast.ask(form_token=form.form_token, email="elsewhere@mailbox.example")
        cast.ask(form)
        second = emails().exclude(pk=first.pk).get()
        assert (link_in(first), link_in(second).member.email) == (None, cast.ADDRESS)

    def test_it_can_be_amended_three_times(self):
        form = cast.application()
        for number in range(6):
            cast.ask(form_token=form.form_token, email=f"try{number}@mailbox.example")
        assert Member.objects.get().email == "try3@mailbox.example"
        assert emails().count() == 1

    def test_an_applicant_without_an_address_may_add_one(self):
        form = cast.without_email()
        cast.ask(form)
        member = cast.ask(form_token=form.form_token, name=form.name)
        assert (member.status, emails().get().to) == (Status.UNCONFIRMED, cast.ADDRESS)

    def test_once_confirmed_the_form_changes_nothing(self):
        form = cast.application()
        member = cast.ask(form)
        Member.objects.filter(pk=member.pk).update(status=Status.WAITING)
        cast.ask(form_token=form.form_token, name="Somebody Else")
        assert Member.objects.get().name == cast.NAME

    def test_a_typo_corrected_to_a_known_address_leaves_one_active_row(self):
        known = cast.waiting()
        form = cast.application(email="rosalnid@mailbox.example")
        cast.ask(form)
        amended = cast.ask(form_token=form.form_token)
        assert confirm(link_in(emails().get()), keep="other") is False
        assert list(Member.objects.live()) == [known]
        amended.refresh_from_db()
        assert (amended.status, emails().get().to) == (Status.DUPLICATE_ADDRESS, cast.ADDRESS)

    def test_sending_again_after_back_amends_the_form_before_it(self):
        first = cast.application(email="rosalnid@mailbox.example")
        cast.ask(first)
        cast.ask(previous_token=first.form_token)
        assert [member.email for member in Member.objects.all()] == [cast.ADDRESS]

    def test_another_person_on_the_same_device_is_a_separate_applicant(self):
        first = cast.application()
        cast.ask(first)
        cast.ask(previous_token=first.form_token, name="Bertil Testperson", email="bertil@mailbox.example")
        assert Member.objects.count() == 2


class TestAKnownAddress:
    @pytest.mark.parametrize("status", [Status.UNCONFIRMED, Status.WAITING, Status.ON_HOLD, Status.APPROVED])
    def test_it_gets_the_same_email_word_for_word(self, status):
        cast.ask(email="new@mailbox.example")
        [fresh] = emails()
        known = cast.waiting()
        cast.put(known, status)

        ask_to_join(cast.application(name="Whoever", message="other"))

        email = emails().exclude(pk=fresh.pk).get()
        assert without_links(email) == without_links(fresh)
        assert email.to == cast.ADDRESS

    def test_confirming_changes_nothing_for_an_approved_member(self):
        known = cast.waiting()
        Member.objects.filter(pk=known.pk).update(status=Status.APPROVED, decided_at=timezone.now())
        ask_to_join(cast.application(name="Whoever"))
        assert confirm(link_in(emails().get())) is False
        known.refresh_from_db()
        assert (known.status, known.name) == (Status.APPROVED, cast.NAME)

    def test_another_spelling_is_the_same_address(self):
        cast.ask()
        for spelled in (cast.ADDRESS.upper(), cast.ADDRESS.title()):
            ask_to_join(cast.application(email=spelled))
        assert (Member.objects.values("email_index").distinct().count(), emails().count()) == (1, 2)

    def test_it_gets_two_emails_a_week_right_away(self):
        for _ in range(4):
            ask_to_join(cast.application())
        assert emails().count() == 2
        OutgoingEmail.objects.update(created_at=timezone.now() - timedelta(days=8))
        for _ in range(4):
            ask_to_join(cast.application())
        assert emails().count() == 4

    def test_a_link_confirms_only_its_own_application(self):
        first, second = cast.ask(message="first"), cast.ask(message="second")
        link = link_in(emails().get(about=first.about))
        assert confirm(link) is True
        first.refresh_from_db(), second.refresh_from_db()
        assert (first.status, second.status) == (Status.WAITING, Status.UNCONFIRMED)

    def test_an_application_for_a_known_address_waits_like_any_other_and_affects_no_one(self):
        known = cast.waiting()
        mine = cast.ask(message="whoever")
        assert (mine.status, mine.message) == (Status.UNCONFIRMED, "whoever")
        known.refresh_from_db()
        assert (known.status, known.message) == (Status.WAITING, cast.MESSAGE)
        assert link_in(emails().get()).member == mine

    def test_it_can_be_corrected_to_a_new_address_and_confirmed(self):
        cast.waiting()
        duplicate = cast.application()
        cast.ask(duplicate)
        member = cast.ask(form_token=duplicate.form_token, email="own@mailbox.example")
        assert member.status == Status.UNCONFIRMED
        assert link_in(emails().filter(about=member.about).get()).member == member

    def test_a_discreet_members_inbox_stays_discreet_for_any_application(self, settings):
        cast.waiting(contact="discreet")
        ask_to_join(cast.application(contact="yes"))
        email = emails().get()
        assert [word for word in settings.COALITION_WORDS if word in (email.subject + email.body).lower()] == []

    def test_a_former_member_may_join_again(self):
        known = cast.waiting()
        cast.put(known, Status.LEFT)
        again = cast.ask()
        assert again.pk != known.pk

    def test_a_suppressed_address_gets_none(self):
        index = cast.application().email_index
        make.stop(index, Suppression.Reason.UNSUBSCRIBED)
        cast.ask()
        assert OutgoingEmail.objects.count() == 0

    def test_a_stranger_who_types_it_and_cancels_leaves_the_owners_link_valid(self):
        mine = cast.ask(message="mine")
        link = link_in(emails().get())
        stranger = cast.application(message="a stranger's")
        cast.ask(stranger)
        cast.ask(form_token=stranger.form_token, email="stranger@mailbox.example")
        link.refresh_from_db()
        assert confirm(link) is True
        mine.refresh_from_db()
        assert (mine.status, mine.message) == (Status.WAITING, "mine")

    def test_a_failed_email_does_not_prevent_another(self):
        cast.ask()
        OutgoingEmail.objects.update(state="failed")
        ask_to_join(cast.application())
        assert emails().filter(state="pending").count() == 1


class TestFlagging:
    @pytest.mark.parametrize("why", ["honeypot", "too_fast", "no_token"])
    def test_a_flagged_application_is_saved_and_causes_no_email(self, why):
        member = cast.ask(flag_reason=why)
        assert (member.flag_reason, OutgoingEmail.objects.count()) == (why, 0)

    def test_applications_past_the_hourly_email_limit_are_flagged(self, settings):
        settings.CONFIRMING_EMAILS_AN_HOUR = 2
        held = [cast.ask(email=f"reader{number}@mailbox.example").flag_reason for number in range(3)]
        assert held == ["", "", "too_many"]
        assert emails().count() == 2

    def test_a_flagged_one_does_not_replace_an_earlier_application(self):
        cast.ask(message="mine")
        ask_to_join(cast.application(message="a bot's", flag_reason="honeypot"))
        assert confirm(link_in(emails().get())) is True
        assert Member.objects.live().get().message == "mine"

    def test_a_flagged_one_without_an_address_waits_separately(self):
        assert cast.ask(cast.without_email(flag_reason="honeypot")).status == Status.ON_HOLD


class TestConfirming:
    def test_it_waits_for_review_and_emails_may_go_there_again(self):
        member = cast.ask()
        link = link_in(emails().get())
        make.stop(member.email_index, Suppression.Reason.UNSUBSCRIBED)
        assert confirm(link) is True
        member.refresh_from_db()
        assert member.status == Status.WAITING
        assert Suppression.objects.count() == 0

    def test_a_second_confirmation_changes_nothing(self):
        cast.ask()
        link = link_in(emails().get())
        confirm(link)
        assert confirm(link) is False

    def test_confirming_again_does_not_undo_a_later_choice_of_no_emails(self):
        member = cast.ask()
        link = link_in(emails().get())
        confirm(link)
        make.stop(member.email_index, Suppression.Reason.UNSUBSCRIBED)
        confirm(link)
        assert Suppression.objects.count() == 1

    @pytest.mark.parametrize(("newsletter", "stops"), [(True, 0), (False, 1)])
    def test_a_news_suppression_ends_only_for_people_who_ask_for_news_again(self, newsletter, stops):
        member = cast.ask(newsletter=newsletter)
        make.stop(member.email_index, Suppression.Reason.UNSUBSCRIBED, scope=Suppression.Scope.ANNOUNCEMENTS)
        confirm(link_in(emails().get()))
        assert Suppression.objects.count() == stops

    def test_a_link_works_for_seven_days(self):
        cast.ask()
        email = emails().get()
        MemberLink.objects.update(expires_at=timezone.now())
        assert link_in(email) is None

    def test_a_link_is_stored_only_as_a_hash(self):
        cast.ask()
        token = cast.links_in(emails().get().body)[0].rstrip("/").rpartition("/")[2]
        assert all(token not in link.token_hash for link in MemberLink.objects.all())


class TestDatabaseConstraints:
    def test_one_active_row_per_address(self):
        member = cast.waiting()
        other = cast.waiting(email="other@mailbox.example")
        with pytest.raises(IntegrityError), transaction.atomic():
            Member.objects.filter(pk=other.pk).update(email_index=member.email_index)

    def test_no_address_with_no_emails(self):
        member = cast.waiting()
        with pytest.raises(IntegrityError), transaction.atomic():
            Member.objects.filter(pk=member.pk).update(contact="none")

    def test_a_decision_has_a_date(self):
        member = cast.waiting()
        with pytest.raises(IntegrityError), transaction.atomic():
            Member.objects.filter(pk=member.pk).update(status=Status.APPROVED)


@pytest.mark.django_db(transaction=True)
class TestAtTheSameMoment:
    def at_once(self, applications):
        def ask(application):
            try:
                ask_to_join(application)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(8) as threads:
            list(threads.map(ask, applications))

    def test_the_same_form_is_one_row_and_one_email(self):
        self.at_once([cast.application(form_token="the same")] * 8)
        assert (Member.objects.count(), emails().count()) == (1, 1)

    def test_the_same_address_in_many_forms_gets_two_emails_and_the_rest_wait_for_a_list(self):
        self.at_once([cast.application() for _ in range(8)])
        waiting_for_a_list = Member.objects.filter(list_due_at__isnull=False)
        assert (Member.objects.unproved().count(), emails().count(), waiting_for_a_list.count()) == (8, 2, 6)

    def test_a_known_address_gets_the_same_number(self):
        cast.waiting()
        self.at_once([cast.application() for _ in range(8)])
        assert (Member.objects.live().count(), emails().count()) == (1, 2)

    def test_confirming_all_links_at_once_leaves_one_active_row(self):
        two = [cast.ask(), cast.ask()]
        links = [MemberLink.objects.get(member=member, purpose="confirm") for member in two]
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(confirm_in_a_thread, links))
        assert Member.objects.live().count() == 1


def confirm_in_a_thread(link):
    try:
        confirm(link, keep="this")
    finally:
        connections.close_all()


def without_links(email):
    body = email.body
    for link in cast.links_in(body):
        body = body.replace(link, "LINK")
    return email.subject, body
