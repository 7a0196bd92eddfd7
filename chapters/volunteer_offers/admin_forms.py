"""The form of a coordinator to open a chapter."""

from typing import Any

from django import forms
from django.utils.text import slugify

from chapters.models import Chapter, VolunteerOffer
from chapters.validators import add_validators, keep_addresses_out
from s4jr.form_fields.names import NAME_RULES


class OpenChapterForm(forms.ModelForm):
    """The requested chapter as it will be public, to review and to correct if it identifies someone."""

    class Meta:
        model = Chapter
        fields = ["name", "slug", "country", "region", "area", "languages", "rhythm"]

    def __init__(self, *args: Any, offer: VolunteerOffer, **kwargs: Any) -> None:
        asked = {name: getattr(offer, name) for name in ("country", "region", "area", "languages", "rhythm")}
        slug = slugify(offer.chapter_name)[:60]
        super().__init__(*args, initial={**asked, "name": offer.chapter_name, "slug": slug}, **kwargs)
        keep_addresses_out(self, plain=("name", "area", "languages", "rhythm"))
        add_validators(self.fields["name"], *NAME_RULES)
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"  # someone may have put their own name or town there
