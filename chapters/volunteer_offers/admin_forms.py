"""What a coordinator types about an offer."""

from django import forms
from django.utils.text import slugify

from chapters.models import Chapter
from chapters.validators import keep_addresses_out
from s4jr.form_fields.names import NAME_RULES


class OpenChapterForm(forms.ModelForm):
    """The chapter that was asked for, as it will be public: to be read through, and mended where it names somebody."""

    class Meta:
        model = Chapter
        fields = ["name", "slug", "country", "region", "area", "languages", "rhythm"]

    def __init__(self, *args, offer, **kwargs):
        asked = {name: getattr(offer, name) for name in ("country", "region", "area", "languages", "rhythm")}
        slug = slugify(offer.chapter_name)[:60]
        super().__init__(*args, initial={**asked, "name": offer.chapter_name, "slug": slug}, **kwargs)
        keep_addresses_out(self, plain=("name", "area", "languages", "rhythm"))
        self.fields["name"].validators.extend(NAME_RULES)
