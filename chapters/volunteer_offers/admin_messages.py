"""What an admin is told after a step: which offer, what leaves by email, and how to undo it."""

from collections.abc import Callable

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from chapters.models import VolunteerOffer
from chapters.volunteer_offers import services
from s4jr.mail.models import Suppression


def link_to(offer: VolunteerOffer) -> SafeString:
    """Its number, as a link to its page."""
    url = reverse("admin:chapters_volunteeroffer_change", args=[offer.pk])
    return format_html('<a href="{}">{}</a>', url, offer.number)


def _accepted() -> str:
    return gettext("You accepted offer No. {number}. {how} It stays on the list until someone has talked with them.")


def _declined() -> str:
    return gettext("Offer No. {number} is answered with “not now.” {how}")


def _unflagged() -> str:
    return gettext(
        "Marked as not spam: offer No. {number} is waiting for review. No email leaves. You can’t undo this, but you "
        "can answer it with “Not now.”"
    )


def _talked() -> str:
    return gettext(
        "Offer No. {number} is no longer on the list of people to talk with. No email leaves. To undo this, open it "
        "and select “We haven’t talked yet.”"
    )


def _not_talked() -> str:
    return gettext(
        "Offer No. {number} is again on the list of people to talk with. No email leaves. To undo this, select “We "
        "have talked.”"
    )


SAID: dict[Callable[..., bool], Callable[[], str]] = {
    services.accept: _accepted,
    services.decline: _declined,
    services.unflag: _unflagged,
    services.mark_talked: _talked,
    services.mark_not_talked: _not_talked,
}


def decided(decide: Callable[..., bool], offer: VolunteerOffer) -> SafeString:
    """After one of the services in `SAID`."""
    return format_html(SAID[decide](), number=link_to(offer), how=_delivery(offer))


def too_late(offer: VolunteerOffer) -> SafeString:
    said = gettext("Someone already decided about offer No. {number}. You changed nothing.")
    return format_html(said, number=link_to(offer))


def opened_chapter(name: str, offer: VolunteerOffer) -> SafeString:
    said = gettext(
        "“{chapter}” is open and has its own page. {how} To hide the chapter, change its status under Chapters."
    )
    return format_html(said, chapter=name, how=_delivery(offer))


def invited(offer: VolunteerOffer) -> SafeString:
    said = gettext(
        "The sender of offer No. {number} represents the chapter. An email with a one-time link tells them. It names "
        "neither the place nor the coalition."
    )
    return format_html(said, number=link_to(offer))


def _delivery(offer: VolunteerOffer) -> str:
    if not offer.email_index or Suppression.objects.reason_for(offer.email_index):
        return gettext("We won’t email them. They read the decision here with their code. You can’t undo this.")
    return gettext("A kind email tells them. It leaves within seconds, so you can’t undo this.")
