"""The forms of a chapter for admins, with one box for its place instead of two for codes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chapters.models import Chapter
from chapters.place_field import PlaceField
from chapters.place_search import place_label
from chapters.regions import country_of
from chapters.validators import add_validators, keep_addresses_out
from s4jr.accounts.edit_conflicts import SEEN, SeenVersionForm
from s4jr.form_fields.long_text import LongTextField
from s4jr.form_fields.names import NAME_RULES


class ChapterPlaceForm(forms.ModelForm):
    """`place` sets the country and the state or province of the chapter. No text holds an email address."""

    place = PlaceField(
        label=_("Place"),
        help_text=_("Outside the United States, Canada and the United Kingdom, the country is enough."),
        error_messages={"required": _("Enter a state, province or country.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = {name: self.initial.get(name) or getattr(self.instance, name) for name in ("country", "region")}
        if code := kept["region"] or kept["country"]:
            self.initial.setdefault("place", place_label(code))
        long = [name for name in ("words", "how_to_join") if name in self.fields]
        keep_addresses_out(self, plain=("name", "area", "languages", "rhythm"), in_markdown=long)
        add_validators(self.fields["name"], *NAME_RULES)

    def clean(self) -> dict[str, Any]:
        """Replaces `place` by the two columns that the model has."""
        data = super().clean() or self.cleaned_data
        if code := data.pop("place", ""):
            data |= {"country": country_of(code), "region": code if "-" in code else ""}
            self.instance.country, self.instance.region = data["country"], data["region"]
        return data


class ChapterForm(SeenVersionForm, ChapterPlaceForm):
    watched = ("slug", "name", "status", "place", "area", "languages", "rhythm", "words", "how_to_join")

    class Meta:
        model = Chapter
        fields = ["slug", "name", "status", "area", "languages", "rhythm", "words", "how_to_join", SEEN]
        field_classes = dict.fromkeys(["words", "how_to_join"], LongTextField)
