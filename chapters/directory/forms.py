"""What one looks for in the directory. It comes in the address, so that a search is a link to share."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from chapters.map import drawing
from chapters.place_search import find_places, place_label
from chapters.regions import place_code

#: How many words are looked for; what stands behind them in a long question is left out.
MOST_WORDS = 5


class FindForm(forms.Form):
    """`place` is a code or a name, `q` are words; `meant` holds the places of a name that is more than one's."""

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

    meant = ()

    def clean_place(self):
        """A code as ISO writes it is the address to share; everything else is looked for as people type it."""
        said = self.cleaned_data["place"]
        if not said or place_code(said) == said:
            return said
        found = find_places(said)
        if not found.codes:
            raise ValidationError(_what_to_do(found.nearest))
        self.meant = found.codes
        return self.meant[0]

    def clean_page(self):
        said = self.cleaned_data["page"]
        return max(int(said), 1) if said.isdecimal() else 1

    @property
    def view(self):
        """Which picture of the map is looked at; North America unless the world is asked for."""
        asked = self.data.get("map")
        return asked if asked in drawing.VIEWS else drawing.FIRST_VIEW

    @property
    def words(self):
        return self.cleaned_data.get("q", "").split()[:MOST_WORDS]

    @property
    def places_in_words(self):
        """The places that `q` names, as pairs of code and name: people type a place where words are looked for."""
        return [(code, place_label(code)) for code in find_places(self.cleaned_data.get("q", "")).codes]

    @property
    def says_the_place_by_its_code(self):
        """Whether the address is the one to share; a name is changed into its code first."""
        return self.data.get("place", "") == self.cleaned_data["place"]


def _what_to_do(nearest):
    if nearest:
        names = " · ".join(map(place_label, nearest))
        return _("We don’t know a place with this name. Did you mean one of these? %(names)s") % {"names": names}
    return _(
        "We don’t know a place with this name. Check the spelling, or use the list below. It has everyone who is "
        "listed here."
    )
