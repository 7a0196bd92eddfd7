"""The search form of the directory. Its values are in the query string, so that a search can be shared as a link."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from chapters.map import drawing
from chapters.place_search import find_places, place_label
from chapters.regions import place_code

#: The search uses only so many words.
MOST_WORDS = 5


class FindForm(forms.Form):
    """`place` is a code or a name, `q` has search words. `meant` has the codes of all places with the entered name."""

    place = forms.CharField(
        label=_("Place"),
        help_text=_("A country, state or province"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    q = forms.CharField(
        label=_("Search words"),
        help_text=_("A name, a language, or words from their profile"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
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
    def words(self) -> list[str]:
        return self.cleaned_data.get("q", "").split()[:MOST_WORDS]

    @property
    def places_in_words(self) -> list[tuple[str, str]]:
        """The places that `q` names, as pairs of code and label, because people enter places there too."""
        return [(code, place_label(code)) for code in find_places(self.cleaned_data.get("q", "")).codes]

    @property
    def says_the_place_by_its_code(self) -> bool:
        """Whether `place` is a code. If it is a name, the view redirects to the URL with the code."""
        return self.data.get("place", "") == self.cleaned_data["place"]


def _what_to_do(nearest: tuple[str, ...]) -> str:
    if nearest:
        names = " · ".join(map(place_label, nearest))
        return _("We don’t know a place with this name. Did you mean one of these? %(names)s") % {"names": names}
    return _(
        "We don’t know a place with this name. Check the spelling, or use the list below. It has everyone who is "
        "listed here."
    )
