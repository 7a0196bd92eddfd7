"""The page about secret word, code and link, and the page that shows a new code.

A button makes the code and a page of its own shows it, so that a reload makes no second one. The session keeps it,
encrypted, for ten minutes; quick exit deletes it.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from members.self_service import page_context
from members.self_service.credentials import DAYS, Kind, make_new_code
from members.self_service.decorators import with_whole_visit
from members.self_service.session import NEW_CODE, MemberSession
from s4jr.security.reload_state import keep_for_reload, kept_for_reload
from s4jr.security.status_code import code_hash


@require_safe
@with_whole_visit
def ways_to_open(request: HttpRequest, visit: MemberSession) -> HttpResponse:
    """What opens their information, and what each way shows."""
    return page_context.ways_to_open(request, visit)


def make_code(request: HttpRequest, visit: MemberSession) -> HttpResponse:
    """Refused with a code alone: someone who found it could lock its owner out."""
    _refuse_a_code_alone(visit)
    code, _holds = make_new_code(visit.member, right_away=visit.is_strong)
    visit.renew()
    keep_for_reload(request, NEW_CODE, code)
    return redirect("my_details_new_code")


@require_safe
@with_whole_visit
def new_code(request: HttpRequest, visit: MemberSession) -> HttpResponse:
    """Shows the code while it works; after ten minutes, says that no one can look it up."""
    _refuse_a_code_alone(visit)
    code = kept_for_reload(request, NEW_CODE) or ""
    hashed, new = code_hash(code), visit.changes.get(Kind.CODE)
    holds = hashed == visit.member.code_hash
    works = bool(code) and (holds or (new is not None and hashed == new.value_hash))
    seen = {"code": code if works else "", "holds": holds, "days": DAYS, "visit": visit}
    return render(request, "members/new_code.html", seen)


def _refuse_a_code_alone(visit: MemberSession) -> None:
    if not visit.is_more_than_a_code:
        raise Http404
