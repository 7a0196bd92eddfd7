"""Pages where hosts manage meetings: Editors all, representatives those of their own place or chapter."""

from functools import wraps
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages as notices
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from chapters.meetings.actions import ACTIONS, Action, forms_of
from chapters.meetings.edit_conflicts import SEEN
from chapters.meetings.meeting_forms import LinkForm, VenueForm
from chapters.meetings.permissions import hosted_meetings, hosted_series, hosts_something, makes_all
from chapters.meetings.providers import rsvp_recipients, rsvp_summary
from chapters.meetings.recurrence import plan_for
from chapters.meetings.series_form import NEW_SERIES, NewSeriesForm, SeriesForm, copied_from
from chapters.meetings.services import (
    delete_drafts,
    plan_series,
    publish_series,
    save_series,
    set_series_link,
    set_series_venue,
)
from chapters.models import Meeting, MeetingSeries
from chapters.representatives.permissions import View, for_representatives

if TYPE_CHECKING:
    from s4jr.accounts.requests import SignedInRequest

SHOWN = 60
SENT_BEFORE = gettext_lazy(
    "You already sent this form. This is what it saved the first time. To change it, edit it here."
)
#: The steps of a change that asks first: carry it out, or go back to the form.
SAVE, CHANGE = "save", "change"


def for_hosts(view: View) -> View:
    """A page for hosts who have completed sign-in; 404 for everyone else."""

    @for_representatives
    @wraps(view)
    def wrapper(request: "SignedInRequest", *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not hosts_something(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return wrapper


def of_one_series(view: View) -> View:
    """A page about one series that the host manages: `view(request, series)`."""

    @for_hosts
    @wraps(view)
    def wrapper(request: "SignedInRequest", pk: UUID) -> HttpResponseBase:
        hosted = hosted_series(request.user).select_related("chapter")
        return view(request, get_object_or_404(hosted, pk=pk))

    return wrapper


@for_hosts
def meetings(request: "SignedInRequest") -> HttpResponse:
    hosted = hosted_series(request.user)
    to_come = hosted_meetings(request.user).upcoming().select_related("chapter")
    seen = {"all_series": hosted.by_title(), "meetings": to_come[:SHOWN], "may_export": makes_all(request.user)}
    return render(request, "chapters/meetings/manage_meetings.html", seen)


@for_hosts
def new(request: "SignedInRequest") -> HttpResponse:
    token = {"form_token": NEW_SERIES.new_token(request)}
    form = NewSeriesForm(request.POST or None, user=request.user, initial=token)
    if form.is_valid():
        secrets = {"link": form.cleaned_data["link"], "venue": form.cleaned_data["venue"]}
        if not plan_series(form.series, **secrets, publish=form.publishes, by=request.user):
            notices.warning(request, SENT_BEFORE)
        elif form.publishes:
            notices.success(request, _("“%(title)s” is published. No email was sent.") % {"title": form.instance.title})
        return redirect("manage_series", pk=form.instance.pk)
    return render(request, "chapters/meetings/manage_form.html", {"form": form})


@require_safe
@of_one_series
def copy(request: "SignedInRequest", series: MeetingSeries) -> HttpResponse:
    """The form of a new series, filled in from this one. It is saved by `new`."""
    return show_new_form(request, copied_from(series), copied=series)


@of_one_series
def change(request: "SignedInRequest", series: MeetingSeries) -> HttpResponse:
    """Saves a draft directly. For a published series, a page shows the effects first and asks to confirm them."""
    is_published, form = series.is_published, SeriesForm(request.POST or None, instance=series, user=request.user)
    if form.is_valid() and request.POST.get("step") != "change":
        if is_published and request.POST.get("step") != "save":
            seen = {"form": form, "series": series, "plan": plan_for(form.instance, timezone.now())}
            return render(request, "chapters/meetings/manage_check.html", seen)
        if save_series(form.instance, seen=form.cleaned_data[SEEN]):
            return redirect("manage_series", pk=series.pk)
        form.refuse()
    return render(request, "chapters/meetings/manage_form.html", {"form": form, "series": series})


@of_one_series
def series(request: "SignedInRequest", series: MeetingSeries) -> HttpResponse:
    is_venue = request.POST.get("do") == "venue"
    form = LinkForm(request.POST if request.POST and not is_venue else None, holder=series)
    venue_form = VenueForm(request.POST if is_venue else None, holder=series)
    if form.is_valid() or venue_form.is_valid():
        _save_secret(request, series, form, venue_form)
        return redirect("manage_series", pk=series.pk)
    meetings, now = series.meetings.select_related("chapter"), timezone.now()
    seen = {
        "series": series,
        "form": form,
        "venue_form": venue_form,
        "to_come": meetings.filter(ends_at__gt=now).order_by("starts_at")[:SHOWN],
        "past": meetings.filter(ends_at__lte=now).order_by("-starts_at")[:SHOWN],
    }
    return render(request, "chapters/meetings/manage_series.html", seen)


def _save_secret(request: "SignedInRequest", series: MeetingSeries, form: LinkForm, venue_form: VenueForm) -> None:
    """Saves the one of the two forms that was sent."""
    this = MeetingSeries.objects.filter(pk=series.pk)
    if form.is_bound:
        set_series_link(this, form.cleaned_data["link"])
        notices.success(request, _("The meeting link was changed."))
    else:
        set_series_venue(this, venue_form.cleaned_data["venue"])
        notices.success(request, _("The street address or phone number was changed."))


@of_one_series
def publish(request: "SignedInRequest", series: MeetingSeries) -> HttpResponse:
    """GET previews the public page; POST publishes."""
    if request.method == "POST":
        publish_series(MeetingSeries.objects.filter(pk=series.pk))
        notices.success(request, _("Published."))
        return redirect("manage_series", pk=series.pk)
    to_come = list(series.meetings.select_related("chapter").not_begun().order_by("starts_at")[:6])
    seen = {"series": series, "meeting": to_come[0] if to_come else None, "more": to_come[1:]}
    return render(request, "chapters/meetings/manage_publish.html", seen)


def show_new_form(
    request: "SignedInRequest", initial: dict[str, Any], copied: MeetingSeries | None = None
) -> HttpResponse:
    """The form of a new series, filled in by another page for a host. `new` saves it."""
    initial = {**initial, "form_token": NEW_SERIES.new_token(request)}
    form = NewSeriesForm(user=request.user, initial=initial)
    return render(request, "chapters/meetings/manage_form.html", {"form": form, "copied": copied})


@require_POST
@of_one_series
def throw_away(request: "SignedInRequest", series: MeetingSeries) -> HttpResponse:
    if delete_drafts(MeetingSeries.objects.filter(pk=series.pk)):
        notices.success(request, _("The draft is deleted."))
    return redirect("manage_meetings")


@for_hosts
def meeting(request: "SignedInRequest", pk: UUID) -> HttpResponse:
    """One meeting, with a form and a button for each action."""
    hosted = hosted_meetings(request.user).select_related("chapter", "series")
    meeting = get_object_or_404(hosted, pk=pk)
    action = ACTIONS.get(request.POST.get("action", "")) if request.method == "POST" else None
    forms = forms_of(meeting, request.POST if action else None, request.POST.get("action"))
    if action and action.asks_first and request.POST.get("step") != SAVE:
        if request.POST.get("step") != CHANGE and forms[action.name].is_valid():
            return _ask_first(request, meeting, action, forms[action.name])
    elif action and action.carry_out(meeting, forms):
        notices.success(request, action.done)
        return redirect("manage_meeting", pk=pk)
    seen = {"meeting": meeting, "forms": forms, "rsvp_summary": rsvp_summary.call(request, meeting)}
    return render(request, "chapters/meetings/manage_meeting.html", seen)


def _ask_first(request: "SignedInRequest", meeting: Meeting, action: Action, form: BaseForm) -> HttpResponse:
    """What the action does, how many people get an email about it, and when the series goes on."""
    seen = {
        "meeting": meeting,
        "action": action.name,
        "form": form,
        "recipients": rsvp_recipients.call(request, meeting),
        "next": Meeting.objects.after(meeting).first(),
    }
    return render(request, "chapters/meetings/manage_ask.html", seen)
