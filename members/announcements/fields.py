"""Form fields of announcements: several places, several ways to help, and a subject."""

from collections.abc import Iterable, Iterator
from html import escape
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms import Widget
from django.forms.utils import flatatt
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chapters.place_search import find_places, place_label
from chapters.regions import (
    TERRITORIES,
    country_choices,
    country_name,
    country_of,
    listed_place,
    region_groups,
    regions_of,
)
from s4jr.form_fields.long_text import LongTextField

#: The mark of a typed text among the codes of checked boxes.
TYPED = "typed:"


class SubjectField(forms.CharField):
    """A subject. A box with `maxlength` silently cuts pasted text, so a long one comes back whole, with an error."""

    default_error_messages = {"max_length": LongTextField.default_error_messages["max_length"]}

    def widget_attrs(self, widget: Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        return {**{name: value for name, value in attrs.items() if name != "maxlength"}, "size": str(self.max_length)}


class CodesField(forms.MultipleChoiceField):
    """Several choices, stored as their codes with spaces between."""

    def prepare_value(self, value: Any) -> Any:
        return value.split() if isinstance(value, str) else value

    def clean(self, value: Any) -> str:
        return " ".join(super().clean(value))


def place_groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """Grouped choices: a whole country and its regions for those that have regions, then all other countries."""
    countries = dict.fromkeys(country_of(regions[0][0]) for _name, regions in region_groups())
    groups = [(country_name(code), [(code, _whole(code)), *regions_of(code)]) for code in countries]
    others = [(code, name) for code, name in country_choices() if code not in countries and code not in TERRITORIES]
    return [*groups, (gettext("Other countries"), others)]


def _whole(country: str) -> str:
    return gettext("All of %(country)s") % {"country": country_name(country)}


class PlaceCheckboxes(forms.CheckboxSelectMultiple):
    """Hundreds of checkboxes in fold-outs, rendered in one go: Django renders a template for each (see RegionSelect).

    A fold-out is open if one of its boxes is checked. Above them, places can be typed.
    """

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        prefix, chosen = (attrs or {}).get("id", f"id_{name}"), set[str](value or ())
        choices = cast("list[tuple[str, list[tuple[str, str]]]]", self.choices)
        groups = (_fold_out(label, _boxes(name, prefix, pairs, chosen), chosen, pairs) for label, pairs in choices)
        typed = _typed_places(name, prefix, [text for text in value or () if text.startswith(TYPED)])
        return SafeString(f'<div class="places" id="{escape(prefix)}">{typed}{"".join(groups)}</div>')

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        """The codes of the checked boxes, then each typed text, marked: "PA" is Panama's code and typed for a state."""
        typed = data.get(f"{name}_typed", "").split(";")
        return [*super().value_from_datadict(data, files, name), *(f"{TYPED}{text.strip()}" for text in typed)]


def _typed_places(name: str, prefix: str, texts: list[str]) -> str:
    """The input for places by name, with the typed texts."""
    label = escape(gettext("Type places, with a semicolon between them, or check them below"))
    value, box = escape("; ".join(filter(None, (text.removeprefix(TYPED) for text in texts)))), f"{prefix}_typed"
    attributes = {"type": "text", "name": f"{name}_typed", "id": box, "autocomplete": "off", "spellcheck": "false"}
    return f'<label for="{escape(box)}">{label}</label><input{flatatt(attributes)} value="{value}">'


def _fold_out(label: str, boxes: Iterator[str], chosen: set[str], pairs: Iterable[tuple[str, str]]) -> str:
    is_open = " open" if chosen & {code for code, _name in pairs} else ""
    return (
        f"<details{is_open}><summary>{escape(label)}</summary>"
        f'<div role="group" aria-label="{escape(label)}">{"".join(boxes)}</div></details>'
    )


def _boxes(name: str, prefix: str, pairs: Iterable[tuple[str, str]], chosen: set[str]) -> Iterator[str]:
    for code, words in pairs:
        checked = " checked" if code in chosen else ""
        place, value = escape(f"{prefix}_{code}"), escape(code)
        box = f'<input type="checkbox" name="{escape(name)}" value="{value}" id="{place}"{checked}>'
        yield f'<label for="{place}">{box} {escape(words)}</label>'


class PlacesField(CodesField):
    """Regions and countries, as codes or as what people type. A region of a country that is chosen as a whole adds
    nothing, so it is dropped."""

    widget = PlaceCheckboxes
    default_error_messages = {
        "several": _("“%(text)s” is more than one place. Enter one of these: %(names)s"),
        "nearest": _("We don’t know “%(text)s.” Did you mean one of these? %(names)s"),
        "unknown": _("We don’t know “%(text)s.” Check the spelling, or choose a place from the list."),
    }

    def to_python(self, value: Any) -> list[str]:
        codes = [self._code_of(text) if text.startswith(TYPED) else text for text in super().to_python(value) or ()]
        return list(dict.fromkeys(filter(None, codes)))

    def _code_of(self, typed: str) -> str:
        """The code of the only place that a typed text names; "" for no text."""
        text = typed.removeprefix(TYPED)
        if not text:
            return ""
        found = find_places(text)
        codes = dict.fromkeys(map(listed_place, found.codes or found.nearest))
        if found.codes and len(codes) == 1:
            return next(iter(codes))
        message = "several" if found.codes else "nearest" if codes else "unknown"
        names = "; ".join(map(place_label, codes))
        raise ValidationError(self.error_messages[message], message, {"text": text, "names": names})

    def clean(self, value: Any) -> str:
        codes = super().clean(value).split()
        return " ".join(sorted(code for code in codes if code == country_of(code) or country_of(code) not in codes))
