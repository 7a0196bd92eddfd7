"""The page to pause, leave or delete one's information, and the page after leaving."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from members.self_service import page_context
from members.self_service.decorators import with_visit, with_whole_visit
from members.self_service.leave_receipt import back_until, receipt_of_leaving
from members.self_service.session import MemberSession


@require_safe
@with_whole_visit
def pause_or_leave(request: HttpRequest, visit: MemberSession) -> HttpResponse:
    """Explains each of the three, with its button, as far as this member has it."""
    return page_context.pause_or_leave(request, visit)


@require_safe
@with_visit
def left(request: HttpRequest, visit: MemberSession) -> HttpResponse:
    """The page after leaving. Redirects members who have not left, or are back, to their own page."""
    if not visit.member.left_on:
        return redirect("my_details")
    is_never_emailed = page_context.is_never_emailed(visit.member)
    receipt = receipt_of_leaving(visit.member, is_never_emailed=is_never_emailed)
    seen = {"receipt": receipt, "back_until": back_until(visit.member.left_on), "is_never_emailed": is_never_emailed}
    return render(request, "members/left.html", seen)
