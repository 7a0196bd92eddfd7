"""A form field for a state, province or country: people type or choose a name, and the form gets the code."""

from collections.abc import Iterable
from functools import lru_cache
from html import escape
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from chapters.place_search import PlaceMatches, find_places, place_choices, place_label

#: The suffix of the name of the radio buttons for suggested places.
MEANT = "_meant"


class PlaceInput(forms.TextInput):
    """A text input with a datalist of all places, and radio buttons for the suggested ones in `meant`."""

    meant: Iterable[str] = ()

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        list_id = f"{(attrs or {}).get('id', name)}_list"
        box = super().render(name, value, {**(attrs or {}), "list": list_id}, renderer)
        offered = [(code, place_label(code)) for code in self.meant]
        seen = {"box": box, "list_id": list_id, "places": _options(get_language())}
        return render_to_string("forms/place_input.html", {**seen, "offered": offered, "meant_name": f"{name}{MEANT}"})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """The text, or the label of the selected suggestion."""
        typed, chosen = super().value_from_datadict(data, files, name), data.get(f"{name}{MEANT}")
        return place_label(chosen) if typed and chosen in _codes() else typed


class PlaceField(forms.CharField):
    """Cleans to the code of a country, or of a state or province of the United States or Canada; "" for no input.

    Any other text is an error and stays in the input.
    """

    widget: Any = PlaceInput  # an instance in each form
    default_error_messages = {
        "several": _("“%(text)s” is more than one place. Choose the one you mean."),
        "nearest": _("We don’t know “%(text)s.” Did you mean one of these? Choose it, or correct the spelling."),
        "unknown": _("We don’t know “%(text)s.” Check the spelling, or enter only the country."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 80, **kwargs})

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "autocomplete": "off", "spellcheck": "false"}

    def clean(self, value: Any) -> str:
        if not (text := super().clean(value)):
            return ""
        found = find_places(text)
        listed = [code for code in found.codes if code in _codes()]
        if len(listed) == 1:
            return listed[0]
        # A part of another country: suggest its country, for the user to confirm.
        self.widget.meant = listed or dict.fromkeys(code if code in _codes() else code[:2] for code in _offered(found))
        raise ValidationError(self._message(listed), params={"text": text})

    def _message(self, listed: list[str]) -> str:
        return self.error_messages["several" if listed else "nearest" if self.widget.meant else "unknown"]


def _offered(found: PlaceMatches) -> tuple[str, ...]:
    return found.codes or found.nearest


@lru_cache
def _codes() -> set[str]:
    return {code for code, _label in place_choices()}


@lru_cache
def _options(language: str | None) -> SafeString:
    """The 300 options of the datalist as HTML, cached by language."""
    return SafeString("".join(f"<option>{escape(label)}</option>" for _code, label in place_choices()))
