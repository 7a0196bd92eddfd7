"""A representative's meetings on their own pages: RSVP and cancel."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from chapters.meetings.page_context import around
from chapters.meetings.place_zones import zone_of_terms
from chapters.models import Meeting, Representative
from chapters.representatives.permissions import for_representatives, terms_of
from members.models import Rsvp
from members.rsvps.forms import Act, RepresentativeForm
from members.rsvps.page_context import OWN_RSVP, shown
from members.rsvps.querysets import ENCRYPTED, RsvpQuerySet
from members.rsvps.services import cancel_rsvp, make_rsvp_of_representative
from members.rsvps.venue_words import venue_context
from s4jr.accounts.requests import SignedInRequest


@for_representatives
def meeting(request: SignedInRequest, pk: uuid.UUID) -> HttpResponse:
    terms = list(terms_of(request.user))
    if not terms:
        raise Http404
    theirs = Meeting.objects.for_representatives(terms).filter(is_published=True)
    meeting = get_object_or_404(theirs.select_related("chapter"), pk=pk)
    mine = Rsvp.objects.filter(meeting=meeting, user=request.user).defer(*ENCRYPTED)
    form = RepresentativeForm(request.POST or None, user=request.user, row=mine.first())
    if form.is_valid() and form.act != Act.LOOK:
        _carry_out(form, meeting, mine, terms[0])
        messages.success(request, _said(form.act))
        return redirect("representative_meeting", pk=pk)
    row = mine.first()
    seen = {**shown(meeting, row, zone_of_terms(terms)), **venue_context(meeting, row)}
    seen |= {"form": form, "shows_words": True, "rsvp": OWN_RSVP}
    seen |= around(meeting, "representative_meeting")
    return render(request, "members/rsvps/representative_meeting.html", seen)


def _carry_out(form: RepresentativeForm, meeting: Meeting, mine: RsvpQuerySet, term: Representative) -> None:
    if form.act == Act.COME:
        make_rsvp_of_representative(meeting.pk, term.user, language=term.language, **form.cleaned_data)
    else:
        cancel_rsvp(mine)


def _said(act: Act) -> str:
    if act == Act.CANCEL:
        return _("You’re not going. If you told us what would help you take part, we deleted it.")
    return _("Your RSVP is saved.")
