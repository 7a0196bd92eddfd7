"""Emails about an offer: accepted, or not now. They do not name the coalition."""

from django.conf import settings

from chapters.models import VolunteerOffer
from s4jr.conversations.emails import email_to_sender
from s4jr.mail.emails import Email


def taken_up(offer: VolunteerOffer) -> Email:
    return _email(offer, "offer-taken-up")


def not_now(offer: VolunteerOffer) -> Email:
    return _email(offer, "offer-not-now")


def _email(offer: VolunteerOffer, kind: str) -> Email:
    return email_to_sender(offer, kind, offer.number, days=settings.OFFER_DAYS)
