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

from chapters.place_search import find_places, is_full_name, place_choices, place_label
from chapters.regions import country_choices, country_of, listed_place, place_code, region_groups

#: The suffix of the name of the radio buttons for suggested places.
MEANT = "_meant"


class PlaceInput(forms.TextInput):
    """A text input with a datalist of all places, and radio buttons for the suggested ones in `meant`.

    `any_part`: whether a suggestion may be a part of any country. `full_name` replaces what was typed, to be confirmed.
    """

    meant: Iterable[str] = ()
    any_part = False
    full_name = ""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        list_id = f"{(attrs or {}).get('id', name)}_list"
        box = super().render(name, self.full_name or value, {**(attrs or {}), "list": list_id}, renderer)
        offered = [(code, place_label(code)) for code in self.meant]
        seen = {"box": box, "list_id": list_id, "places": _options(get_language())}
        return render_to_string("forms/place_input.html", {**seen, "offered": offered, "meant_name": f"{name}{MEANT}"})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """The text, or the label of the selected suggestion."""
        typed, chosen = super().value_from_datadict(data, files, name), data.get(f"{name}{MEANT}") or ""
        is_known = chosen == place_code(chosen) != "" if self.any_part else chosen in _codes()
        return place_label(chosen) if typed and is_known else typed


class PlaceField(forms.CharField):
    """Cleans to the code of a country, of a state or province of the United States or Canada, or of a nation of the
    United Kingdom; "" for no input. With `any_part`, also to the code of a part of any other country.

    Any other text is an error and stays in the input. With `confirms`, so is a text that is not a full name or a code:
    the input then shows the full name, to be sent again.
    """

    widget: Any = PlaceInput  # an instance in each form
    default_error_messages = {
        "several": _("“%(text)s” is more than one place. Choose the one you mean."),
        "nearest": _("We don’t know “%(text)s.” Did you mean one of these? Choose it, or correct the spelling."),
        "unknown": _("We don’t know “%(text)s.” Check the spelling, or enter only the country."),
        "confirm": _("Do you mean %(place)s? If so, send this again. If not, correct it."),
        "max_length": _("This is too long. Enter only a state, province or country."),
    }

    def __init__(self, *, any_part: bool = False, confirms: bool = False, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 80, **kwargs})
        self.confirms, self.widget.any_part = confirms, any_part

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No `maxlength`: browsers silently cut pasted text there."""
        attrs = {**super().widget_attrs(widget), "autocomplete": "off", "spellcheck": "false"}
        return {name: value for name, value in attrs.items() if name != "maxlength"}

    def clean(self, value: Any) -> str:
        if not (text := super().clean(value)):
            return ""
        found = find_places(text)
        codes = [code for code in found.codes if self.widget.any_part or code in _codes()]
        if len(codes) != 1:
            # A part of another country: suggest its country, for the user to confirm.
            self.widget.meant = codes or dict.fromkeys(map(self._listed, found.codes or found.nearest))
            message = "several" if codes else "nearest" if self.widget.meant else "unknown"
            raise ValidationError(self.error_messages[message], message, {"text": text})
        self._confirm_name(text, codes[0])
        return codes[0]

    def _listed(self, code: str) -> str:
        return code if self.widget.any_part else listed_place(code)

    def _confirm_name(self, text: str, code: str) -> None:
        if self.confirms and not is_full_name(text, code):
            self.widget.full_name = place_label(code)
            raise ValidationError(self.error_messages["confirm"], "confirm", {"place": self.widget.full_name})


class PlaceAnswerMixin(forms.Form):
    """The question for a place, which sets `country` and `region` to the codes that models keep."""

    place = PlaceField(
        label=_("State, province or country"),
        help_text=_("Outside the United States, Canada and the United Kingdom, the country is enough."),
        required=False,
    )
    # `place` sets these. Scripts may send them instead; no page shows them.
    country = forms.ChoiceField(
        required=False, choices=lambda: [("", ""), *country_choices()], widget=forms.HiddenInput
    )
    region = forms.ChoiceField(required=False, choices=lambda: [("", ""), *region_groups()], widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Makes `place` and the codes in `country` and `region` agree. Either may be given, or both."""
        data = super().clean() or self.cleaned_data
        elsewhere = _("This state or province isn’t in the country you chose. Change one of them.")
        country, region = data.get("country"), data.get("region")
        if region and country and country_of(region) != country:
            self.add_error("region", elsewhere)
        named, coded = data.get("place", ""), data.get("region") or data.get("country") or ""
        if named and coded not in ("", named, country_of(named)):
            self.add_error("place", elsewhere)
        code = named or place_code(coded)
        data |= {"place": code, "country": country_of(code), "region": code if "-" in code else ""}
        return data


@lru_cache
def _codes() -> set[str]:
    return {code for code, _label in place_choices()}


@lru_cache
def _options(language: str | None) -> SafeString:
    """The 300 options of the datalist as HTML, cached by language."""
    return SafeString("".join(f"<option>{escape(label)}</option>" for _code, label in place_choices()))
