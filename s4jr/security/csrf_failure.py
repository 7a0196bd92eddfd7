"""The 403 page for a rejected CSRF token: it holds what a visitor typed, and one button submits it again.

Only public forms do this: their views name the form classes they use. No one is signed in by such a form, so submitting
it again does only what the person can see. What was typed is in that page alone. A form that another site submitted
gets a page without it: no one should confirm with one click what a stranger filled in for them.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.choices import flatten_choices  # pyright: ignore[reportMissingImports]  the stubs lack it
from django.utils.translation import gettext as _

from s4jr import error_views
from s4jr.security.submitted_fields import sent_fields

NOT_SHOWN = {"website", "form_token"}


def keeps_refused_form(*form_classes: type[forms.Form]) -> Callable[[Any], Any]:
    """Mark a view whose form, of these classes, the 403 page keeps if its CSRF token is rejected."""

    def mark_view(view: Any) -> Any:
        view.refused_form_classes = form_classes
        return view

    return mark_view


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The 403 page for a rejected CSRF token; Django calls it by name (CSRF_FAILURE_VIEW)."""
    match = request.resolver_match
    form_classes = getattr(match.func, "refused_form_classes", ()) if match else ()
    if not form_classes or request.method != "POST":
        return error_views.csrf_failure(request, reason)
    # The page contains a new token.
    held = (
        [pair for pair in sent_fields(request) if pair[0] != "csrfmiddlewaretoken"] if is_same_origin(request) else []
    )
    seen = {"held": held, "answers": answers_in_words(request, form_classes) if held else []}
    return render(request, "403_form.html", {**seen, "address": request.get_full_path()}, status=403)


def is_same_origin(request: HttpRequest) -> bool:
    """Whether a page of this host submitted the form, by headers that the browser sets and no page can forge.

    One of the two headers must say so, and neither may contradict it. `Origin: null` says nothing.
    """
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin", "null")
    said = [site == "same-origin"] if site is not None else []
    if origin != "null":
        said.append(origin == f"{request.scheme}://{request.get_host()}")
    return bool(said) and all(said)


def answers_in_words(request: HttpRequest, form_classes: tuple[type[forms.Form], ...]) -> list[tuple[str, str]]:
    """(question, answer) of what was typed into such a form. No query and no validation."""
    fields: dict[str, Any] = {}
    for form_class in form_classes:
        shown = {name: field for name, field in form_class.base_fields.items() if _is_shown(name, field)}
        fields |= {name: field for name, field in shown.items() if name not in fields}
    pairs = ((field.label, _in_words(field, request.POST.getlist(name))) for name, field in fields.items())
    return [(label, words) for label, words in pairs if words]


def _is_shown(name: str, field: forms.Field) -> bool:
    needs_database = isinstance(field, forms.ModelChoiceField)
    return not (name in NOT_SHOWN or needs_database or field.widget.is_hidden)


def _in_words(field: forms.Field, values: list[str]) -> str:
    if isinstance(field, forms.BooleanField):
        return _("Yes") if any(values) else ""
    words = dict(flatten_choices(getattr(field, "choices", [])))
    return ", ".join(str(words.get(value, value)) for value in values if value)
