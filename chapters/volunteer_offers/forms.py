"""The form to become a representative, the base form for all offers, and the form for a status code."""

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from chapters.models import Chapter, VolunteerOffer
from chapters.public_form import PublicForm
from chapters.regions import country_choices, country_of, region_groups
from chapters.volunteer_offers.querysets import VolunteerOfferQuerySet
from chapters.volunteer_offers.services import OfferSubmission
from s4jr.conversations.forms import CodeForm
from s4jr.form_fields.long_text import LongTextField
from s4jr.form_fields.region_select import RegionSelect
from s4jr.security.submission_token import FormKind

OFFERS = FormKind("offer", "offered")


class OfferForm(PublicForm):
    """The fields that all offers have in common: name, contact choice and email."""

    kind = OFFERS
    counted_as = "offers"
    #: The kind of the offers that the form makes.
    makes: VolunteerOffer.Kind

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True

    def submission(self, language: str, flag_reason: str) -> OfferSubmission:
        """The submission of a valid form."""
        answers = {name: self.cleaned_data[name] for name in OfferSubmission.ANSWERS if name in self.cleaned_data}
        sent = {"form_token": self.token.value, "language": language, "flag_reason": flag_reason}
        return OfferSubmission(kind=self.makes, **sent, **answers)


class RepresentativeOfferForm(OfferForm):
    makes = VolunteerOffer.Kind.REPRESENT
    asked = ("country", "region", "chapter", "words", "name", "contact", "email")

    country = forms.ChoiceField(
        label=_("Which country?"),
        required=False,
        choices=lambda: [("", _("Not selected")), *country_choices()],
        widget=RegionSelect,
    )
    region = forms.ChoiceField(
        label=_("Which state or province?"),
        help_text=_("Only for the United States and Canada. Anywhere else, the country is enough."),
        required=False,
        choices=lambda: [("", _("Not selected")), *region_groups()],
        widget=RegionSelect,
    )
    chapter = forms.ModelChoiceField(
        Chapter.objects.public().by_name(), label=_("Or a chapter?"), required=False, empty_label=_("None")
    )
    words = LongTextField(
        label=_("Anything you’d like us to know"),
        help_text=_("What you would like to do, or ask. Leave out what happened to you. You never need to share it."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not Chapter.objects.public().exists():
            del self.fields["chapter"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        country, region, chapter = data.get("country"), data.get("region"), data.get("chapter")
        if region and country and country_of(region) != country:
            self.add_error("region", _("This state or province isn’t in the country you chose. Change one of them."))
        if not (country or region or chapter) and "country" not in self.errors:
            self.add_error("country", _("Choose the place it would be for."))
        if chapter:
            return {**data, "country": "", "region": ""}
        return {**data, "country": country or country_of(region or "")}


class OfferAct(models.TextChoices):
    """The actions for a status code of an offer."""

    LOOK = "look"
    ERASE = "erase"


class OfferCodeForm(CodeForm):
    """The status code of an offer."""

    whose: VolunteerOfferQuerySet
    model, acts = VolunteerOffer, OfferAct
