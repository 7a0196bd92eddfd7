"""The page on which hosts of a series add a co-host, step back, and choose whether the page names them."""

from typing import TYPE_CHECKING

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from chapters.meetings.cohost_forms import AddHostForm, OwnNameForm, RemoveHostForm, hosts_with_names
from chapters.meetings.cohosts import add_host, remove_host, show_host
from chapters.meetings.manage_views import of_one_series
from chapters.meetings.permissions import hosted_series, owns_series
from chapters.models import MeetingHost, MeetingSeries

if TYPE_CHECKING:
    from s4jr.accounts.requests import SignedInRequest


@of_one_series
def hosts(request: "SignedInRequest", series: MeetingSeries) -> HttpResponse:
    act, mine = request.POST.get("do"), MeetingHost.objects.filter(series=series, user=request.user).first()
    add = AddHostForm(request.POST if act == "add" else None, series=series)
    own = OwnNameForm(request.POST if act == "name" else None, initial={"shown_name": mine.shown_name if mine else ""})
    remove = RemoveHostForm(request.POST if act == "remove" else None, series=series, by=request.user)
    if _carry_out(request, series, add, own, remove):
        return _page_after(request, series)
    seen = {
        "series": series, "hosts": hosts_with_names(series), "add": add, "own": own, "mine": mine,
        "owns": owns_series(request.user, series),
    }  # fmt: skip
    return render(request, "chapters/meetings/manage_hosts.html", seen)


def _carry_out(
    request: "SignedInRequest", series: MeetingSeries, add: AddHostForm, own: OwnNameForm, remove: RemoveHostForm
) -> bool:
    """Carries out the one form that was sent. Returns False if none was, or if it has errors."""
    if add.is_valid():
        add_host(series, add.cleaned_data["user"], by=request.user)
        notices.success(request, _("They can manage these meetings now."))
    elif own.is_valid():
        show_host(series, request.user, own.cleaned_data["shown_name"])
        notices.success(request, _("Saved."))
    elif remove.is_valid():
        remove_host(remove.cleaned_data["host"], by=request.user)
        notices.success(request, _("They no longer host these meetings."))
    else:
        return False
    return True


def _page_after(request: "SignedInRequest", series: MeetingSeries) -> HttpResponse:
    """The same page, or the list of meetings after a host from elsewhere stepped back."""
    if hosted_series(request.user).filter(pk=series.pk).exists():
        return redirect("manage_hosts", pk=series.pk)
    return redirect("manage_meetings")
