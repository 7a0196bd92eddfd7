"""The letters about an offer: that somebody would like to talk, or that it is not now. Both name no cause."""

from django.conf import settings

from chapters.models.message import Contact
from s4jr.mail.letters import Letter, write_from
from s4jr.words.texts import passage


def taken_up(offer):
    return _letter(offer, "offer-taken-up")


def not_now(offer):
    return _letter(offer, "offer-not-now")


def _letter(offer, kind):
    discreet = "-discreet" if offer.contact == Contact.DISCREET else ""
    text = passage(f"letters/{kind}{discreet}", offer.language)
    subject, body = write_from(text, days=settings.OFFER_DAYS)
    return Letter(
        to=offer.email,
        subject=subject,
        body=body,
        kind=kind,
        dedupe_key=f"{kind}:{offer.number}",
        about=offer.about,
        language=offer.language,
    )
