"""Pausing, leaving, rejoining, withdrawing: one button each, and no pending email leaves."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from members import emails
from members.models import Member, MemberLink, Sharing
from members.purge import purge
from members.review.services import end_grace_periods, end_membership
from members.self_service.leave_receipt import back_until
from members.self_service.membership import ASKED_FOR, leave, pause, rejoin
from s4jr.erasure.models import Tombstone
from s4jr.mail.models import OutgoingEmail
from tests import cast, make

pytestmark = pytest.mark.django_db
Status = Member.Status


@pytest.fixture
def press(client, member, come_in_by_link):
    come_in_by_link(member)
    return lambda word: client.post(f"/my-details/press/{word}/", follow=True)


def now(member):
    member.refresh_from_db()
    return member


def only(member):
    return Member.objects.filter(pk=member.pk)


class TestPausing:
    def test_it_is_shown_and_one_button_ends_it(self, press, member):
        page = press("pause").content.decode()
        assert ("You’ve been on pause since" in page, now(member).paused_at is None) == (True, False)
        press("end-pause")
        assert now(member).paused_at is None

    def test_a_code_alone_starts_it_but_cannot_end_it(self, client, member, come_in_by_code):
        come_in_by_code(member)
        page = client.post("/my-details/press/pause/", follow=True).content.decode()
        assert ("With only your code, you can start a pause but not end one" in page, "press/end-pause" in page) == (
            True,
            False,
        )
        client.post("/my-details/press/end-pause/")
        assert now(member).paused_at is not None

    @pytest.mark.parametrize(("way", "goes_on"), [("code", True), ("link", False)])
    def test_leaving_and_rejoining_is_no_way_around(self, request, client, member, way, goes_on):
        request.getfixturevalue(f"come_in_by_{way}")(member)
        for word in ("pause", "leave", "come-back"):
            client.post(f"/my-details/press/{word}/")
        assert (now(member).status, member.paused_at is not None) == (Status.APPROVED, goes_on)

    def test_a_member_without_an_address_ends_it_with_their_code(self, client, come_in_by_code):
        member = cast.ask(cast.without_email())
        cast.put(member, "approved")
        come_in_by_code(member)
        client.post("/my-details/press/pause/")
        client.post("/my-details/press/end-pause/")
        assert now(member).paused_at is None

    def test_pending_emails_are_canceled_except_requested_ones(self, press, member):
        cast.written(about=member.about, to=member.email, kind="announcement")
        press("pause")
        states = dict(OutgoingEmail.objects.values_list("kind", "state"))
        assert states == {"announcement": "canceled", "open-details": "pending"}

    def test_we_write_no_email(self, member):
        ada = make.admin("ada")
        pause(only(member))
        end_membership(now(member).as_read, by=ada, reason="a reason", parting_email="Dear Rosalind")
        Member.objects.update(effective_at=timezone.now())
        end_grace_periods(Member.objects.all())
        assert (now(member).status, OutgoingEmail.objects.count()) == (Status.MEMBERSHIP_ENDED, 0)

    def test_only_approved_members_can_pause(self, member):
        cast.put(member, "waiting")
        assert pause(only(member)) == 0


class TestLeaving:
    def test_news_and_sharing_end_and_emails_are_canceled(self, press, member):
        Sharing.objects.create(member=member, region="CA-ON", fields="name", since=timezone.now().date())
        waiting = cast.written(about=member.about, to=member.email)
        only(member).update(newsletter=True)
        page = press("leave").content.decode()
        waiting.refresh_from_db()
        assert (now(member).status, member.left_on, member.newsletter) == ("left", timezone.now().date(), False)
        assert (Sharing.objects.count(), waiting.state) == (0, "canceled")
        assert ("You have left" in page, f"Number {member.number}" in page) == (True, True)

    def test_leaving_again_changes_nothing(self, member):
        assert [leave(only(member)) for _ in range(2)] == [1, 0]

    @pytest.mark.parametrize("status", [Status.WAITING, Status.DECLINED, Status.LAPSED, Status.UNCONFIRMED])
    def test_only_approved_members_can_leave(self, member, status):
        cast.put(member, status)
        assert leave(only(member)) == 0

    def test_the_same_code_lets_them_rejoin(self, client, member, come_in_by_code):
        leave(only(member))
        page = come_in_by_code(member).content.decode()
        assert "You have left." in page
        client.post("/my-details/press/come-back/")
        assert (now(member).status, member.left_on) == (Status.APPROVED, None)

    def test_a_link_does_too(self, press, member, client, come_in_by_link):
        press("leave")
        client.post("/my-details/press/close/")
        come_in_by_link(member)
        press("come-back")
        assert now(member).status == Status.APPROVED

    def test_the_printed_day_is_the_last_on_which_it_works(self, client, press, member, settings):
        last = timezone.now().date()
        leave(only(member))
        only(member).update(left_on=last - timedelta(days=settings.LEFT_DAYS - 2))
        page = client.get("/my-details/").content.decode()
        press("come-back")
        assert (f"until the end of {date_format(last)}" in page, now(member).status) == (True, Status.APPROVED)

    def test_it_works_until_that_day_is_over_in_the_westernmost_time_zone(self, member, monkeypatch, settings):
        leave(only(member))
        last = back_until(now(member).left_on)
        last_minute = datetime.combine(last + timedelta(days=1), time(11, 59), UTC)
        monkeypatch.setattr(timezone, "now", lambda: last_minute)
        purge()
        assert (rejoin(only(member)), now(member).status) == (1, Status.APPROVED)

    def test_the_page_after_leaving_prints_the_same_day(self, press, member, settings):
        last = timezone.now().date() + timedelta(days=settings.LEFT_DAYS - 2)
        assert f"until the end of {date_format(last)}" in press("leave").content.decode()

    def test_after_that_no_one_can_rejoin(self, member, settings):
        leave(only(member))
        only(member).update(left_on=timezone.now().date() - timedelta(days=settings.LEFT_DAYS))
        assert rejoin(only(member)) == 0

    def test_a_member_whose_membership_was_ending_is_reviewed_again(self, member):
        end_membership(now(member).as_read, by=make.admin("ada"), reason="a reason", parting_email="Dear Rosalind")
        leave(only(member))
        assert (now(member).status, member.effective_at, member.parting_email) == (Status.LEFT, None, "")
        rejoin(only(member))
        assert (now(member).status, member.received_on) == (Status.WAITING, timezone.now().date())

    def test_a_member_who_was_asked_to_leave_is_reviewed_again_even_after_that_admin_is_deleted(self, member):
        ada = make.admin("ada")
        end_membership(now(member).as_read, by=ada, reason="a reason", parting_email="Dear Rosalind")
        leave(only(member))
        ada.delete()
        rejoin(only(member))
        assert (now(member).status, member.asked_to_leave_at, member.decided_at) == (Status.WAITING, None, None)

    def test_a_member_who_was_asked_before_the_last_release_is_reviewed_again(self, member):
        """That release saved who asked, but not when."""
        leave(only(member))
        only(member).update(proposed_by=make.admin("ada"))
        rejoin(only(member))
        assert now(member).status == Status.WAITING

    def test_a_new_application_since_then_replaces_the_old_one(self, member):
        leave(only(member))
        anew = cast.waiting(name="Rosalind Anew")
        assert (rejoin(only(member)), now(member).status, now(anew).status) == (0, Status.LEFT, Status.WAITING)


class TestWithdrawing:
    def test_one_button_deletes_everything_and_redirects_to_the_receipt(self, client, press, member):
        number = member.number
        page = press("withdraw").content.decode()
        assert ("It’s done" in page, f"Number {number}" in page, "What stays" in page) == (True, True, True)
        assert [model.objects.count() for model in (Member, MemberLink, OutgoingEmail)] == [0, 0, 0]
        assert Tombstone.objects.filter(number=number).count() == 1
        assert "Your information" in client.get("/my-details/").content.decode()

    def test_it_works_by_code_too(self, client, member, come_in_by_code):
        come_in_by_code(member)
        page = client.post("/my-details/press/withdraw/", follow=True).content.decode()
        assert ("Receipt" in page, Member.objects.count()) == (True, 0)

    def test_a_pending_email_never_leaves(self, press, member):
        cast.written(about=member.about, to=member.email)
        press("withdraw")
        assert OutgoingEmail.objects.count() == 0


def test_viewing_an_action_does_nothing(client, member, come_in_by_link):
    come_in_by_link(member)
    words = ["pause", "leave", "withdraw", "come-back", "close", "new-code"]
    assert {client.get(f"/my-details/press/{word}/").status_code for word in words} == {405}
    assert now(member).status == Status.APPROVED


def test_an_unknown_action_is_a_404(client, member, come_in_by_link):
    come_in_by_link(member)
    assert client.post("/my-details/press/approve/").status_code == 404


def test_the_pause_knows_every_requested_email():
    assert [callable(getattr(emails, kind.replace("-", "_"))) for kind in ASKED_FOR] == [True] * len(ASKED_FOR)
