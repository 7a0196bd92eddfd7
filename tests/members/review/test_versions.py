"""A decision applies only to the version that its admin read: a changed application is shown again."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone

from members.models import Member
from members.review.services import approve, decline, end_grace_periods
from members.self_service.services import change_answers, change_message
from s4jr.audit.models import AccessLog
from tests import cast, make
from tests.reading import Page

pytestmark = pytest.mark.django_db
Status = Member.Status
CHANGED = "This changed since you opened it."
NEXT_WEEK = timezone.now().date() + timedelta(days=7)
PARTING = {
    "reason_kind": "other", "reason": "r", "email": "Dear Rosalind", "next_step": "a talk",
    "next_step_on": NEXT_WEEK, "answer_to": "Cleo",
}  # fmt: skip


@pytest.fixture
def ada(client):
    return make.signed_in_staff(client, "ada")


def amend(member, message="something nobody has read"):
    change_message(Member.objects.filter(pk=member.pk), message)


def amend_as_a_member(member):
    change_answers(Member.objects.filter(pk=member.pk), pronouns="ze")


def page(name, member, *more, **query):
    address = reverse(f"admin:members_member_{name}", args=[member.pk, *more])
    return f"{address}?{urlencode(query)}" if query else address


def record(client, member):
    """Opens the record for a reason."""
    return Page(client.post(page("change", member), {"reason": "to read it"}, follow=True).content.decode())


def version_on(shown):
    return shown.one(name="version")["value"]


def status_of(member):
    member.refresh_from_db()
    return member.status


DECISIONS = {
    "approve": ("action", "approve"),
    "decide later": ("action", "keep-waiting"),
    "close": ("action", "close"),
    "not now": ("not_now",),
    "same person": ("same",),
}


@pytest.mark.parametrize("decision", DECISIONS.values(), ids=DECISIONS)
class TestADecisionNamesItsVersion:
    @pytest.fixture
    def decide(self, client, decision):
        kept = cast.waiting(email="kept@mailbox.example")
        name, *more = decision

        def decide(member, version):
            said = {**PARTING, "kept": kept.number, **({"version": version} if version else {})}
            return client.post(page(name, member, *more), said, follow=True).content.decode()

        return decide

    def test_on_the_read_version_it_counts(self, client, ada, decide):
        member = cast.waiting()
        decide(member, version_on(record(client, member)))
        assert status_of(member) not in [Status.WAITING]

    def test_on_a_changed_version_it_does_not(self, client, ada, decide):
        member = cast.waiting()
        seen = version_on(record(client, member))
        amend(member)
        assert CHANGED in decide(member, seen)
        assert (status_of(member), member.proposed_by) == (Status.WAITING, None)

    def test_a_page_of_the_release_before_names_no_version_and_counts_as_the_opened_one(self, client, ada, decide):
        member = cast.waiting()
        record(client, member)
        amend(member)
        assert CHANGED in decide(member, "")
        assert status_of(member) == Status.WAITING

    def test_on_a_version_changed_after_the_check_it_does_not(self, client, ada, decide, monkeypatch):
        member = cast.waiting()
        seen = version_on(record(client, member))

        def check(request, checked):
            amend(member)
            return False

        monkeypatch.setattr("members.review.admin.changed_since_seen", check)
        monkeypatch.setattr("members.review.admin.never_opened", lambda user, members: [])
        assert CHANGED in decide(member, seen)
        assert status_of(member) == Status.WAITING


def test_asking_to_leave_names_its_version(client, ada):
    member = cast.waiting()
    approve(member.as_read, by=ada)
    seen = version_on(record(client, member))
    amend_as_a_member(member)
    answers = [
        client.post(page("end_membership", member, version=version), PARTING, follow=True) for version in (seen, "2")
    ]
    assert [CHANGED in answer.content.decode() for answer in answers] == [True, False]
    assert status_of(member) == Status.ENDING_MEMBERSHIP


def test_unflagging_an_application_names_its_version(client, ada):
    first = cast.without_email(flag_reason="too_fast")
    member = cast.ask(first)
    seen = version_on(record(client, member))
    cast.ask(cast.without_email(message="something nobody has read", previous_token=first.form_token))
    assert CHANGED in client.post(page("unflag", member), {"version": seen}, follow=True).content.decode()
    member.refresh_from_db()
    assert member.flag_reason == "too_fast"


def test_the_page_of_not_now_is_about_the_version_that_was_read(client, ada):
    member = cast.waiting()
    [link] = [a["href"] for a in record(client, member).all(tag="a") if "not-now" in a.get("href", "")]
    amend(member)
    assert CHANGED in client.get(link, follow=True).content.decode()


def test_a_changed_application_is_shown_again_in_the_review_and_can_be_decided(client, ada):
    member = cast.waiting()
    client.post(reverse("admin:members_member_start_reading"))
    read = reverse("admin:members_member_read")
    seen = version_on(Page(client.get(read).content.decode()))
    amend(member)
    said = {"review_session": "1", "version": seen}
    again = client.post(page("action", member, "approve"), said, follow=True).content.decode()
    assert (CHANGED in again, "something nobody has read" in again) == (True, True)
    client.post(page("action", member, "approve"), {**said, "version": version_on(Page(again))})
    assert status_of(member) == Status.APPROVED


def test_a_changed_application_is_opened_for_a_reason_again(client, ada):
    member = cast.waiting()
    record(client, member)
    amend(member)
    assert "something nobody has read" not in client.get(page("change", member)).content.decode()
    assert "something nobody has read" in record(client, member).one(id="content")["text"]


def test_undoing_does_not_require_reading(client, ada):
    member = cast.waiting()
    decline(member.as_read, by=ada)
    amend(member)
    client.post(page("action", member, "undo"), {"version": "1"})
    assert status_of(member) == Status.WAITING


def test_an_opening_is_logged_with_the_version(client, ada):
    member = cast.waiting()
    record(client, member)
    amend(member)
    record(client, member)
    opened = AccessLog.objects.filter(action="opened").order_by("pk")
    assert [row.field_names.split()[-1] for row in opened] == ["version:1", "version:2"]


def test_no_unread_version_gets_a_not_now(client, ada):
    member = cast.waiting()
    address = reverse("admin:members_member_not_now", args=[member.pk]) + f"?version={member.version}"
    client.post(address, {"opening-reason": "to say not now"})
    client.post(address, {"reason_kind": "other", "reason": "no", "email": "Dear", "version": member.version})
    assert Member.objects.get().status == "waiting"


def test_the_review_reports_a_not_now_that_an_amendment_undid(client, ada):
    member = cast.waiting()
    decline(member.as_read, by=ada)
    amend(member)
    end_grace_periods(Member.objects.all())
    client.post(reverse("admin:members_member_start_reading"))
    page_of_review = client.get(reverse("admin:members_member_read")).content.decode()
    told = "That decision was undone, and no email went out." in page_of_review
    assert (told, "something nobody has read" in page_of_review) == (True, True)
