"""Offering to represent a place or a chapter, and seeing with a code what came of it."""

from django.conf import settings
from django.shortcuts import redirect, render

from chapters.models import Chapter, Offer
from chapters.offers.form_mark import new_mark, remember, sent_last
from chapters.offers.forms import OfferAct, OfferCodeForm, WouldYouForm
from chapters.regions import WITH_REGIONS, country_of, place_code
from s4jr.privacy.limits import peer_key, spend, too_many
from s4jr.privacy.status_code import code_of_form

#: Past these, an offer is held for a person to look at. Nothing is refused: people behind Tor share a line.
FROM_ONE_LINE, IN_ALL = "10/h", "120/h"
#: Only wrong codes are counted; a right one is never refused.
WRONG_CODES = "20/h"


def would_you(request):
    if request.method != "POST":
        return _form_page(request, WouldYouForm(initial={**_place_in(request), "form_token": new_mark()}))
    form = WouldYouForm(request.POST)
    return keep_offer(request, form) if form.is_valid() else _form_page(request, form)


def keep_offer(request, form):
    """Keep what a valid `OfferForm` says, and go to the page that shows its code. The same answer for everybody."""
    Offer.objects.offer(form.offering(request.LANGUAGE_CODE, too_many=_is_too_much(request)))
    response = redirect("offer_sent")
    remember(response, form.mark.value)
    return response


def _is_too_much(request):
    of_one_line = spend("offers of one line", peer_key(request), FROM_ONE_LINE)
    return not (spend("offers in all", "", IN_ALL) and of_one_line)


def _form_page(request, form):
    return render(request, "chapters/offers/would_you.html", {"form": form, "days": settings.OFFER_DAYS})


def _place_in(request):
    """The place or the chapter that a link to this page names; whatever else stands there is passed by."""
    chapter = Chapter.objects.public().filter(slug=request.GET.get("chapter", "")).first()
    place = place_code(request.GET.get("place", ""))
    country = country_of(place)
    region = place if "-" in place and country in WITH_REGIONS else ""
    return {"chapter": chapter, "country": "" if chapter else country, "region": "" if chapter else region}


def sent(request):
    mark, code_was_shown = sent_last(request)
    code = code_of_form(mark) if mark and not code_was_shown else ""
    seen = {"code": code, "code_was_shown": code_was_shown, "days": settings.OFFER_DAYS}
    response = render(request, "chapters/offers/sent.html", seen)
    if code:
        remember(response, mark, code_was_shown=True)
    return response


def answer(request):
    form = OfferCodeForm(request.POST or None)
    if form.is_valid():
        return ACTS[form.act](request, form)
    if form.is_wrong and not spend("wrong offer code", peer_key(request), WRONG_CODES):
        return too_many(request)
    return render(request, "chapters/offers/code.html", {"form": form})


def _look(request, form):
    offer = form.whose.only("state", "contact").first()
    seen = {"offer": offer, "code": form.cleaned_data["code"], "days": settings.OFFER_DAYS}
    return render(request, "chapters/offers/standing.html" if offer else "chapters/offers/erased.html", seen)


def _erase(request, form):
    form.whose.erase()
    return render(request, "chapters/offers/erased.html")


ACTS = {OfferAct.LOOK: _look, OfferAct.ERASE: _erase}
