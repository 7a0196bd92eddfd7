"""Pages to step down from one's own term, and to read the notes of those who did so before."""

from typing import TYPE_CHECKING

from django import forms
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from chapters.models import Representative
from chapters.representatives import stepping_down
from chapters.representatives.permissions import of_one_term
from s4jr.form_fields.long_text import LongTextField

if TYPE_CHECKING:
    from s4jr.accounts.requests import SignedInRequest


class StepDownForm(forms.Form):
    use_required_attribute = False

    note = LongTextField(
        label=_("A note for the next representative"),
        help_text=_("For example, what you planned, and what the next representative should know. Name no one."),
        rows=5,
        max_length=2000,
        required=False,
    )


@of_one_term
def step_down(request: HttpRequest, term: Representative) -> HttpResponse:
    form = StepDownForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        stepping_down.step_down(term, form.cleaned_data["note"])
        logout(request)  # `step_down` ended their sessions; this clears the current one
        return redirect("stepped_down")
    seen = {"term": term, "left": stepping_down.left_behind(term), "form": form, "days": settings.HANDOVER_DAYS}
    return render(request, "chapters/representatives/step_down.html", seen)


@never_cache
@require_safe
def stepped_down(request: HttpRequest) -> HttpResponse:
    return render(request, "chapters/representatives/stepped_down.html")


@of_one_term
@require_safe
def handover_notes(request: "SignedInRequest", term: Representative) -> HttpResponse:
    """What earlier representatives of this place or chapter left for the next representative."""
    seen = {"term": term, "notes": stepping_down.notes_for(term, by=request.user), "days": settings.HANDOVER_DAYS}
    return render(request, "chapters/representatives/handover_notes.html", seen)
