"""Where hosts make meetings: Editors all of them, representatives those of their own place or chapter."""

from functools import wraps

from django.contrib import messages as notices
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chapters.meetings.actions import ACTIONS, forms_of
from chapters.meetings.edit_conflicts import SEEN
from chapters.meetings.manage_forms import LinkForm, SeriesForm
from chapters.meetings.permissions import hosted_meetings, hosted_series, hosts_something
from chapters.meetings.providers import rsvp_summary
from chapters.meetings.recurrence import plan_for
from chapters.meetings.services import delete_drafts, publish_series, save_series, set_series_link
from chapters.models import MeetingSeries
from chapters.representatives.permissions import for_representatives

SHOWN = 60


def for_hosts(view):
    """A page for who makes meetings, signed in all the way. For everybody else it is not there."""

    @for_representatives
    @wraps(view)
    def wrapper(request, *args, **kwargs):
        if not hosts_something(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return wrapper


def of_one_series(view):
    """A page about one series of this host: `view(request, series)`."""

    @for_hosts
    @wraps(view)
    def wrapper(request, pk):
        hosted = hosted_series(request.user).select_related("chapter")
        return view(request, get_object_or_404(hosted, pk=pk))

    return wrapper


@for_hosts
def meetings(request):
    hosted = hosted_series(request.user)
    to_come = hosted_meetings(request.user).upcoming().select_related("chapter")
    seen = {"all_series": hosted.by_title(), "meetings": to_come[:SHOWN]}
    return render(request, "chapters/meetings/manage_meetings.html", seen)


@for_hosts
def new(request):
    form = SeriesForm(request.POST or None, user=request.user)
    if form.is_valid():
        save_series(form.instance)
        return redirect("manage_series", pk=form.instance.pk)
    return render(request, "chapters/meetings/manage_form.html", {"form": form})


@of_one_series
def change(request, series):
    """A draft changes at once. What people can see changes after the host has seen what will become of it."""
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
def series(request, series):
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
def publish(request, series):
    """Shows the page as its readers will see it; the press under it publishes."""
    if request.method == "POST":
        publish_series(MeetingSeries.objects.filter(pk=series.pk))
        notices.success(request, _("Published."))
        return redirect("manage_series", pk=series.pk)
    to_come = list(series.meetings.select_related("chapter").not_begun().order_by("starts_at")[:6])
    seen = {"series": series, "meeting": to_come[0] if to_come else None, "more": to_come[1:]}
    return render(request, "chapters/meetings/manage_publish.html", seen)


@require_POST
@of_one_series
def throw_away(request, series):
    if delete_drafts(MeetingSeries.objects.filter(pk=series.pk)):
        notices.success(request, _("The draft is deleted."))
    return redirect("manage_meetings")


@for_hosts
def meeting(request, pk):
    """One meeting: each of its forms has a press of its own."""
    hosted = hosted_meetings(request.user).select_related("chapter")
    meeting = get_object_or_404(hosted, pk=pk)
    action = ACTIONS.get(request.POST.get("action")) if request.method == "POST" else None
    forms = forms_of(meeting, request.POST if action else None, request.POST.get("action"))
    if action and action.carry_out(meeting, forms):
        notices.success(request, action.done)
        return redirect("manage_meeting", pk=pk)
    seen = {"meeting": meeting, "forms": forms, "rsvp_summary": rsvp_summary.call(request, meeting)}
    return render(request, "chapters/meetings/manage_meeting.html", seen)
