"""The form to start a chapter."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chapters.models import VolunteerOffer
from chapters.place_field import PlaceAnswerMixin, PlaceField
from chapters.validators import refuse_addresses
from chapters.volunteer_offers.forms import OfferForm
from s4jr.form_fields.long_text import LongTextField
from s4jr.form_fields.names import NAME_RULES
from s4jr.form_fields.one_line import OneLineField


class StartForm(PlaceAnswerMixin, OfferForm):
    makes = VolunteerOffer.Kind.START_CHAPTER
    asked = (
        "chapter_name", "place", "area", "languages", "rhythm", "words", "name", "contact", "email",
    )  # fmt: skip

    chapter_name = OneLineField(
        label=_("What would you like to call the chapter?"),
        help_text=_("Public once the chapter opens. Use a town or region, not a person’s name."),
        error_messages={"required": _("Enter a name for the chapter.")},
        max_length=80,
        validators=[refuse_addresses, *NAME_RULES],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    place = PlaceField(
        label=_("Where would it be?"),
        help_text=_("A state, province or country. Public once the chapter opens."),
        error_messages={"required": _("Enter the state, province or country the chapter would be in.")},
    )
    area = OneLineField(
        label=_("What area would it serve?"),
        help_text=_("Public. The towns or region the chapter is for."),
        required=False,
        max_length=120,
        validators=[refuse_addresses],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    languages = OneLineField(
        label=_("Which languages would you use?"),
        help_text=_("Public once the chapter opens."),
        required=False,
        max_length=80,
        validators=[refuse_addresses],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    rhythm = OneLineField(
        label=_("How often would you like to meet?"),
        help_text=_("Public once the chapter opens. Use your own words. It doesn’t need to be final yet."),
        required=False,
        max_length=120,
        validators=[refuse_addresses],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    words = LongTextField(
        label=_("Anything you’d like us to know"),
        help_text=_(
            "Tell us who is already with you, or what you would need. Please don’t share what happened "
            "to you. You never need to."
        ),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].required = not (self.data.get("country") or self.data.get("region"))
