"""The search form of the directory. Its values are in the query string, so that a search can be shared as a link."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from chapters.map import drawing
from chapters.place_search import find_places, place_label, places_named
from chapters.regions import place_code

#: The search uses only so many words.
MOST_WORDS = 5
#: The value of `show` for all profiles.
ALL = "all"


class SearchField(forms.CharField):
    """At most 80 characters. The box has no `maxlength`, because browsers silently cut pasted text there."""

    default_error_messages = {"max_length": _("This is too long. Use at most %(limit_value)d characters.")}

    def __init__(self, **kwargs: Any) -> None:
        box = forms.TextInput(attrs={"autocomplete": "off"})
        super().__init__(max_length=80, required=False, widget=box, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


class FindForm(forms.Form):
    """`place` is a code or a name, `q` what people type: words or a place. `meant` has the codes of all places with the
    name in `place`."""

    place = SearchField(label=_("Place"), help_text=_("A country, state or province, a postal code or a large city"))
    q = SearchField(label=_("Search words"), help_text=_("A name, a language, or words from their profile"))
    page = forms.CharField(max_length=6, required=False, widget=forms.HiddenInput)

    meant: tuple[str, ...] = ()

    def clean_place(self) -> str:
        """The code of the place: an exact ISO code as it is, anything else through the place search."""
        said = self.cleaned_data["place"]
        if not said or place_code(said) == said:
            return said
        found = find_places(said)
        if not found.codes:
            raise ValidationError(_what_to_do(found.nearest))
        self.meant = found.codes
        return self.meant[0]

    def clean_page(self) -> int:
        said = self.cleaned_data["page"]
        return max(int(said), 1) if said.isdecimal() else 1

    @property
    def view(self) -> str:
        """The view of the map; North America by default."""
        asked = self.data.get("map", "")
        return asked if asked in drawing.VIEWS else drawing.FIRST_VIEW

    @property
    def wants_all(self) -> bool:
        """Whether the reader selected "Show all" on the page that shows a few profiles."""
        return self.data.get("show", "") == ALL

    @property
    def words(self) -> list[str]:
        return self.cleaned_data.get("q", "").split()[:MOST_WORDS]

    @property
    def only_place_in_words(self) -> str:
        """The code of the place, if there are no other answers and `q` names exactly one; else ""."""
        codes = () if self.cleaned_data["place"] else places_named(self.cleaned_data["q"])
        return codes[0] if len(codes) == 1 else ""

    @property
    def places_in_words(self) -> list[tuple[str, str]]:
        """The places that `q` names, or the nearest, as pairs of code and label: people enter places there too."""
        found = find_places(self.cleaned_data.get("q", ""))
        return [(code, place_label(code)) for code in found.codes or found.nearest]

    @property
    def says_the_place_by_its_code(self) -> bool:
        """Whether `place` is a code. If it is a name, the view redirects to the URL with the code."""
        return self.data.get("place", "") == self.cleaned_data["place"]


def _what_to_do(nearest: tuple[str, ...]) -> str:
    if nearest:
        names = "\N{NO-BREAK SPACE}· ".join(map(place_label, nearest))
        return _("We don’t know a place with this name. Did you mean one of these? %(names)s") % {"names": names}
    return _(
        "We don’t know a place with this name. Check the spelling, or use the list below. It has everyone who is "
        "listed here."
    )
