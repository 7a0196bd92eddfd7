"""Pages where hosts manage meetings: Editors all, representatives those of their own place or chapter."""

from functools import wraps
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages as notices
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from chapters.meetings.actions import ACTIONS, forms_of
from chapters.meetings.edit_conflicts import SEEN
from chapters.meetings.manage_forms import NEW_SERIES, LinkForm, NewSeriesForm, SeriesForm
from chapters.meetings.permissions import hosted_meetings, hosted_series, hosts_something
from chapters.meetings.providers import rsvp_summary
from chapters.meetings.recurrence import plan_for
from chapters.meetings.services import delete_drafts, plan_series, publish_series, save_series, set_series_link
from chapters.models import MeetingSeries
from chapters.representatives.permissions import View, for_representatives

if TYPE_CHECKING:
    from s4jr.accounts.requests import SignedInRequest

SHOWN = 60
SENT_BEFORE = gettext_lazy(
    "You already sent this form. This is what it saved the first time. To change it, edit it here."
)


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
    seen = {"all_series": hosted.by_title(), "meetings": to_come[:SHOWN]}
    return render(request, "chapters/meetings/manage_meetings.html", seen)


@for_hosts
def new(request: "SignedInRequest") -> HttpResponse:
    token = {"form_token": NEW_SERIES.new_token(request)}
    form = NewSeriesForm(request.POST or None, user=request.user, initial=token)
    if form.is_valid():
        if not plan_series(form.series, link=form.cleaned_data["link"], publish=form.publishes):
            notices.warning(request, SENT_BEFORE)
        elif form.publishes:
            notices.success(request, _("“%(title)s” is published. No email was sent.") % {"title": form.instance.title})
        return redirect("manage_series", pk=form.instance.pk)
    return render(request, "chapters/meetings/manage_form.html", {"form": form})


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
    form = LinkForm(request.POST or None, holder=series)
    if form.is_valid():
        set_series_link(MeetingSeries.objects.filter(pk=series.pk), form.cleaned_data["link"])
        notices.success(request, _("The meeting link was changed."))
        return redirect("manage_series", pk=series.pk)
    meetings, now = series.meetings.select_related("chapter"), timezone.now()
    seen = {
        "series": series,
        "form": form,
        "to_come": meetings.filter(ends_at__gt=now).order_by("starts_at")[:SHOWN],
        "past": meetings.filter(ends_at__lte=now).order_by("-starts_at")[:SHOWN],
    }
    return render(request, "chapters/meetings/manage_series.html", seen)


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


@require_POST
@of_one_series
def throw_away(request: "SignedInRequest", series: MeetingSeries) -> HttpResponse:
    if delete_drafts(MeetingSeries.objects.filter(pk=series.pk)):
        notices.success(request, _("The draft is deleted."))
    return redirect("manage_meetings")


@for_hosts
def meeting(request: "SignedInRequest", pk: UUID) -> HttpResponse:
    """One meeting, with a form and a button for each action."""
    hosted = hosted_meetings(request.user).select_related("chapter")
    meeting = get_object_or_404(hosted, pk=pk)
    action = ACTIONS.get(request.POST.get("action", "")) if request.method == "POST" else None
    forms = forms_of(meeting, request.POST if action else None, request.POST.get("action"))
    if action and action.carry_out(meeting, forms):
        notices.success(request, action.done)
        return redirect("manage_meeting", pk=pk)
    seen = {"meeting": meeting, "forms": forms, "rsvp_summary": rsvp_summary.call(request, meeting)}
    return render(request, "chapters/meetings/manage_meeting.html", seen)
