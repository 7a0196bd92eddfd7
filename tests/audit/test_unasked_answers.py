"""An admin page that reveals whether an address is a member's, or gets no emails, counts the question (THREATS 50).

The question may come from the admin itself, or from a form of the site that the same user sends before opening the
admin's lists.
"""

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from chapters.models import Meeting, Representative
from members.models import Announcement
from members.self_service.requested_emails import send_sign_in_link
from tests import cast, make
from tests.chapters.representative_messages import cast as messages
from tests.chapters.volunteer_offers.test_views import offered
from tests.members.announcements.cast import announcement
from tests.members.inquiries import people as inquiries
from tests.members.rsvps import people as meetings
from tests.reading import Page
from tests.twins import DRAWN, TYPED, Twins, a_member, a_stop, lists

pytestmark = pytest.mark.django_db
IMPORT, FIND = reverse("admin:members_member_import"), reverse("admin:members_member_find")
BY_NAME = reverse("admin:members_member_find_by_name")
USER = {"username": "newcomer", "address": TYPED, "is_active": "on"}


@pytest.fixture
def twins(client):
    """A coordinator, who has every permission except to assign roles."""
    user = make.signed_in_staff(client, "grace", superuser=False)
    user.groups.add(Group.objects.get(name="Coordinator"))
    type(user).objects.filter(pk=user.pk).update(address="grace@mailbox.example")
    messages.representative()
    meetings.a_meeting(audience="public")
    announcement()
    client.get(reverse("admin:index"))  # clears the welcome message
    return Twins(client, user)


# --- questions in the admin


def preview_import(client):
    file = SimpleUploadedFile("list.csv", f"name,email\nZenobia Testperson,{TYPED}\n".encode())
    return [client.post(IMPORT, {"file": file})]


def import_list(client):
    [page] = preview_import(client)
    fields = Page(page.content.decode()).all(type="hidden")
    carried = {field["name"]: field.get("value", "") for field in fields}
    said = {**carried, "agreed": "on", "reason": "an old list", "action": "confirm"}
    return [client.post(IMPORT, said, follow=True)]


def search_every_list(client):
    return [client.get(where, {"q": TYPED}) for where in lists()]


def send_a_test_email(client):
    return [client.post(reverse("admin:mail_test_email"), {"to": TYPED}, follow=True)]


def try_an_announcement(client):
    trial = reverse("admin:members_announcement_test", args=[Announcement.objects.get().pk])
    return [client.post(trial, {"to": TYPED}, follow=True)]


def stop_emails(client):
    return [client.post(reverse("admin:mail_suppression_add"), {"address": TYPED}, follow=True)]


def look_a_stop_up(client):
    return [client.post(reverse("admin:mail_suppression_find"), {"term": TYPED}, follow=True)]


def find_by_address(client):
    return [client.post(FIND, {"term": TYPED, "reason": "they called"})]


def find_by_name(client):
    return [client.post(BY_NAME, {"name": "Zenobia", "reason": "they called"})]


def add_a_user(client):
    page = client.post(reverse("admin:accounts_user_add"), USER)
    return [
        page,
        client.post(reverse("admin:accounts_user_recover", args=[make.User.objects.get(username="newcomer").pk])),
    ]


def appoint(client):
    begins_on = "2026-01-01"
    said = {"place": "CA-NU", "username": "orla", "address": TYPED, "language": "en", "begins_on": begins_on}
    return [client.post(reverse("admin:chapters_representative_add"), said)]


# --- forms of the site, sent by a user who then reads the admin's lists


def ask_for_a_link(client):
    send_sign_in_link(TYPED, "en")


def ask_to_join(client):
    cast.ask(email=TYPED)


def write_to_the_coalition(client):
    inquiries.written(email=TYPED)


def write_to_a_representative(client):
    messages.message(Representative.objects.get(), email=TYPED)


def offer_help(client):
    offered(email=TYPED)


def answer_an_invitation(client):
    meetings.guest(Meeting.objects.get(), email=TYPED)


COUNTED = [import_list, stop_emails, look_a_stop_up, find_by_address, find_by_name, add_a_user, appoint]
FREE_IN_THE_ADMIN = [preview_import, search_every_list, send_a_test_email, try_an_announcement]
FREE_ON_THE_SITE = [
    ask_for_a_link, ask_to_join, write_to_the_coalition, write_to_a_representative, offer_help, answer_an_invitation
]  # fmt: skip


@pytest.mark.parametrize("known", [a_member, a_stop])
@pytest.mark.parametrize("acts", [FREE_IN_THE_ADMIN, FREE_ON_THE_SITE])
def test_free_actions_reveal_nothing(twins, known, acts):
    assert twins.answers(known, *acts) == ([], (0, 0))


@pytest.mark.parametrize("known", [a_member, a_stop])
@pytest.mark.parametrize("act", COUNTED)
def test_revealing_actions_are_counted_once_whatever_the_answer(twins, known, act):
    assert twins.answers(known, act, pages=[])[1] == (1, 1)


@pytest.mark.parametrize("number", ["4F2A91", "ABCDEF", "123456", "4f2a91", "abcdefab"])
def test_the_comparison_ignores_random_numbers(number):
    assert DRAWN.sub("#", f"Conversation M{number} of No. {number}") == "Conversation M# of No. #"


def test_the_comparison_finds_a_revealing_answer(twins, monkeypatch):
    assert twins.answers(a_member, find_by_address, pages=[]) == (["find_by_address 0"], (1, 1))
    monkeypatch.setattr("s4jr.mail.listed_emails.TO_TYPED_ADDRESSES", ())
    outbox = reverse("admin:mail_outgoingemail_changelist")
    assert twins.answers(a_member, ask_for_a_link, pages=[outbox]) == ([outbox], (0, 0))
