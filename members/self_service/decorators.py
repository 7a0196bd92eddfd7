"""Views for who has opened their information."""

from functools import wraps

from django.shortcuts import redirect

from members.self_service import page_context
from members.self_service.session import MemberSession, Reach


def with_visit(view):
    """A view for who has come in. What somebody else posts is shown to them again, at the door."""

    @wraps(view)
    def wrapper(request, **kwargs):
        visit = MemberSession.of(request)
        if visit.member:
            return view(request, visit, **kwargs)
        part = kwargs.get("part", "")
        return page_context.over(request, part) if request.method == "POST" else redirect("my_details")

    return wrapper


def with_whole_visit(view):
    """A view for who has come in and, where a word is set, has given it."""

    @wraps(view)
    def wrapper(request, visit, **kwargs):
        return redirect("my_details") if visit.reach is Reach.PUBLIC_STATUS else view(request, visit, **kwargs)

    return with_visit(wrapper)
