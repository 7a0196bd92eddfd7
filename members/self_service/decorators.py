"""Decorators of views that need a member session."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from members.self_service import page_context
from members.self_service.session import MemberSession, Reach

#: A view; one in need of a session gets it as its second argument.
View = Callable[..., HttpResponse]


def with_visit(view: View) -> View:
    """Requires a member session. If it has ended, a POST leads to a page that still has what was typed."""

    @wraps(view)
    def wrapper(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        visit = MemberSession.of(request)
        if visit:
            return view(request, visit, **kwargs)
        part = kwargs.get("part", "")
        return page_context.over(request, part) if request.method == "POST" else redirect("my_details")

    return wrapper


def with_whole_visit(view: View) -> View:
    """Requires a member session and, if a secret word is set, that it was given."""

    @wraps(view)
    def wrapper(request: HttpRequest, visit: MemberSession, **kwargs: Any) -> HttpResponse:
        return redirect("my_details") if visit.reach is Reach.PUBLIC_STATUS else view(request, visit, **kwargs)

    return with_visit(wrapper)
