"""Every email to a discreet member's address is discreet, no matter who typed the address."""

import ast
import secrets

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chapters.models import VolunteerOffer
from chapters.representatives import appointments
from chapters.volunteer_offers.services import OfferSubmission, accept, make_offer
from members.applications.confirmation_lists import write_due_lists
from members.inquiries import services as inquiry_services
from members.models import Inquiry, Member, Rsvp
from members.rsvps.notifications import send_links, tell_of_changes
from members.rsvps.services import confirm_rsvp
from members.self_service.services import make_emails_discreet
from s4jr.mail.contact_preference import discreet_among
from s4jr.mail.discreet import coalition_words_in
from s4jr.mail.mailbox import mailbox_indexes
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.services import queue_emails
from tests import cast, make
from tests.chapters.representative_messages import cast as messages
from tests.members.inquiries import people as inquiries
from tests.members.rsvps import people as meetings
from tests.test_architecture import ROOT

pytestmark = pytest.mark.django_db
TOLD = "We read it: the justice coalition and its survivors thank you."


def an_rsvp():
    meeting = meetings.a_meeting(title="Survivors: planning around a new bill", audience="public")
    row = meetings.guest(meeting, email=cast.ADDRESS)
    confirm_rsvp(Rsvp.objects.filter(pk=row.pk))
    meetings.later(meeting, hours=47, minutes=40)
    send_links(timezone.now())
    meeting.is_canceled = True
    meeting.sequence += 1
    meeting.save()
    tell_of_changes(timezone.now())


def an_inquiry():
    inquiry = inquiries.written(email=cast.ADDRESS)
    ada = make.admin("ada")
    inquiry_services.answer(Inquiry.objects.filter(pk=inquiry.pk), TOLD, by=ada, seen=inquiry.turn)


def a_message():
    messages.answer(messages.message(messages.representative(), email=cast.ADDRESS), TOLD)


def an_unanswered_message():
    to = messages.representative()
    messages.message(to, email=cast.ADDRESS)
    appointments.end_term(to, by=make.admin("ada"))


def an_offer():
    said = {"kind": "represent", "contact": "yes", "name": "Nele", "email": cast.ADDRESS, "region": "CA-ON"}
    make_offer(OfferSubmission(form_token=secrets.token_hex(16), country="CA", **said))
    accept(VolunteerOffer.objects.all(), by=make.admin("ada"))


def an_application():
    cast.ask(name="Somebody Else", email=cast.ADDRESS)


FORMS = [an_rsvp, an_inquiry, a_message, an_unanswered_message, an_offer, an_application]


@pytest.fixture
def member(db):
    """Rosalind, an approved member who chose discreet emails."""
    member = cast.waiting(contact="discreet")
    cast.put(member, "approved")
    return member


def emails_to_her():
    found = OutgoingEmail.objects.filter(to_index=cast.application().email_index)
    return [f"{email.subject}\n{email.body}" for email in found]


@pytest.mark.parametrize("form", FORMS)
def test_forms_with_her_address_do_not_make_an_email_telling(member, form):
    form()
    written = emails_to_her()
    assert (len(written) > 0, [coalition_words_in(email) for email in written]) == (True, [[]] * len(written))


@pytest.mark.parametrize("form", FORMS)
def test_another_spelling_of_her_address_does_not_either(member, form, monkeypatch):
    monkeypatch.setattr(cast, "ADDRESS", cast.ADDRESS.replace("@", "+x@"))
    form()
    written = emails_to_her()
    assert (len(written) > 0, [coalition_words_in(email) for email in written]) == (True, [[]] * len(written))


@pytest.mark.parametrize("form", [an_rsvp, an_inquiry, a_message])
def test_for_other_addresses_the_same_forms_send_the_usual_emails(form):
    form()
    assert [email for email in emails_to_her() if coalition_words_in(email)] != []


def is_discreet(address):
    mailbox = mailbox_indexes(address)
    return discreet_among([mailbox, mailbox_indexes("another@mailbox.example")]) == {mailbox.to_index}


class TestWhoseChoiceItIs:
    def test_the_owners_choice_overrides_unconfirmed_applications(self, member):
        Member.objects.filter(pk=member.pk).update(contact="yes")
        cast.ask(name="Somebody Else", email=cast.ADDRESS, contact="discreet")
        assert is_discreet(cast.ADDRESS) is False

    def test_until_someone_confirms_the_most_discreet_choice_wins(self):
        cast.ask(contact="discreet")
        cast.ask(name="Somebody Else", contact="yes")
        assert is_discreet(cast.ADDRESS) is True

    @pytest.mark.parametrize(
        ("hers", "typed", "discreet"),
        [
            ("rosalind@mailbox.example", "Rosalind+x@mailbox.example", True),
            ("rosalind+forms@mailbox.example", "rosalind@mailbox.example", True),
            ("rosalind+forms@mailbox.example", "rosalind+x@mailbox.example", True),
            ("rosalind@gmail.com", "r.osalind@gmail.com", True),
            ("r.osalind@gmail.com", "rosalind@googlemail.com", True),
            ("r.osalind@gmail.com", "rosalin.d+x@gmail.com", True),
            ("rosalind+x@gmail.com", "r.osalind@gmail.com", True),
            ("r.osalind@mailbox.example", "rosalind@mailbox.example", False),
            ("rosalind@mailbox.example", "rosalind@gmail.com", False),
        ],
    )
    def test_it_applies_to_every_spelling_of_her_inbox_and_no_other(self, hers, typed, discreet):
        cast.put(cast.waiting(email=hers, contact="discreet"), "approved")
        assert (is_discreet(hers), is_discreet(typed)) == (True, discreet)

    def test_confirming_both_spellings_applies_it_to_both(self):
        cast.put(cast.waiting(contact="discreet"), "approved")
        cast.put(cast.waiting(email="rosalind+x@mailbox.example", contact="yes"), "approved")
        assert (is_discreet(cast.ADDRESS), is_discreet("rosalind+x@mailbox.example")) == (True, True)

    def test_typing_another_spelling_does_not_make_the_owners_emails_discreet(self):
        cast.put(cast.waiting(), "approved")
        cast.ask(name="Somebody Else", email="rosalind+x@mailbox.example", contact="discreet")
        assert is_discreet(cast.ADDRESS) is False

    def test_a_former_members_choice_holds_as_long_as_the_address_is_kept(self, member):
        cast.put(member, "declined")
        assert is_discreet(cast.ADDRESS) is True

    @pytest.mark.parametrize("status", ["left", "declined", "membership_ended", "closed"])
    @pytest.mark.parametrize("typed", [cast.ADDRESS, "rosalind+x@mailbox.example"])
    def test_a_strangers_confirmed_application_does_not_override_a_former_member(self, member, status, typed):
        """She confirms his application by mistake, which says that email is safe."""
        cast.put(member, status)
        his = cast.ask(name="Mallory", email=typed, contact="yes")
        cast.put(his, "approved")
        assert (is_discreet(cast.ADDRESS), is_discreet(typed)) == (True, True)

    @pytest.mark.parametrize("status", ["unconfirmed", "duplicate_address"])
    def test_an_unconfirmed_or_duplicate_application_does_not_either(self, member, status):
        cast.put(member, "left")
        cast.put(cast.ask(name="Mallory", contact="yes"), status)
        assert is_discreet(cast.ADDRESS) is True

    def test_a_duplicate_does_not_change_how_discreet_the_owners_emails_are(self, member):
        cast.put(cast.ask(name="Mallory", contact="discreet"), "duplicate_address")
        Member.objects.filter(pk=member.pk).update(contact="yes")
        assert is_discreet(cast.ADDRESS) is False

    def test_the_outbox_takes_the_same_queries_for_known_and_unknown_addresses(self, member):
        counts = []
        for to in (cast.ADDRESS, "nobody@mailbox.example"):
            with CaptureQueriesContext(connection) as asked:
                queue_emails([cast.email(to=to, discreetly=lambda: ("A subject", "A body.\n"))])
            counts.append(len(asked))
        assert (counts[0] == counts[1], OutgoingEmail.objects.count()) == (True, 2)


@pytest.mark.parametrize("typed", [cast.ADDRESS, "rosalind+x@mailbox.example"])
def test_choosing_it_cancels_pending_emails_from_others(member, typed, monkeypatch):
    Member.objects.filter(pk=member.pk).update(contact="yes")
    monkeypatch.setattr(cast, "ADDRESS", typed)
    an_inquiry()
    cast.written(to=cast.ADDRESS, kind="admin-digest")
    make_emails_discreet(Member.objects.filter(pk=member.pk))
    states = dict(OutgoingEmail.objects.exclude(kind="admin-inquiry").values_list("kind", "state"))
    assert states == {"inquiry-answer": "canceled", "admin-digest": "pending"}


@pytest.mark.parametrize("kind", ["confirm", "confirm-list"])
def test_an_application_whose_email_is_canceled_this_way_is_named_discreetly_in_the_next_list(member, kind):
    Member.objects.filter(pk=member.pk).update(contact="yes")
    asked = cast.ask(name="Dunja")
    assert OutgoingEmail.objects.filter(about=asked.about, kind="confirm").update(kind=kind) == 1
    make_emails_discreet(Member.objects.filter(pk=member.pk))
    assert write_due_lists() == 1
    written = OutgoingEmail.objects.get(to_index=member.email_index, kind__startswith="confirm", state="pending")
    assert coalition_words_in(written.subject + written.body) == []


# --- every kind of email

#: These go to users at an address that an admin entered, and name no cause in any form.
OF_STAFF = {
    "chapters/representatives/email_address.py",
    "chapters/representatives/group_messages.py",
    "chapters/representatives/stepping_down.py",
    "chapters/representative_messages/notifications.py", "chapters/representatives/renewal_emails.py",
    "members/review/notifications.py",
    "members/inquiries/notifications.py",
}  # fmt: skip
OF_STAFF_TOO = {"chapters/representatives/emails.py": 1, "members/announcements/emails.py": 1}


def test_every_email_of_the_domain_apps_exists_in_both_forms():
    plain = {}
    for path in [
        path for app in ("chapters", "members") for path in (ROOT / app).rglob("*.py") if "demo" not in path.parts
    ]:
        calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
        emails = [call for call in calls if getattr(call.func, "id", "") == "Email"]
        name = str(path.relative_to(ROOT))
        if count := len([call for call in emails if "in_both_forms" not in ast.unparse(call)]):
            plain[name] = count
    assert plain == {**dict.fromkeys(OF_STAFF, 1), **OF_STAFF_TOO}
