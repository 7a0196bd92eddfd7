"""The emails about an offer: that somebody would like to talk, or that it is not now. Both name no cause."""

from django.conf import settings

from chapters.models.representative_message import Contact
from s4jr.content.live_texts import text_block
from s4jr.crypto.decryption_guard import decrypts_unshown
from s4jr.mail.emails import Email, in_both_forms, write_from


def taken_up(offer):
    return _email(offer, "offer-taken-up")


def not_now(offer):
    return _email(offer, "offer-not-now")


@decrypts_unshown
def _email(offer, kind):
    def write(discreet):
        text = text_block(f"emails/{kind}-discreet" if discreet else f"emails/{kind}", offer.language)
        return write_from(text, days=settings.OFFER_DAYS)

    return Email(
        to=offer.email,
        **in_both_forms(write, discreet=offer.contact == Contact.DISCREET),
        kind=kind,
        dedupe_key=f"{kind}:{offer.number}",
        about=offer.about,
        language=offer.language,
    )
