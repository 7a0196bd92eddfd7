"""The form to become a representative, the base form for all offers, and the form for a status code."""

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from chapters.models import Chapter, VolunteerOffer
from chapters.place_field import PlaceAnswerMixin
from chapters.public_form import PublicForm
from chapters.volunteer_offers.querysets import VolunteerOfferQuerySet
from chapters.volunteer_offers.services import OfferSubmission
from s4jr.conversations.forms import CodeForm
from s4jr.form_fields.long_text import LongTextField
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


class RepresentativeOfferForm(PlaceAnswerMixin, OfferForm):
    makes = VolunteerOffer.Kind.REPRESENT
    asked = ("place", "chapter", "words", "name", "contact", "email")

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
        data = super().clean()
        if data.get("chapter"):
            return {**data, "country": "", "region": ""}
        if not data["place"] and "place" not in self.errors:
            self.add_error("place", _("Enter the state, province or country it would be for."))
        return data


class OfferAct(models.TextChoices):
    """The actions for a status code of an offer."""

    LOOK = "look"
    ERASE = "erase"


class OfferCodeForm(CodeForm):
    """The status code of an offer."""

    whose: VolunteerOfferQuerySet
    model, acts = VolunteerOffer, OfferAct
