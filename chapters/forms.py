"""The form with which somebody asks to start a chapter."""

from django import forms
from django.utils.translation import gettext_lazy as _

from chapters.models import VolunteerOffer
from chapters.regions import country_choices, country_of, region_groups
from chapters.validators import refuse_addresses
from chapters.volunteer_offers.forms import OfferForm
from s4jr.form_fields.long_text import LongTextField
from s4jr.form_fields.names import NAME_RULES
from s4jr.form_fields.one_line import OneLineField
from s4jr.form_fields.region_select import RegionSelect


class StartForm(OfferForm):
    makes = VolunteerOffer.Kind.START_CHAPTER
    asked = (
        "chapter_name", "country", "region", "area", "languages", "rhythm", "words", "name", "contact", "email",
    )  # fmt: skip

    chapter_name = OneLineField(
        label=_("What would it be called?"),
        help_text=_("Public once it is open. A town or a part of the country, and nobody’s own name."),
        max_length=80,
        validators=[refuse_addresses, *NAME_RULES],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    country = forms.ChoiceField(
        label=_("Which country?"),
        error_messages={"required": _("Please say in which country it would be.")},
        choices=lambda: [("", _("Please choose")), *country_choices()],
        widget=RegionSelect,
    )
    region = forms.ChoiceField(
        label=_("Which state or province?"),
        help_text=_("In the United States and Canada. Elsewhere the country is enough."),
        required=False,
        choices=lambda: [("", _("Not said")), *region_groups()],
        widget=RegionSelect,
    )
    area = OneLineField(
        label=_("Who could come?"),
        help_text=_("Public: the towns or the part of the country it is for."),
        required=False,
        max_length=120,
        validators=[refuse_addresses],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    languages = OneLineField(
        label=_("In which languages?"),
        help_text=_("Public once it is open."),
        required=False,
        max_length=80,
        validators=[refuse_addresses],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    rhythm = OneLineField(
        label=_("How often would you like to meet?"),
        help_text=_("Public once it is open. In your words; it need not be settled yet."),
        required=False,
        max_length=120,
        validators=[refuse_addresses],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    words = LongTextField(
        label=_("Anything you would like us to know"),
        help_text=_(
            "Who is with you already, or what you would need. Please do not tell what happened to you: you never need "
            "to."
        ),
        required=False,
    )

    def clean(self):
        data = super().clean()
        if data.get("region") and data.get("country") and country_of(data["region"]) != data["country"]:
            self.add_error("region", _("This state or province is not in the country you chose."))
        return data
