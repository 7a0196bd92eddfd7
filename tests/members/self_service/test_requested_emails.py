"""Sign-in emails: however often a stranger requests them, the owner finds a link that works."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from members.emails import open_details
from members.models import MemberLink
from members.purge import purge
from members.self_service.requested_emails import after
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.services import queue_emails
from tests import cast
from tests.members.self_service.test_login_views import NOBODY, ask_for_link, emails

pytestmark = pytest.mark.django_db


def time_passes(**how_long):
    """Ages emails and links."""
    ago = timedelta(**how_long)
    OutgoingEmail.objects.update(created_at=F("created_at") - ago)
    links = {name: F(name) - ago for name in ("created_at", "expires_at", "used_at")}
    MemberLink.objects.update(**links)


def strangers_requests(client, hours):
    for _ in range(6 * hours):
        ask_for_link(client)
        time_passes(minutes=10)


class TestLimits:
    def test_one_in_ten_minutes_and_after_five_a_day_one_in_six_hours(self, client, member):
        sent = []
        for _ in range(7):
            ask_for_link(client), ask_for_link(client)
            sent.append(len(emails()))
            time_passes(minutes=11)
        assert sent == [1, 2, 3, 4, 5, 5, 5]
        time_passes(hours=6)
        ask_for_link(client), time_passes(minutes=11), ask_for_link(client)
        assert len(emails()) == 6

    def test_using_up_the_emails_of_a_day_leaves_the_owner_a_link_that_works(self, client, member):
        """A stranger requests one every ten minutes from midnight on; the owner signs in at any hour."""
        strangers_requests(client, hours=9)
        newest = max(emails(), key=lambda email: email.created_at)
        assert "360 minutes" in " ".join(newest.body.split())
        client.post(cast.paths_in(newest.body)[0])
        assert client.session["details"]["member"] == member.pk

    def test_after_using_that_link_the_owner_gets_another_one(self, client, member):
        strangers_requests(client, hours=9)
        newest = max(emails(), key=lambda email: email.created_at)
        client.post(cast.paths_in(newest.body)[0])
        time_passes(minutes=11)
        before = len(emails())
        ask_for_link(client), ask_for_link(client)
        assert len(emails()) == before + 1

    def test_a_stranger_cannot_fill_the_inbox(self, client, member):
        strangers_requests(client, hours=48)
        assert len(emails()) <= 14

    def test_the_page_says_the_same_to_everyone(self, client, member):
        strangers_requests(client, hours=2)
        pages = [ask_for_link(client, email).headers["Location"] for email in (cast.ADDRESS, NOBODY)]
        assert pages[0] == pages[1]
        assert "each new link works for six hours" in client.get(pages[0]).content.decode()

    def test_a_link_comes_after_an_earlier_one_was_purged(self, client, member, settings):
        """The dedupe key once counted emails, which `purge` deletes, so the third got the key of the second."""
        for days in (settings.EMAIL_DAYS + 1, 10):
            ask_for_link(client)
            newest = OutgoingEmail.objects.filter(kind="open-details").order_by("created_at").last()
            then = timezone.now() - timedelta(days=days)
            OutgoingEmail.objects.filter(pk=newest.pk).update(state="sent", sent_at=then, created_at=then)
        purge()
        before = len(emails())
        ask_for_link(client)
        assert (before, len(emails())) == (1, 2)

    def test_two_concurrent_requests_write_one(self, member):
        lately = {"newest": timezone.now(), "ever": 3}
        for _ in range(2):
            queue_emails([open_details(member, after(lately))])
        assert len(emails()) == 1
