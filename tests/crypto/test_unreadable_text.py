"""A value that cannot be decrypted on the pages of its own row: words in its place, and no form saves over it."""

from html import unescape

import pytest
from django.urls import reverse

from members.models import Inquiry, Member
from members.review.versions import with_version
from s4jr.accounts.models import User
from s4jr.audit.models import AccessLog
from s4jr.crypto.blind_index import blind_index
from s4jr.crypto.fields import Ciphertext, DecryptionError
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


@pytest.fixture(autouse=True)
def _no_time_to_wait(monkeypatch):
    monkeypatch.setattr("s4jr.security.constant_time.STEP", 0.001)


@pytest.fixture
def client(client):
    client.raise_request_exception = False
    return client


@pytest.fixture
def member():
    member = cast.waiting(pronouns="ze/hir", ways_to_help="policy behind", access_needs="captions")
    cast.put(member, "approved")
    return member


def come_in(client, member):
    """With a link and the code: everything is shown."""
    client.post("/my-details/", {"do": "send_link", "email": cast.ADDRESS})
    client.post(cast.paths_in(OutgoingEmail.objects.get(kind="open-details").body)[0])
    client.post("/my-details/", {"do": "give_code", "code": code_of_form(member.form_token)})


def kept(row, name):
    """What the database holds, undecrypted."""
    return type(row).objects.filter(pk=row.pk).values_list(name, flat=True).get()


def opened_by_staff(client, member):
    ada = make.signed_in_staff(client)
    read = with_version(member, ["message"])
    AccessLog.objects.note(who=ada, action="opened", records=[member], field_names=read)
    return ada


# --- a member's own information


def test_a_member_reads_that_it_cannot_be_read_and_all_the_rest(client, member):
    come_in(client, member)
    for name in ("pronouns", "ways_to_help"):
        break_one(member, name)
    for page in ("/my-details/", "/my-details/all/show/"):
        said = client.get(page).content.decode()
        assert (FOR_PEOPLE in said, "captions" in said) == (True, True)


def test_a_form_that_shows_the_rest_keeps_it_as_it_was(client, member):
    come_in(client, member)
    break_one(member, "name")
    break_one(member, "ways_to_help")
    page = client.get("/my-details/change/about-you/").content.decode()
    assert "Leave this empty to keep what we have. What you type replaces it." in page
    assert client.post("/my-details/change/about-you/", {"name": "", "pronouns": "she/her"}).status_code == 302
    assert client.post("/my-details/change/help/", {"access_needs": "a ramp"}).status_code == 302
    changed = Member.objects.get(pk=member.pk)
    assert (changed.pronouns, changed.access_needs) == ("she/her", "a ramp")
    assert {kept(member, name) for name in ("name", "ways_to_help")} == {Ciphertext(BROKEN)}


def test_what_a_person_types_in_its_place_replaces_it(client, member):
    come_in(client, member)
    break_one(member, "name")
    client.post("/my-details/change/about-you/", {"name": "Rosalind", "pronouns": "ze/hir"})
    assert Member.objects.get(pk=member.pk).name == "Rosalind"


# --- admins


def test_the_record_says_so_and_shows_the_rest(client):
    member = cast.waiting(pronouns="ze/hir")
    make.signed_in_staff(client)
    break_one(member, "message")
    address = reverse("admin:members_member_change", args=[member.pk])
    page = client.post(address, {"reason": "to read it"}, follow=True).content.decode()
    assert (FOR_ADMINS in page, "ze/hir" in page) == (True, True)


def test_a_user_whose_address_is_broken_is_saved_without_touching_it(client):
    make.signed_in_staff(client)
    orla = make.person_who_signs_in("orla", address="orla@mailbox.example")
    break_one(orla, "address")
    address = reverse("admin:accounts_user_change", args=[orla.pk])
    assert unescape(FOR_ADMINS) in client.get(address).content.decode()
    assert client.post(address, {"username": "orla", "address": "", "is_active": "on"}).status_code == 302
    assert kept(orla, "address") == Ciphertext(BROKEN)


def test_a_display_name_that_is_broken_is_not_emptied_by_saving(client):
    ada = make.signed_in_staff(client)
    break_one(ada, "display_name")
    client.post("/account/known-as/", {"display_name": ""})
    assert kept(ada, "display_name") == Ciphertext(BROKEN)
    client.post("/account/known-as/", {"display_name": "Ada"})
    assert User.objects.get(pk=ada.pk).display_name == "Ada"


def test_a_list_to_download_says_so_in_its_cell(client, member):
    make.signed_in_staff(client)
    break_one(member, "name")
    said = {"reason": "to print it", "status": ["approved"]}
    lines = b"".join(client.post(reverse("admin:members_member_export"), said)).decode()
    assert (unescape(FOR_PEOPLE) in lines, cast.ADDRESS in lines) == (True, True)


# --- emails


def test_approving_somebody_whose_address_is_broken_writes_no_email(client):
    member = cast.waiting()
    opened_by_staff(client, member)
    break_one(member, "email")
    response = client.post(reverse("admin:members_member_action", args=[member.pk, "approve"]))
    status = Member.objects.only("status").get(pk=member.pk).status
    assert (response.status_code, status, OutgoingEmail.objects.count()) == (302, "approved", 0)


def test_an_email_is_never_filled_in_with_words_for_a_page(client):
    member = cast.waiting()
    opened_by_staff(client, member)
    break_one(member, "name")
    response = client.post(reverse("admin:members_member_action", args=[member.pk, "approve"]), {"reason": "the heron"})
    status = Member.objects.only("status").get(pk=member.pk).status
    assert (response.status_code, status, OutgoingEmail.objects.count()) == (409, "waiting", 0)
    assert "the heron" in response.content.decode()


def test_an_answer_is_kept_where_the_address_is_broken(client):
    inquiry = inquiries.written()
    make.signed_in_staff(client)
    break_one(inquiry, "email")
    address = reverse("admin:members_inquiry_change", args=[inquiry.pk])
    client.post(address, {"reason": "to answer it"})
    client.post(reverse("admin:members_inquiry_answer", args=[inquiry.pk]), {"words": "Hello.", "seen": inquiry.turn})
    assert Inquiry.objects.get(pk=inquiry.pk).state == "answered"
    assert [word.words for word in inquiry.said.filter(is_answer=True)] == ["Hello."]
    assert OutgoingEmail.objects.filter(kind="inquiry-answer").count() == 0


# --- what stands for it


def test_it_goes_back_into_its_own_column_and_into_no_other():
    member, stands = cast.waiting(), unreadable_text(BROKEN, "member.name")
    Member.objects.filter(pk=member.pk).update(name=stands)
    assert kept(member, "name") == Ciphertext(BROKEN)
    with pytest.raises(DecryptionError):
        Member.objects.filter(pk=member.pk).update(email=stands)


def test_its_words_alone_are_never_kept_as_a_value():
    member = cast.waiting()
    with pytest.raises(DecryptionError):
        Member.objects.filter(pk=member.pk).update(name=str(unreadable_text(BROKEN, "member.name")))


def test_it_is_nobodys_address():
    assert blind_index(unreadable_text(BROKEN, "member.email")) == ""
