"""Pages to step down from one's own term: what happens, one button, and a confirmation."""

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from chapters.models import Representative
from chapters.representatives import stepping_down
from chapters.representatives.permissions import of_one_term


@of_one_term
def step_down(request: HttpRequest, term: Representative) -> HttpResponse:
    if request.method == "POST":
        stepping_down.step_down(term)
        logout(request)  # `step_down` ended their sessions; this clears the current one
        return redirect("stepped_down")
    return render(
        request, "chapters/representatives/step_down.html", {"term": term, "left": stepping_down.left_behind(term)}
    )


@never_cache
@require_safe
def stepped_down(request: HttpRequest) -> HttpResponse:
    return render(request, "chapters/representatives/stepped_down.html")
