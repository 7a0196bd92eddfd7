"""The page on which someone pauses, leaves or deletes their information, and the page after leaving."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from members.self_service import page_context
from members.self_service.decorators import with_visit, with_whole_visit
from members.self_service.leave_receipt import back_until, receipt_of_leaving


@require_safe
@with_whole_visit
def pause_or_leave(request, visit):
    """What each of the three does, with its button; only those that this member has."""
    return page_context.pause_or_leave(request, visit)


@require_safe
@with_visit
def left(request, visit):
    """The page after leaving; who has not left, or is back, goes to their own page."""
    if not visit.member.left_on:
        return redirect("my_details")
    is_never_emailed = page_context.is_never_emailed(visit.member)
    receipt = receipt_of_leaving(visit.member, is_never_emailed=is_never_emailed)
    seen = {"receipt": receipt, "back_until": back_until(visit.member.left_on), "is_never_emailed": is_never_emailed}
    return render(request, "members/left.html", seen)
