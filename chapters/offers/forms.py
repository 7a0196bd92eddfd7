"""The form of "would you?", what it shares with other offers, and the code with which one sees what came of it."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.utils.translation import gettext_lazy as _

from chapters.models import Chapter, Contact, HeldFor, Offer
from chapters.offers.form_mark import read_mark
from chapters.offers.offering import Offering
from chapters.one_line import OneLineField
from chapters.regions import country_choices, country_of, region_groups
from s4jr.mail.addresses import validate_writable
from s4jr.mail.discreet import can_be_discreet

WORDS_AT_MOST = 4000


class WordsField(forms.CharField):
    """Words as they were typed; a line end counts as one character, as the browser counts it."""

    def __init__(self, *, rows=6, **kwargs):
        box = forms.Textarea(attrs={"rows": rows, "autocomplete": "off"})
        super().__init__(**{"max_length": WORDS_AT_MOST, "widget": box, **kwargs})

    def to_python(self, value):
        return super().to_python(value.replace("\r\n", "\n") if value else value)


class OfferForm(forms.Form):
    """Who offers, and whether it is safe to write to them: the questions that every offer asks."""

    use_required_attribute = False
    kind = None
    #: The fields of a kind, in the order in which they are asked; what is hidden comes after them.
    asked = ()

    name = OneLineField(
        label=_("What should we call you?"),
        help_text=_("Any name you like to be called by."),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    contact = forms.ChoiceField(
        label=_("Is it safe to e-mail you the answer?"),
        help_text=_("However you choose, the next page shows a code with which you can see here what came of it."),
        choices=Contact,
        widget=forms.RadioSelect,
    )
    email = forms.CharField(
        label=_("E-mail address"),
        help_text=_("Leave it empty if you chose never to be e-mailed."),
        error_messages={"required": _("Please give the address to write to, or choose never to be e-mailed.")},
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "inputmode": "email", "spellcheck": "false"}),
    )
    website = forms.CharField(required=False)
    form_token = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.is_bound:
            self.fields["email"].required = self.data.get("contact") in (Contact.YES, Contact.DISCREET)
        if not can_be_discreet():
            self.fields["contact"].choices = [c for c in Contact.choices if c[0] != Contact.DISCREET]

    @property
    def helper(self):
        helper = FormHelper()
        helper.form_tag = False
        asked = [name for name in self.asked if name in self.fields]
        helper.layout = Layout(*asked, Field("website", template="forms/honeypot.html"), "form_token")
        return helper

    def clean_email(self):
        """An address typed beside "please never e-mail me" is dropped unread."""
        email = self.cleaned_data["email"]
        if self.data.get("contact") == Contact.NONE:
            return ""
        if email:
            validate_email(email)
            validate_writable(email)
        return email

    def offering(self, language, *, too_many=False):
        """What is offered, once the form is valid; held to be looked at where no hand may have filled it in."""
        answers = {name: self.cleaned_data[name] for name in Offering.ANSWERS if name in self.cleaned_data}
        held_for = self._held_for or (HeldFor.TOO_MANY if too_many else "")
        return Offering(self.kind, form_token=self.mark.value, language=language, held_for=held_for, **answers)

    @property
    def mark(self):
        if not hasattr(self, "_mark"):
            self._mark = read_mark(self.cleaned_data["form_token"])
        return self._mark

    @property
    def _held_for(self):
        if self.cleaned_data["website"]:
            return HeldFor.HONEYPOT
        if not self.mark.is_ours:
            return HeldFor.NO_TOKEN
        return HeldFor.TOO_FAST if self.mark.is_too_fast else ""


class WouldYouForm(OfferForm):
    kind = Offer.Kind.REPRESENT
    asked = ("country", "region", "chapter", "words", "name", "contact", "email")

    country = forms.ChoiceField(label=_("Which country?"), required=False)
    region = forms.ChoiceField(
        label=_("Which state or province?"),
        help_text=_("In the United States and Canada. Elsewhere the country is enough."),
        required=False,
    )
    chapter = forms.ModelChoiceField(
        Chapter.objects.public().by_name(), label=_("Or a chapter?"), required=False, empty_label=_("None")
    )
    words = WordsField(
        label=_("Anything you would like us to know"),
        help_text=_("What you would like to do, or ask. Please do not tell what happened to you: you never need to."),
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", _("Not said")), *country_choices()]
        self.fields["region"].choices = [("", _("Not said")), *region_groups()]
        if not self.fields["chapter"].queryset.exists():
            del self.fields["chapter"]

    def clean(self):
        data = super().clean()
        country, region, chapter = data.get("country"), data.get("region"), data.get("chapter")
        if region and country and country_of(region) != country:
            self.add_error("region", _("This state or province is not in the country you chose."))
        if not (country or region or chapter) and "country" not in self.errors:
            self.add_error("country", _("Please say for which place it would be."))
        if chapter:
            return {**data, "country": "", "region": ""}
        return {**data, "country": country or country_of(region or "")}


class OfferAct(models.TextChoices):
    """What somebody does with the code of an offer."""

    LOOK = "look"
    ERASE = "erase"


class OfferCodeForm(forms.Form):
    """The code of an offer, however it was written down. Valid, it has `whose`: a QuerySet of one offer."""

    use_required_attribute = False
    WRONG = "wrong"

    code = forms.CharField(
        label=_("Your code"),
        help_text=_("Twelve letters and digits. Dashes, spaces and capitals make no difference."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def clean_code(self):
        code = self.cleaned_data["code"]
        self.whose = Offer.objects.with_code(code)
        if not self.whose.exists():
            raise ValidationError(
                _("We find nothing under this code. Perhaps a letter was misread, or what it stood for is erased."),
                code=self.WRONG,
            )
        return code

    @property
    def is_wrong(self):
        return self.has_error("code", self.WRONG)

    @property
    def act(self):
        pressed = self.data.get("do")
        return OfferAct(pressed) if pressed in OfferAct.values else OfferAct.LOOK
