"""Emails with a link that runs out are not sent after the time in the table of docs/email.md."""

import re
from datetime import datetime, timedelta
from datetime import time as clock
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from chapters.representatives import email_address, renewal_emails
from chapters.representatives import emails as representative_emails
from chapters.representatives.appointments import invite
from members import emails
from members.links import make_links
from members.models import MemberLink
from members.rsvps import emails as rsvp_emails
from s4jr.accounts.models import Invitation
from s4jr.content.files import all_files
from s4jr.mail.delivery import send_what_is_due
from s4jr.mail.models import OutgoingEmail, SendingPause
from tests import cast, make
from tests.chapters import cast as places
from tests.chapters.representatives import people as representatives
from tests.members.applications.test_received import send
from tests.members.rsvps import people

pytestmark = pytest.mark.django_db
HALF, HOUR = timedelta(days=7) / 2, timedelta(hours=1)
TABLE = (Path(settings.BASE_DIR) / "docs" / "email.md").read_text().partition("| Email | Its link works |")[2]
KINDS = {kind for row in TABLE.partition("\n\n")[0].splitlines() for kind in re.findall(r"`([a-z-]+)`", row[:70])}


def left(email):
    """The time until which an email may be sent, from now, in whole minutes."""
    return round((email.not_after - timezone.now()).total_seconds() / 60)


def minutes(time):
    return round(time.total_seconds() / 60)


def queued(kind):
    return OutgoingEmail.objects.filter(kind=kind).latest("created_at")


class TestUntilWhen:
    def test_confirming_an_application_has_half_of_its_days(self):
        cast.ask()
        assert left(queued("confirm")) == minutes(HALF)

    def test_a_sign_in_link_has_its_own_minutes(self):
        assert left(emails.open_details(cast.waiting(), "first")) == 20

    def test_other_links_to_confirm_have_half_of_their_days(self):
        member = cast.waiting()
        cast.put(member, "approved", new_email="new@mailbox.example", new_email_index="a" * 64)
        member.refresh_from_db()
        assert left(emails.confirm_change(member, "first", "token")) == minutes(HALF)
        assert left(emails.emails_again(member)) == minutes(HALF)

    def test_links_that_do_not_run_out_have_no_limit(self):
        member = cast.waiting()
        assert (emails.welcome([member])[0].not_after, emails.lapsed(member).not_after) == (None, None)

    @pytest.mark.parametrize(
        ("write", "until"),
        [
            (rsvp_emails.confirm, "starts_at"),
            (rsvp_emails.place_free, "starts_at"),
            (rsvp_emails.reminder, "starts_at"),
            (rsvp_emails.way_in, "ends_at"),
            (rsvp_emails.notes, None),
        ],
    )
    def test_emails_about_a_meeting_end_with_it(self, write, until):
        meeting = people.a_meeting()
        row = people.guest(meeting)
        assert write(row).not_after == (getattr(meeting, until) if until else None)

    def test_an_invitation_has_its_hours_and_an_address_half_of_its_days(self):
        term = places.representative()
        invite(term, by=make.admin())
        assert left(queued("admin-invitation")) == 48 * 60
        email_address.ask_for_address(term.user, "orla@mailbox.example", "en")
        assert left(queued("confirm-address")) == minutes(HALF)

    def test_a_reminder_is_not_sent_after_the_day_that_it_names(self):
        today = timezone.now().date()
        over = timezone.make_aware(datetime.combine(today + timedelta(days=1), clock.min))
        assert renewal_emails._end_of(today) == over


class TestTheClockStartsAtSending:
    def wait(self, **time):
        """The email and its link were made some time ago."""
        ago = timedelta(**time)
        for model in (OutgoingEmail, MemberLink, Invitation):
            for row in model.objects.all():
                row.created_at -= ago
                if hasattr(row, "expires_at"):
                    row.expires_at -= ago
                row.save(update_fields=["created_at", *(["expires_at"] if hasattr(row, "expires_at") else [])])

    def lasts(self, link):
        link.refresh_from_db()
        return minutes(link.expires_at - timezone.now())

    def test_a_sign_in_link_sent_late_works_for_its_whole_time(self, smtp_sink):
        member = cast.waiting()
        [_token] = make_links([member], "open", timedelta(minutes=20))
        MemberLink.objects.update(created_at=timezone.now() - HOUR)
        earlier = MemberLink.objects.get(purpose="open")
        OutgoingEmail.objects.bulk_create([emails.open_details(member, "first").row(OutgoingEmail)])
        link = MemberLink.objects.filter(purpose="open").latest("created_at")
        before = self.lasts(earlier)
        self.wait(minutes=15)
        assert send_what_is_due() == {"sent": 1}
        assert (self.lasts(link), self.lasts(earlier)) == (20, before - 15)

    def test_a_used_link_stays_used(self, smtp_sink):
        member = cast.waiting()
        OutgoingEmail.objects.bulk_create([emails.open_details(member, "first").row(OutgoingEmail)])
        MemberLink.objects.update(used_at=timezone.now())
        self.wait(minutes=15)
        send_what_is_due()
        assert self.lasts(MemberLink.objects.get(purpose="open")) == 5

    def test_an_invitation_sent_late_works_for_its_whole_time(self, smtp_sink):
        term = places.representative()
        invite(term, by=make.admin())
        self.wait(hours=40)
        send_what_is_due()
        assert self.lasts(Invitation.objects.get()) == 48 * 60

    def test_a_canceled_invitation_stays_canceled(self, smtp_sink):
        term = places.representative()
        invite(term, by=make.admin())
        Invitation.objects.update(canceled_at=timezone.now())
        self.wait(hours=40)
        send_what_is_due()
        assert self.lasts(Invitation.objects.get()) == 8 * 60


def test_the_table_names_emails_that_there_are():
    assert {f"emails/{kind}" for kind in KINDS} - {key for key, _language in all_files()} == set()
    assert {representative_emails.INVITATION, "open-details", "rsvp-meeting-link"} <= KINDS


LATE, WERE_LATE = "Our emails are late right now.", "Our emails were late in the last day."


def pages_that_ask(client):
    """The pages that asked for an email with a link, as their words."""
    term = representatives.signed_in_representative(client)
    type(term.user).objects.filter(pk=term.user.pk).update(new_address="orla@mailbox.example")
    urls = [reverse("my_details_link_sent"), reverse("representative_email")]
    return [client.get(url).content.decode() for url in urls]


@pytest.mark.parametrize(
    ("began", "ended", "said"),
    [
        (None, None, ""),
        (timedelta(minutes=9), None, ""),
        (timedelta(minutes=11), None, LATE),
        (timedelta(hours=3), timedelta(hours=2), WERE_LATE),
        (timedelta(hours=3), timedelta(hours=2, minutes=51), ""),
        (timedelta(hours=30), timedelta(hours=25), ""),
    ],
)
def test_pages_that_asked_for_an_email_say_that_emails_are_late(client, began, ended, said):
    now = timezone.now()
    if began:
        times = {"next_try_at": None if ended else now, "ended_at": now - ended if ended else None}
        SendingPause.objects.create(cause="quota", reply="", began_at=now - began, tries=1, **times)
    for page in pages_that_ask(client):
        assert [words for words in (LATE, WERE_LATE) if words in page] == ([said] if said else [])


def test_the_page_after_the_join_form_says_so(client):
    now = timezone.now()
    SendingPause.objects.create(cause="quota", reply="", began_at=now - HOUR, tries=1, next_try_at=now)
    send(client)
    assert LATE in client.get(reverse("received")).content.decode()
