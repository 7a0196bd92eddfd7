"""Public pages to become a representative, and to read the decision with a status code."""

from typing import Any

from django.conf import settings
from django.core.validators import slug_re
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from chapters.models import Chapter, VolunteerOffer
from chapters.place_search import place_label
from chapters.regions import listed_place, place_code
from chapters.volunteer_offers.forms import OFFERS, OfferAct, OfferCodeForm, OfferForm, RepresentativeOfferForm
from chapters.volunteer_offers.services import erase_offers, make_offer
from s4jr.conversations.code_pages import sent_page
from s4jr.form_fields.carried_over import LANGUAGE_STEP, typed_so_far
from s4jr.security.csrf_failure import keeps_refused_form
from s4jr.security.ratelimit import peer_key, spend, too_many
from s4jr.security.storage_limits import cannot_take, take_in

#: The limit for wrong codes. A valid code is never refused.
WRONG_CODES = "20/h"


@keeps_refused_form(RepresentativeOfferForm)
def become_representative(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _form_page(request, RepresentativeOfferForm.blank(request, **_place_in(request)))
    if request.POST.get("step") == LANGUAGE_STEP:
        return _form_page(request, RepresentativeOfferForm(initial=typed_so_far(RepresentativeOfferForm, request.POST)))
    form = RepresentativeOfferForm(request.POST)
    return keep_offer(request, form) if form.is_valid() else _form_page(request, form)


def keep_offer(request: HttpRequest, form: OfferForm) -> HttpResponse:
    """Saves a valid form and redirects to the page with the status code. The response is the same for everyone."""
    if not take_in(request, is_clean=form.is_clean).has_room:
        return cannot_take(request)
    make_offer(form.submission(get_language(), form.flag_reason(request)))
    response = redirect("offer_sent")
    OFFERS.remember(response, form.token.value)
    return response


def _form_page(request: HttpRequest, form: RepresentativeOfferForm) -> HttpResponse:
    return render(
        request, "chapters/volunteer_offers/become_representative.html", {"form": form, "days": settings.OFFER_DAYS}
    )


def _place_in(request: HttpRequest) -> dict[str, Any]:
    """Initial values for the place or chapter in the query string. Invalid values are ignored."""
    slug = request.GET.get("chapter", "")
    chapter = Chapter.objects.public().filter(slug=slug).first() if slug_re.match(slug) else None
    return {"chapter": chapter, "place": "" if chapter else place_in(request)}


def place_in(request: HttpRequest) -> str:
    """The full name of the place whose code is in the query string, or ""."""
    place = place_code(request.GET.get("place", ""))
    return place_label(listed_place(place)) if place else ""


def sent(request: HttpRequest) -> HttpResponse:
    return sent_page(request, OFFERS, "chapters/volunteer_offers/sent.html", days=settings.OFFER_DAYS)


def answer(request: HttpRequest) -> HttpResponse:
    form = OfferCodeForm(request.POST or None)
    if form.is_valid():
        return ACTS[form.act](request, form)
    if form.is_wrong and not spend("wrong offer code", peer_key(request), WRONG_CODES):
        return too_many(request)
    return render(request, "chapters/volunteer_offers/code.html", {"form": form})


def _look(request: HttpRequest, form: OfferCodeForm) -> HttpResponse:
    offer = form.whose.only("state", "contact", "chapter", "kind").first()
    seen = {
        "offer": offer,
        "chapter": _opened_by(offer),
        "code": form.cleaned_data["code"],
        "days": settings.OFFER_DAYS,
    }
    return render(
        request,
        "chapters/volunteer_offers/public_status.html" if offer else "chapters/volunteer_offers/erased.html",
        seen,
    )


def _opened_by(offer: VolunteerOffer | None) -> Chapter | None:
    """The chapter that was opened after a request, while it has a page."""
    is_request = offer is not None and offer.kind == VolunteerOffer.Kind.START_CHAPTER
    return Chapter.objects.shown().filter(offers=offer).first() if is_request else None


def _erase(request: HttpRequest, form: OfferCodeForm) -> HttpResponse:
    erase_offers(form.whose)
    return redirect("offer_deleted")


@require_safe
def deleted(request: HttpRequest) -> HttpResponse:
    return render(request, "chapters/volunteer_offers/erased.html")


ACTS = {OfferAct.LOOK: _look, OfferAct.ERASE: _erase}
