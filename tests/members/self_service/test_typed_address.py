"""Typing an address into one's own information reveals nothing about its owner or their choices."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.models import Member, MemberLink
from members.purge import purge
from members.self_service.address_change import erase_address, request_address_change
from members.self_service.deletion_receipt import erase_with_receipt
from s4jr.crypto.blind_index import blind_index
from s4jr.mail.models import OutgoingEmail, Suppression
from s4jr.security.ratelimit import spend
from tests import cast, make

pytestmark = pytest.mark.django_db
TYPED = "stranger@mailbox.example"
PATH = "/my-details/change/address/"
TOO_OFTEN = "You asked to change your address several times today."
STATEMENTS = 10
STOPS = ["none", *Suppression.Reason.values, "another asked lately"]


def arrange(stop):
    """Creates the owner and the suppression of the typed address."""
    if stop in Suppression.Reason.values:
        make.stop(blind_index(TYPED), stop)
    elif stop == "another asked lately":
        other = cast.waiting(email="other@mailbox.example")
        request_address_change(Member.objects.filter(pk=other.pk), TYPED, "yes")


def sent():
    return OutgoingEmail.objects.filter(kind="confirm-change", state="pending").count()


def shown(client):
    """Returns all pages with the member's information, without what differs between visits."""
    pages = [client.get("/my-details/"), client.get("/my-details/all/show/"), client.get("/my-details/change/address/")]
    return [str(pages[0].context["rows"]), str(pages[1].context["data"]), pages[2].status_code]


def test_pages_are_the_same_for_any_choice_of_its_owner(client, member, come_in_by_both):
    seen = []
    for stop in STOPS:
        Suppression.objects.all().delete()
        OutgoingEmail.objects.all().delete()
        MemberLink.objects.all().delete()
        arrange(stop)
        come_in_by_both(member)
        client.post("/my-details/change/address/", {"email": TYPED})
        seen.append(shown(client))
        Member.objects.filter(email_index=blind_index("other@mailbox.example")).delete()
    assert seen == [seen[0]] * len(STOPS)


@pytest.mark.parametrize("stop", STOPS)
def test_it_takes_the_same_queries_for_any_choice_of_its_owner(member, stop):
    request_address_change(Member.objects.filter(pk=member.pk), "first@mailbox.example", "yes")  # loads the text blocks
    arrange(stop)
    with CaptureQueriesContext(connection) as asked:
        request_address_change(Member.objects.filter(pk=member.pk), TYPED, "yes")
    undone = [query for query in asked if "SAVEPOINT" not in query["sql"]]
    assert (len(undone), MemberLink.objects.filter(member=member, purpose="change").count()) == (STATEMENTS, 2)


@pytest.mark.parametrize("stop", STOPS)
def test_after_a_week_and_in_the_receipt_they_are_the_same_too(member, stop):
    arrange(stop)
    whose = Member.objects.filter(pk=member.pk)
    request_address_change(whose, TYPED, "yes")
    purge(timezone.now() + timedelta(days=6))
    member.refresh_from_db()
    assert member.new_email == TYPED
    purge(timezone.now() + timedelta(days=7, hours=1))
    member.refresh_from_db()
    erased = dict(erase_with_receipt(whose).erased)
    assert (member.new_email, erased["Links in our emails to you"]) == ("", None)
    assert erased["Emails to you, including any not sent yet"] is None


@pytest.mark.parametrize("stop", STOPS)
def test_the_emails_left_that_day_do_not_reveal_it(member, stop):
    arrange(stop)
    whose = Member.objects.filter(pk=member.pk)
    for _ in range(4):
        request_address_change(whose, TYPED, "yes")
    OutgoingEmail.objects.all().delete()
    for number in range(3):
        request_address_change(whose, f"own{number}@mailbox.example", "yes")
    assert sent() == 1


def test_a_suppression_still_holds(member):
    arrange("never")
    request_address_change(Member.objects.filter(pk=member.pk), TYPED, "yes")
    assert sent() == 0


def test_a_code_alone_reveals_no_suppression_of_its_address(client, member, come_in_by_code):
    seen = []
    for stop in ("", "never", "bounced"):
        Suppression.objects.all().delete()
        if stop:
            make.stop(member.email_index, stop)
        come_in_by_code(member)
        seen.append(shown(client)[:2])
    assert seen == [seen[0]] * 3
    assert "not shown with only your code" in seen[0][1]


@pytest.mark.parametrize("earlier_wishes", [4, 5, 9])
def test_a_link_alone_uses_up_no_requests_of_link_and_code(owner, other, member, code, earlier_wishes):
    for number in range(earlier_wishes):
        other.client.post(PATH, {"email": f"strangers{number}@mailbox.example"})
    owner.by_link(member)
    owner.give(do="give_code", code=code)
    owner.ask_for_address("safe@mailbox.example")
    member.refresh_from_db()
    assert member.email == "safe@mailbox.example"


def test_the_sixth_request_of_a_day_gets_an_error_and_keeps_the_fifth(other, member):
    pages = [other.client.post(PATH, {"email": f"wish{number}@mailbox.example"}, follow=True) for number in range(6)]
    member.refresh_from_db()
    assert [TOO_OFTEN in page.content.decode() for page in pages] == [False] * 5 + [True]
    assert (member.new_email, member.new_email_index) == ("wish4@mailbox.example", blind_index("wish4@mailbox.example"))


def test_with_a_code_alone_after_never_the_sixth_request_deletes_no_answers(owner, member, code):
    erase_address(Member.objects.filter(pk=member.pk))
    owner.by_code(code)
    for _ in range(5):
        spend("addresses asked for", f"{member.number} code", "5/d")
    page = owner.ask_for_address(contact="discreet", name="Ros").content.decode()
    member.refresh_from_db()
    assert (TOO_OFTEN in page, member.message, member.name) == (True, cast.MESSAGE, cast.NAME)
    assert (member.contact, member.new_email_index) == ("none", None)
