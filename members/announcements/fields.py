"""Form fields of announcements: several places, several ways to help, and a subject."""

from collections.abc import Iterable, Iterator
from html import escape
from typing import Any, cast

from django import forms
from django.forms import Widget
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from chapters.regions import WITH_REGIONS, country_choices, country_name, country_of, regions_of
from s4jr.form_fields.long_text import LongTextField


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
    groups = [(country_name(code), [(code, _whole(code)), *regions_of(code)]) for code in WITH_REGIONS]
    others = [(code, name) for code, name in country_choices() if code not in WITH_REGIONS]
    return [*groups, (gettext("Other countries"), others)]


def _whole(country: str) -> str:
    return gettext("All of %(country)s") % {"country": country_name(country)}


class PlaceCheckboxes(forms.CheckboxSelectMultiple):
    """Hundreds of checkboxes in fold-outs, rendered in one go: Django renders a template for each (see RegionSelect).

    A fold-out is open if one of its boxes is checked.
    """

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        prefix, chosen = (attrs or {}).get("id", f"id_{name}"), set[str](value or ())
        choices = cast("list[tuple[str, list[tuple[str, str]]]]", self.choices)
        groups = (_fold_out(label, _boxes(name, prefix, pairs, chosen), chosen, pairs) for label, pairs in choices)
        return SafeString(f'<div class="places" id="{escape(prefix)}">{"".join(groups)}</div>')


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
    """Regions and countries. A region of a country that is chosen as a whole adds nothing, so it is dropped."""

    widget = PlaceCheckboxes

    def clean(self, value: Any) -> str:
        codes = super().clean(value).split()
        return " ".join(sorted(code for code in codes if code == country_of(code) or country_of(code) not in codes))
