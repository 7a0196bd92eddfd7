"""All meetings that a member may attend, in their own information: with filters, and past ones with their notes."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from chapters.meetings.filter_form import FindOwnMeetingsForm
from members.rsvps.member_views import for_welcomed
from members.rsvps.own_list import own_list
from members.rsvps.page_context import may_come_to
from members.rsvps.reader_zones import zone_of_member
from members.self_service.session import MemberSession

#: Past meetings on a page.
ON_A_PAGE = 20


@require_safe
@for_welcomed
def meetings(request: HttpRequest, visit: MemberSession) -> HttpResponse:
    form = FindOwnMeetingsForm(request.GET)
    if form.is_to_be_redirected:
        return redirect(f"{reverse('my_meetings')}?{form.query}")
    found = form.among(may_come_to(visit.member))
    seen: dict[str, Any] = {"form": form, "is_past": form.wants_past, "query": form.query}
    if form.wants_past:
        seen["meetings"] = Paginator(found.select_related("chapter"), ON_A_PAGE).get_page(form.page_number)
    else:
        seen["own_meetings"] = own_list(found, form.page_number, zone_of_member(visit.member), member=visit.member)
    return render(request, "members/rsvps/my_meetings.html", seen)
