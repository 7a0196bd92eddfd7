"""Inquiries, saved replies, messages to representatives, volunteer offers, and a draft of an announcement."""

import secrets
from datetime import timedelta
from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone

from chapters.models import ConversationMessage, RepresentativeMessage, VolunteerOffer
from chapters.representative_messages import services as messages
from chapters.representative_messages.moderation import report
from chapters.volunteer_offers.services import OfferSubmission, accept, decline, make_offer, mark_talked
from members.announcements.forms import AnnouncementForm
from members.demo.people import FICTIONAL, WITHOUT_ADDRESS
from members.demo.representatives import representative
from members.demo.sign_ins import staff
from members.inquiries import services as inquiries
from members.inquiries.querysets import InquiryQuerySet
from members.models import Inquiry
from s4jr.accounts.models import User
from s4jr.conversations.models import SavedReply

ENDS = "This is fictional."
ANSWER = f"Thank you for writing. We read it together and would be glad to talk.\n\n{ENDS}"
DRAFT = {
    "audience": "news",
    "subject": "Three dates for your calendar",
    "body": f"Hello,\n\nhere are three dates, and what you can do before each of them.\n\n{ENDS}",
    "discreet_subject": "Three dates",
    "discreet_body": f"Hello,\n\nthere are three new dates.\n\n{ENDS}",
}


SAVED_REPLIES = (
    ("Thank you for writing", "en", "admins", f"Thank you for writing to us. We read it together.\n\n{ENDS}"),
    ("Thank you for writing", "fr-ca", "admins", f"Merci de nous avoir écrit. Nous l’avons lu ensemble.\n\n{ENDS}"),
    ("Where to find a meeting", "en", "admins", f"You find the next meetings on our page with meetings.\n\n{ENDS}"),
    ("I need a few days", "en", "representatives", f"Thank you for writing. I’ll answer within a week.\n\n{ENDS}"),
    ("Where to get help now", "en", "representatives", f"Our page “Get help now” lists support lines.\n\n{ENDS}"),
)


def add_conversations(by: User) -> None:
    _add_inquiries(by)
    _add_saved_replies()
    _add_messages(by)
    _add_offers(by)
    form = AnnouncementForm(DRAFT)
    if not form.is_valid():
        raise ValueError(form.errors.as_text())
    form.instance.made_by = by
    form.save()


def _writer(n: int) -> dict[str, Any]:
    """The sender's part of a form. Every third sender leaves no address."""
    said = {"form_token": secrets.token_hex(16)}
    if n % 3 == 2:
        return {"contact": "none", "name": WITHOUT_ADDRESS[n // 3 % len(WITHOUT_ADDRESS)], **said}
    return {"contact": "yes", "name": f"Writer {n + 1}", "email": f"writer{n + 1}@people{FICTIONAL}", **said}


def _grow_old(rows: QuerySet, days: int, *names: str) -> None:
    """Moves these dates back by `days`."""
    rows.update(**{name: F(name) - timedelta(days=days) for name in names})


# --- to the coalition

INQUIRIES = (
    ("coalition", "Do you have a leaflet that we could print for our library?", 4),
    ("press", "I write for a fictional newspaper. Could we talk before my deadline?", 1),
    ("policy", "Which bills are you reading at the moment?", 9),
    ("chapter", "Is there a chapter near Portland?", 3),
    ("website", "The map is hard to read on my phone.", 6),
    ("coalition", "Could somebody speak at our school?", 12),
)


def _add_inquiries(by: User) -> None:
    """Adds inquiries: open, taken by a volunteer, answered, closed, flagged, and one about safety with two readers."""
    asked = [_inquire(n, topic, words, days) for n, (topic, words, days) in enumerate(INQUIRIES)]
    for inquiry in (asked[2], asked[4]):
        inquiries.answer(_inquiry(inquiry), ANSWER, by=by, seen=inquiry.turn)
    inquiries.close(_inquiry(asked[5]), by=by, seen=asked[5].turn)
    inquiries.claim(_inquiry(asked[1]), by=staff("Press"), seen=asked[1].turn)
    _inquire(6, "website", "Better ranking for your page. Click here.", 0, flag_reason="too_fast")
    readers = (staff("Care"), by)
    _inquire(8, "safety", "Something was said in a meeting that should not have been said.", 2, readers=readers)


def _add_saved_replies() -> None:
    names = ("title", "language", "audience", "text")
    replies = [SavedReply(**dict(zip(names, reply, strict=True))) for reply in SAVED_REPLIES]
    SavedReply.objects.bulk_create(replies)


def _inquire(n: int, topic: str, words: str, days: int, **more: Any) -> Inquiry:
    deadline = timezone.now().date() + timedelta(days=3) if topic == "press" else None
    said = inquiries.InquirySubmission(topic=topic, words=f"{words} {ENDS}", deadline=deadline, **_writer(n), **more)
    inquiries.submit_inquiry(said)
    written = Inquiry.objects.filter(form_token=said.form_token)
    _grow_old(written, days, "received_on", "last_word_on")
    _grow_old(written.get().said.all(), days, "at")
    return written.get()


def _inquiry(inquiry: Inquiry) -> InquiryQuerySet:
    return Inquiry.objects.filter(pk=inquiry.pk)


# --- to a representative

MESSAGES = (
    ("I would like to come to a meeting and do not know which.", 1),
    ("Could you tell me what a skill share is?", 3),
    ("Is there something in French near Ottawa?", 5),
    ("Thank you for last time. When is the next one?", 2),
    ("May I bring a friend?", 9),
)


def _add_messages(by: User) -> None:
    """Adds messages: unread, answered, reported, unread for a week, and flagged."""
    wrote = [_write(n, words, days, coalition_may_answer=days > 7) for n, (words, days) in enumerate(MESSAGES)]
    for message in wrote[1:3]:
        _answer(message)
    _report(wrote[3])
    _write(5, "Win a prize. Click here.", 0, flag_reason="honeypot")


def _write(n: int, words: str, days: int, **more: Any) -> RepresentativeMessage:
    said = messages.MessageSubmission(representative=representative(), words=f"{words} {ENDS}", **_writer(n), **more)
    messages.submit_message(said)
    written = RepresentativeMessage.objects.filter(form_token=said.form_token)
    _grow_old(written, days, "received_on", "last_word_on")
    _grow_old(written.get().said.all(), days, "at")
    return written.get()


def _answer(message: RepresentativeMessage) -> None:
    """Marks the message as read and answers it, dated one day after it was received."""
    this, by = RepresentativeMessage.objects.filter(pk=message.pk), representative().user
    messages.mark_read(this, by=by)
    messages.answer(this, ANSWER, by=by, seen=message.turn, form_token=secrets.token_hex(16))
    days = (timezone.now().date() - message.received_on).days - 1
    _grow_old(this, days, "read_on", "first_answer_on", "last_word_on")
    _grow_old(message.said.filter(is_answer=True), days, "at")


def _report(message: RepresentativeMessage) -> None:
    """The representative reports the message."""
    this = RepresentativeMessage.objects.filter(pk=message.pk)
    messages.mark_read(this, by=representative().user)
    said = ConversationMessage.objects.filter(conversation=message)
    report(this, said.get().pk, f"I would rather not answer this. {ENDS}", answers=False)
    _grow_old(said, 1, "reported_on")


# --- offers

OFFERS = (
    ("represent", {"country": "CA", "region": "CA-AB"}, "I could answer messages on Sundays.", 4),
    ("start_chapter", {"country": "US", "region": "US-MN", "chapter_name": "Lakeland chapter", "area": "Duluth"},
     "There are four of us.", 8),
    ("represent", {"country": "FR"}, "Je pourrais répondre en français.", 11),
    ("represent", {"country": "US", "region": "US-VT"}, "I am not sure yet what it takes.", 15),
)  # fmt: skip


def _add_offers(by: User) -> None:
    """Adds offers: two waiting, one accepted, one declined, one flagged, and a chapter that may open after a talk."""
    offered = [_offer(n, *offer) for n, offer in enumerate(OFFERS)]
    accepted, declined = (VolunteerOffer.objects.filter(pk=offer.pk) for offer in offered[2:])
    accept(accepted, by=by)
    decline(declined, by=by)
    for decided in (accepted, declined):
        _grow_old(decided, 3, "decided_on")
    _offer(4, "represent", {"country": "US", "region": "US-NV"}, "Cheap flights.", 0, flag_reason="no_token")
    place = {"country": "US", "region": "US-WI", "chapter_name": "Kitchen Table chapter", "area": "Madison"}
    talked = VolunteerOffer.objects.filter(pk=_offer(6, "start_chapter", place, "There are two of us.", 9).pk)
    accept(talked, by=by)
    mark_talked(talked, by=by)


def _offer(n: int, kind: str, place: dict[str, str], words: str, days: int, **more: Any) -> VolunteerOffer:
    said = OfferSubmission(kind=kind, words=f"{words} {ENDS}", **place, **_writer(n), **more)
    make_offer(said)
    written = VolunteerOffer.objects.filter(form_token=said.form_token)
    _grow_old(written, days, "received_on")
    return written.get()
