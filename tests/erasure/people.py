"""A person with data in every table that can hold some."""

import secrets
from datetime import timedelta

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from chapters.models import ConversationMessage, RepresentativeMessage, VolunteerOffer
from members.links import make_links
from members.models import (
    CredentialChange,
    Inquiry,
    Member,
    MemberLink,
    OwnCalendar,
    PlaceAlert,
    Sharing,
    Skill,
    SkillRequest,
)
from members.notes.services import add_note
from members.review.services import approve
from members.rsvps.personal_calendar import make_calendar
from members.rsvps.services import GuestAnswers, make_rsvp, make_rsvp_of_guest
from s4jr.audit.services import log_access
from s4jr.crypto.blind_index import blind_index
from s4jr.mail.models import OutgoingEmail, Suppression
from tests import cast, make
from tests.chapters.cast import one_of_many_chapters, person, representative
from tests.chapters.meetings.meetings import make_meeting

NAME, ADDRESS, WORDS = cast.NAME, cast.ADDRESS, "the heron stands"
INDEX_OF = blind_index
ANSWERS = {"pronouns": "heron/herons", "relation": "survivor", "ways_to_help": WORDS, "access_needs": WORDS}


def welcomed(by, **answers):
    """Create a member with every field and related row filled."""
    member = cast.waiting(**ANSWERS, **answers)
    log_access(who=by, action="opened", records=[member], reason=f"{NAME} asked on the phone")
    note_in_admin(by, member)
    approve(member.as_read, by=by)
    Member.objects.filter(pk=member.pk).update(
        reason=f"{NAME}: {WORDS}", new_email=ADDRESS, new_email_index=blind_index(ADDRESS), word_hash="fingerprint"
    )
    make_links([member], MemberLink.Purpose.OPEN, lasting=timedelta(minutes=20))
    add_note(member.row, f"{NAME}: {WORDS}", by=by)
    Sharing.objects.create(member=member, region="CA-ON", fields="name", since=timezone.now().date())
    PlaceAlert.objects.create(member=member, place="CA-ON", since=timezone.now().date())
    rsvps_to_a_meeting(member)
    asked_about_a_topic(member)
    for state in OutgoingEmail.State:
        email_in(state, about=member.about)
    member.refresh_from_db()
    return member


def one_of_many(number):
    """The member with this number: every field and related row is filled, and none is another's."""
    answers = {"email": f"rosalind{number}@mailbox.example", "chapter": one_of_many_chapters(number)}
    return welcomed(person(f"ada{number}"), **answers)


def rsvps_to_a_meeting(member):
    make_rsvp(make_meeting().pk, member, needs=WORDS)
    make_calendar(member, OwnCalendar.Shows.GOING)
    made = {"kind": "code", "value_hash": f"made by link for {member.number}", "made_at": timezone.now()}
    CredentialChange.objects.create(member=member, **made)
    moved = {"kind": "address", "value_hash": f"moved for {member.number}", "earlier_email": ADDRESS}
    CredentialChange.objects.create(member=member, made_at=timezone.now(), **moved)


def asked_about_a_topic(member):
    today = timezone.now().date()
    topic = Skill.objects.create(member=member, kind="teach", topic=WORDS, is_shared=True)
    SkillRequest.objects.create(skill=topic, by=representative(f"orla{topic.pk.hex}"), message=WORDS, asked_on=today)


def note_in_admin(by, member):
    kind = ContentType.objects.get_for_model(member)
    LogEntry.objects.create(
        user=by, content_type=kind, object_id=str(member.pk), object_repr=str(member), action_flag=CHANGE
    )


def email_in(state, about="", address=ADDRESS):
    """Create an email in this state, as the outbox would hold it."""
    email = cast.written(to=address, subject=f"To {NAME}", body=WORDS, about=about)
    now, is_flagged = timezone.now(), state in ("claimed", "committing")
    changes = {
        "state": state,
        "claim": email.pk if is_flagged else None,
        "lease_until": now + timedelta(minutes=10) if is_flagged else None,
        "sent_at": now if state in ("sent", "returned") else None,
    }
    emptied = {"to": "", "subject": "", "body": ""} if state in ("sent", "canceled", "bounced", "returned") else {}
    OutgoingEmail.objects.filter(pk=email.pk).update(**changes, **emptied)
    return email


def elsewhere(by):
    """Create what the same person left elsewhere with the same address."""
    cast.ask(message="from the laptop")
    make.stop(blind_index(ADDRESS), Suppression.Reason.UNSUBSCRIBED, scope="announcements")
    email_in("sent")
    inquiry = conversation(Inquiry, topic="press", number="WAAAAAA")
    inquiry.said.create(is_answer=False, words=WORDS, at=timezone.now())
    log_access(who=by, action="opened", records=[inquiry], reason=f"to answer {NAME}")
    email_in("pending", about=inquiry.about)
    message = conversation(RepresentativeMessage, number="AAAAAA")
    ConversationMessage.objects.create(conversation=message, is_answer=False, words=WORDS, at=timezone.now())
    today = {"received_on": timezone.now().date()}
    said = {
        "contact": "yes",
        "name": NAME,
        "email": ADDRESS,
        "needs": WORDS,
        "form_token": "a",
        "flag_reason": "honeypot",
    }
    make_rsvp_of_guest(make_meeting().pk, GuestAnswers(**said))
    said = {"number": "BBBBBB", "kind": "represent", "words": WORDS, "form_token": "b", "code_hash": "b"}
    VolunteerOffer.objects.create(**said, **asked(), **today)


def conversation(model, **said):
    today = timezone.now().date()
    token = secrets.token_hex(16)
    marks = {"form_token": token, "code_hash": token, "received_on": today, "last_word_on": today}
    return model.objects.create(**marks, **asked(), **said)


def asked():
    return {"contact": "yes", "name": NAME, "email": ADDRESS, "email_index": blind_index(ADDRESS)}


def ada():
    return make.admin("ada")
