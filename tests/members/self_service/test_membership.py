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
    def test_it_is_shown_and_ends_with_a_press(self, press, member):
        page = press("pause").content.decode()
        assert ("You’ve been on pause since" in page, now(member).paused_at is None) == (True, False)
        press("end-pause")
        assert now(member).paused_at is None

    def test_a_code_alone_begins_it_and_does_not_end_it(self, client, member, come_in_by_code):
        come_in_by_code(member)
        page = client.post("/my-details/press/pause/", follow=True).content.decode()
        assert ("With only your code, you can start a pause but not end one" in page, "press/end-pause" in page) == (
            True,
            False,
        )
        client.post("/my-details/press/end-pause/")
        assert now(member).paused_at is not None

    @pytest.mark.parametrize(("way", "goes_on"), [("code", True), ("link", False)])
    def test_leaving_and_coming_back_is_no_way_round(self, request, client, member, way, goes_on):
        request.getfixturevalue(f"come_in_by_{way}")(member)
        for word in ("pause", "leave", "come-back"):
            client.post(f"/my-details/press/{word}/")
        assert (now(member).status, member.paused_at is not None) == (Status.APPROVED, goes_on)

    def test_who_has_no_address_ends_it_with_the_code_they_have(self, client, come_in_by_code):
        member = cast.ask(cast.without_email())
        cast.put(member, "approved")
        come_in_by_code(member)
        client.post("/my-details/press/pause/")
        client.post("/my-details/press/end-pause/")
        assert now(member).paused_at is None

    def test_emails_that_wait_are_called_back_but_those_they_asked_for(self, press, member):
        cast.written(about=member.about, to=member.email, kind="announcement")
        press("pause")
        states = dict(OutgoingEmail.objects.values_list("kind", "state"))
        assert states == {"announcement": "canceled", "open-details": "pending"}

    def test_no_email_of_ours_is_written(self, member):
        ada = make.admin("ada")
        pause(only(member))
        end_membership(now(member).as_read, by=ada, reason="a reason", parting_email="Dear Rosalind")
        Member.objects.update(declining_until=timezone.now())
        end_grace_periods(Member.objects.all())
        assert (now(member).status, OutgoingEmail.objects.count()) == (Status.MEMBERSHIP_ENDED, 0)

    def test_only_who_is_welcomed_pauses(self, member):
        cast.put(member, "waiting")
        assert pause(only(member)) == 0


class TestLeaving:
    def test_news_and_sharing_end_and_emails_are_called_back(self, press, member):
        Sharing.objects.create(member=member, region="CA-ON", fields="name", since=timezone.now().date())
        waiting = cast.written(about=member.about, to=member.email)
        only(member).update(newsletter=True)
        page = press("leave").content.decode()
        waiting.refresh_from_db()
        assert (now(member).status, member.left_on, member.newsletter) == ("left", timezone.now().date(), False)
        assert (Sharing.objects.count(), waiting.state) == (0, "canceled")
        assert ("You have left" in page, f"Number {member.number}" in page) == (True, True)

    def test_a_second_press_changes_nothing(self, member):
        assert [leave(only(member)) for _ in range(2)] == [1, 0]

    @pytest.mark.parametrize("status", [Status.WAITING, Status.DECLINED, Status.LAPSED, Status.UNCONFIRMED])
    def test_only_who_is_welcomed_leaves(self, member, status):
        cast.put(member, status)
        assert leave(only(member)) == 0

    def test_the_same_code_brings_them_back(self, client, member, come_in_by_code):
        leave(only(member))
        page = come_in_by_code(member).content.decode()
        assert "You have left." in page
        client.post("/my-details/press/come-back/")
        assert (now(member).status, member.left_on) == (Status.APPROVED, None)

    def test_and_so_does_a_link(self, press, member, client, come_in_by_link):
        press("leave")
        client.post("/my-details/press/close/")
        come_in_by_link(member)
        press("come-back")
        assert now(member).status == Status.APPROVED

    def test_the_day_that_is_printed_is_the_last_on_which_it_works(self, client, press, member, settings):
        last = timezone.now().date()
        leave(only(member))
        only(member).update(left_on=last - timedelta(days=settings.LEFT_DAYS - 2))
        page = client.get("/my-details/").content.decode()
        press("come-back")
        assert (f"until the end of {date_format(last)}" in page, now(member).status) == (True, Status.APPROVED)

    def test_it_works_until_that_day_is_over_in_the_westernmost_place(self, member, monkeypatch, settings):
        leave(only(member))
        last = back_until(now(member).left_on)
        last_minute = datetime.combine(last + timedelta(days=1), time(11, 59), UTC)
        monkeypatch.setattr(timezone, "now", lambda: last_minute)
        purge()
        assert (rejoin(only(member)), now(member).status) == (1, Status.APPROVED)

    def test_the_page_after_leaving_prints_the_same_day(self, press, member, settings):
        last = timezone.now().date() + timedelta(days=settings.LEFT_DAYS - 2)
        assert f"until the end of {date_format(last)}" in press("leave").content.decode()

    def test_after_its_time_nobody_comes_back(self, member, settings):
        leave(only(member))
        only(member).update(left_on=timezone.now().date() - timedelta(days=settings.LEFT_DAYS))
        assert rejoin(only(member)) == 0

    def test_who_was_being_asked_to_end_membership_is_read_again(self, member):
        end_membership(now(member).as_read, by=make.admin("ada"), reason="a reason", parting_email="Dear Rosalind")
        leave(only(member))
        assert (now(member).status, member.declining_until, member.parting_email) == (Status.LEFT, None, "")
        rejoin(only(member))
        assert (now(member).status, member.received_on) == (Status.WAITING, timezone.now().date())

    def test_who_was_asked_to_leave_is_read_again_also_once_the_admin_who_asked_is_gone(self, member):
        ada = make.admin("ada")
        end_membership(now(member).as_read, by=ada, reason="a reason", parting_email="Dear Rosalind")
        leave(only(member))
        ada.delete()
        rejoin(only(member))
        assert (now(member).status, member.asked_to_leave_at, member.decided_at) == (Status.WAITING, None, None)

    def test_who_was_asked_before_the_last_release_is_read_again(self, member):
        """That release saved who asked, but not when."""
        leave(only(member))
        only(member).update(proposed_by=make.admin("ada"))
        rejoin(only(member))
        assert now(member).status == Status.WAITING

    def test_who_has_asked_anew_since_is_that_application(self, member):
        leave(only(member))
        anew = cast.waiting(name="Rosalind Anew")
        assert (rejoin(only(member)), now(member).status, now(anew).status) == (0, Status.LEFT, Status.WAITING)


class TestWithdrawing:
    def test_one_press_erases_all_and_the_page_is_the_receipt(self, client, press, member):
        number = member.number
        page = press("withdraw").content.decode()
        assert ("It’s done" in page, f"Number {number}" in page, "What stays" in page) == (True, True, True)
        assert [model.objects.count() for model in (Member, MemberLink, OutgoingEmail)] == [0, 0, 0]
        assert Tombstone.objects.filter(number=number).count() == 1
        assert "Your information" in client.get("/my-details/").content.decode()

    def test_by_code_too(self, client, member, come_in_by_code):
        come_in_by_code(member)
        page = client.post("/my-details/press/withdraw/", follow=True).content.decode()
        assert ("Receipt" in page, Member.objects.count()) == (True, 0)

    def test_an_email_that_waits_never_leaves(self, press, member):
        cast.written(about=member.about, to=member.email)
        press("withdraw")
        assert OutgoingEmail.objects.count() == 0


def test_looking_at_a_press_does_nothing(client, member, come_in_by_link):
    come_in_by_link(member)
    words = ["pause", "leave", "withdraw", "come-back", "close", "new-code"]
    assert {client.get(f"/my-details/press/{word}/").status_code for word in words} == {405}
    assert now(member).status == Status.APPROVED


def test_a_press_that_is_none_is_nowhere(client, member, come_in_by_link):
    come_in_by_link(member)
    assert client.post("/my-details/press/approve/").status_code == 404


def test_every_email_they_ask_for_is_known_to_the_pause():
    assert [callable(getattr(emails, kind.replace("-", "_"))) for kind in ASKED_FOR] == [True] * len(ASKED_FOR)
