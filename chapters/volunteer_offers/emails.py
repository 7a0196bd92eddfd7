"""Emails about an offer: accepted, not now, or its chapter is open. They do not name the coalition."""

from django.conf import settings

from chapters.models import Chapter, VolunteerOffer
from s4jr.conversations.emails import email_to_sender
from s4jr.mail.emails import Email


def taken_up(offer: VolunteerOffer) -> Email:
    return _email(offer, "offer-taken-up")


def not_now(offer: VolunteerOffer) -> Email:
    return _email(offer, "offer-not-now")


def chapter_opened(offer: VolunteerOffer, chapter: Chapter) -> Email:
    """The chapter's name is public. The discreet form does not say it."""
    return email_to_sender(offer, "chapter-opened", offer.number, chapter=chapter.name)


def _email(offer: VolunteerOffer, kind: str) -> Email:
    return email_to_sender(offer, kind, offer.number, days=settings.OFFER_DAYS)
