"""The place filter of the People list: people type a place, and the URL of the list gets its code."""

from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from chapters.place_field import MEANT, PlaceField
from chapters.place_search import place_label
from chapters.regions import place_code

#: The name of the box. The code is in `place`: as a code "CA" is Canada, as people type it California.
TYPED = "place_typed"


class TypedPlaceForm(forms.Form):
    use_required_attribute = False

    place_typed = PlaceField(label=_("Place"), required=False)


def separate_typed(query: QueryDict) -> tuple[QueryDict, TypedPlaceForm | None]:
    """The query without what was typed, and the form with it if there is any. `place` is the code of a known place."""
    if TYPED not in query:
        return query, None
    form, rest = TypedPlaceForm(query), query.copy()
    for name in (TYPED, f"{TYPED}{MEANT}"):
        rest.pop(name, None)
    if form.is_valid():
        rest["place"] = form.cleaned_data[TYPED]
    return rest, form


def shown_form(request: HttpRequest) -> TypedPlaceForm:
    """The form with the name of the place that narrows the list."""
    return TypedPlaceForm(initial={TYPED: name_of_code(request.GET.get("place", ""))})


def name_of_code(code: Any) -> str:
    """ "Canada" for "CA"; "" for what is no code."""
    known = place_code(code) if isinstance(code, str) else ""
    return place_label(known) if known else ""
