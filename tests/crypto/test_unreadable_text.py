"""If a value cannot be decrypted, its page shows a placeholder text, and no form overwrites the value."""

from html import unescape

import pytest
from django.urls import reverse

from members.models import Announcement, Inquiry, Member
from members.review.versions import with_version
from s4jr.accounts.models import User
from s4jr.audit.services import log_access
from s4jr.crypto.blind_index import blind_index
from s4jr.crypto.fields import Ciphertext, DecryptionError, name_in_logs
from s4jr.crypto.unreadable_text import unreadable_text
from s4jr.mail.models import OutgoingEmail
from s4jr.security.status_code import code_of_form
from tests import cast, make
from tests.attack.undecryptable import BROKEN
from tests.audit.test_unreadable_values import break_one
from tests.members.inquiries import people as inquiries

pytestmark = pytest.mark.django_db

FOR_PEOPLE = "We can’t read this right now. The site tells the coalition automatically."
FOR_ADMINS = "This encrypted value can’t be decrypted."


@pytest.fixture
def client(client):
    client.raise_request_exception = False
    return client


@pytest.fixture
def member():
    member = cast.waiting(pronouns="ze/hir", ways_to_help="policy behind", access_needs="captions")
    cast.put(member, "approved")
    return member


def sign_in_fully(client, member):
    """Sign in with a link and the code, so that the pages show everything."""
    client.post("/my-details/", {"do": "send_link", "email": cast.ADDRESS})
    client.post(cast.paths_in(OutgoingEmail.objects.get(kind="open-details").body)[0])
    client.post("/my-details/", {"do": "give_code", "code": code_of_form(member.form_token)})


def stored(row, name):
    """Return the stored value, still encrypted."""
    return type(row).objects.filter(pk=row.pk).values_list(name, flat=True).get()


def opened_by_staff(client, member):
    ada = make.signed_in_staff(client)
    read = with_version(member, ["message"])
    log_access(who=ada, action="opened", records=[member], field_names=read)
    return ada


# --- a member's own information


def test_a_member_sees_the_placeholder_and_the_other_fields(client, member):
    sign_in_fully(client, member)
    for name in ("pronouns", "ways_to_help"):
        break_one(member, name)
    for page in ("/my-details/", "/my-details/all/show/"):
        said = client.get(page).content.decode()
        assert (FOR_PEOPLE in said, "captions" in said) == (True, True)


def test_a_form_keeps_the_unreadable_value(client, member):
    sign_in_fully(client, member)
    break_one(member, "name")
    break_one(member, "ways_to_help")
    page = client.get("/my-details/change/about-you/").content.decode()
    assert "Leave this empty to keep what we have. What you type replaces it." in page
    assert client.post("/my-details/change/about-you/", {"name": "", "pronouns": "she/her"}).status_code == 302
    assert client.post("/my-details/change/help/", {"access_needs": "a ramp"}).status_code == 302
    changed = Member.objects.get(pk=member.pk)
    assert (changed.pronouns, changed.access_needs) == ("she/her", "a ramp")
    assert {stored(member, name) for name in ("name", "ways_to_help")} == {Ciphertext(BROKEN)}


def test_a_typed_value_replaces_the_unreadable_one(client, member):
    sign_in_fully(client, member)
    break_one(member, "name")
    client.post("/my-details/change/about-you/", {"name": "Rosalind", "pronouns": "ze/hir"})
    assert Member.objects.get(pk=member.pk).name == "Rosalind"


# --- admins


def test_the_record_shows_the_placeholder_and_the_other_fields(client):
    member = cast.waiting(pronouns="ze/hir")
    make.signed_in_staff(client)
    break_one(member, "message")
    address = reverse("admin:members_member_change", args=[member.pk])
    page = client.post(address, {"reason": "to read it"}, follow=True).content.decode()
    assert (FOR_ADMINS in page, "ze/hir" in page) == (True, True)


def test_saving_a_user_keeps_an_unreadable_address(client):
    make.signed_in_staff(client)
    orla = make.person_who_signs_in("orla", address="orla@mailbox.example")
    break_one(orla, "address")
    address = reverse("admin:accounts_user_change", args=[orla.pk])
    assert unescape(FOR_ADMINS) in client.get(address).content.decode()
    assert client.post(address, {"username": "orla", "address": "", "is_active": "on"}).status_code == 302
    assert stored(orla, "address") == Ciphertext(BROKEN)


def test_saving_keeps_an_unreadable_display_name(client):
    ada = make.signed_in_staff(client)
    break_one(ada, "display_name")
    client.post("/account/known-as/", {"display_name": ""})
    assert stored(ada, "display_name") == Ciphertext(BROKEN)
    client.post("/account/known-as/", {"display_name": "Ada"})
    assert User.objects.get(pk=ada.pk).display_name == "Ada"


def test_an_export_shows_the_placeholder_in_its_cell(client, member):
    make.signed_in_staff(client)
    break_one(member, "name")
    said = {"reason": "to print it", "status": ["approved"]}
    lines = b"".join(client.post(reverse("admin:members_member_export"), said)).decode()
    assert (unescape(FOR_PEOPLE) in lines, cast.ADDRESS in lines) == (True, True)


# --- emails


def test_approval_of_a_member_with_an_unreadable_address_writes_no_email(client):
    member = cast.waiting()
    opened_by_staff(client, member)
    break_one(member, "email")
    response = client.post(reverse("admin:members_member_action", args=[member.pk, "approve"]))
    status = Member.objects.only("status").get(pk=member.pk).status
    assert (response.status_code, status, OutgoingEmail.objects.count()) == (302, "approved", 0)


def test_an_email_never_contains_the_placeholder(client):
    member = cast.waiting()
    opened_by_staff(client, member)
    break_one(member, "name")
    response = client.post(reverse("admin:members_member_action", args=[member.pk, "approve"]), {"reason": "the heron"})
    status = Member.objects.only("status").get(pk=member.pk).status
    assert (response.status_code, status, OutgoingEmail.objects.count()) == (409, "waiting", 0)
    assert "the heron" in response.content.decode()


def test_an_answer_is_saved_if_the_address_is_unreadable(client):
    inquiry = inquiries.written()
    make.signed_in_staff(client)
    break_one(inquiry, "email")
    address = reverse("admin:members_inquiry_change", args=[inquiry.pk])
    client.post(address, {"reason": "to answer it"})
    client.post(reverse("admin:members_inquiry_answer", args=[inquiry.pk]), {"words": "Hello.", "seen": inquiry.turn})
    assert Inquiry.objects.get(pk=inquiry.pk).state == "answered"
    assert [word.words for word in inquiry.said.filter(is_answer=True)] == ["Hello."]
    assert OutgoingEmail.objects.filter(kind="inquiry-answer").count() == 0


# --- the placeholder


def test_the_placeholder_can_be_saved_only_into_its_own_column():
    member, stands = cast.waiting(), unreadable_text(BROKEN, "member.name")
    Member.objects.filter(pk=member.pk).update(name=stands)
    assert stored(member, "name") == Ciphertext(BROKEN)
    with pytest.raises(DecryptionError):
        Member.objects.filter(pk=member.pk).update(email=stands)


def test_the_text_of_the_placeholder_cannot_be_saved_as_a_value():
    member = cast.waiting()
    with pytest.raises(DecryptionError):
        Member.objects.filter(pk=member.pk).update(name=str(unreadable_text(BROKEN, "member.name")))


def test_the_placeholder_has_no_blind_index():
    assert blind_index(unreadable_text(BROKEN, "member.email")) == ""


def test_a_log_names_a_row_by_its_key_and_not_by_what_someone_wrote():
    row = Announcement(pk="2b1f0d3c-0000-4000-8000-000000000000", subject="Thursday at the library")
    assert (name_in_logs(row), "library" in str(row)) == (f"members.announcement {row.pk}", True)
