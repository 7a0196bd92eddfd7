"""The join form: it asks little and says why."""

import re

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Fieldset, Layout, Submit
from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from chapters.regions import country_choices, country_of, region_groups
from members.form_token import read_token
from members.joining import Application
from members.models import Member
from s4jr.mail.discreet import can_be_discreet

#: Marks that turn text round (UAX #9) and two that show nothing. U+200C and U+200D stay: they are letters in Persian
#: and Indic names and joins in emoji.
DECEPTIVE = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")

WAYS_TO_HELP = [
    ("meetings", _("Organizing meetings and skill shares")),
    ("policy", _("Policy advocacy")),
    ("stories", _("Survivor storytelling")),
    ("education", _("Political education")),
    ("media", _("Educational media campaigns")),
    ("place", _("Representing my state or province")),
    ("behind", _("Work behind the scenes")),
]


class NameField(forms.CharField):
    """A name in any script, as it was typed but for marks that could make it read as another."""

    def to_python(self, value):
        return super().to_python(DECEPTIVE.sub("", value) if value else value)


class JoinForm(forms.Form):
    use_required_attribute = False  # what is not needed says "(optional)"; the browser's own bubbles are not calm

    name = NameField(
        label=_("What should we call you?"),
        help_text=_("Any name you like to be called by. It need not be the one on your papers."),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    contact = forms.ChoiceField(
        label=_("Is it safe to e-mail you?"),
        help_text=_("Think of who else may see your mailbox or your phone."),
        choices=Member.Contact,
        widget=forms.RadioSelect,
    )
    email = forms.CharField(
        label=_("E-mail address"),
        help_text=_(
            "Leave it empty if you chose never to be e-mailed. Else you get one letter to confirm it, and one when "
            "there is an answer."
        ),
        error_messages={
            "required": _("Please give the address to write to, or choose never to be e-mailed."),
        },
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "inputmode": "email", "spellcheck": "false"}),
    )
    agreement = forms.BooleanField(label=_("I have read the coalition's agreement and will keep to it."))
    consent = forms.BooleanField(
        label=_("The coalition may keep what I write here, so that its volunteers can read it and answer me.")
    )
    pronouns = NameField(label=_("Pronouns"), required=False, max_length=60)
    country = forms.ChoiceField(
        label=_("Country"),
        help_text=_(
            "So that you hear of what happens near you, and so that whoever represents your place can be found."
        ),
        required=False,
    )
    region = forms.ChoiceField(
        label=_("State or province"),
        help_text=_("In the United States and Canada. Elsewhere the country is enough."),
        required=False,
    )
    relation = forms.ChoiceField(
        label=_("I join as"),
        help_text=_("Nobody is asked to tell. Whoever decides about your application does not see this."),
        choices=Member.Relation,
        required=False,
        widget=forms.RadioSelect,
    )
    ways_to_help = forms.MultipleChoiceField(
        label=_("Ways I may like to help"), choices=WAYS_TO_HELP, required=False, widget=forms.CheckboxSelectMultiple
    )
    access_needs = forms.CharField(
        label=_("What helps you take part?"),
        help_text=_("Captions, breaks, sign language, large print: whatever it is."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
    message = forms.CharField(
        label=_("Anything you would like us to know"),
        help_text=_("Please do not tell what happened to you, unless you want to: you never need to here."),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
    )
    newsletter = forms.BooleanField(
        label=_("Send me news now and then."),
        help_text=_("Apart from joining; off unless you tick it."),
        required=False,
    )
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    form_token = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", _("Not said")), *country_choices()]
        self.fields["region"].choices = [("", _("Not said")), *region_groups()]
        if self.is_bound:
            self.fields["email"].required = self.data.get("contact") in (Member.Contact.YES, Member.Contact.DISCREET)
        if not can_be_discreet():
            self.fields["contact"].choices = [c for c in Member.Contact.choices if c[0] != Member.Contact.DISCREET]

    @property
    def helper(self):
        helper = FormHelper()
        helper.form_tag = False
        helper.layout = Layout(
            "name", "contact", "email", "agreement", "consent",
            Fieldset(
                _("If you like, tell us more"),
                "pronouns", "country", "region", "relation", "ways_to_help", "access_needs", "message", "newsletter",
                template="forms/layout/more.html",
            ),
            Field("website", template="forms/honeypot.html"), "form_token",
            Submit("send", _("Ask to join"), css_class="button--join"),
        )  # fmt: skip
        return helper

    def clean_email(self):
        """An address typed beside "please never e-mail me" is dropped unread."""
        email = self.cleaned_data["email"]
        if self.cleaned_data.get("contact") == Member.Contact.NONE:
            return ""
        if email:
            validate_email(email)
        return email

    def clean(self):
        data = super().clean()
        country, region = data.get("country"), data.get("region")
        if region and country and country_of(region) != country:
            self.add_error("region", _("This state or province is not in the country you chose."))
        return data

    def application(self, language):
        """What was asked for, once the form is valid; held for somebody to read where no hand may have filled it in."""
        data, token = self.cleaned_data, read_token(self.cleaned_data["form_token"])
        answers = {name: data[name] for name in Application.ANSWERS if name in data}
        return Application(
            **{
                **answers,
                "ways_to_help": " ".join(data["ways_to_help"]),
                "country": data["country"] or country_of(data["region"]),
            },
            language=language,
            form_token=token.value,
            previous_token=token.previous,
            held_for=self._held_for(token),
        )

    def _held_for(self, token):
        if self.cleaned_data["website"]:
            return Member.HeldFor.HONEYPOT
        if not token.is_ours:
            return Member.HeldFor.NO_TOKEN
        return Member.HeldFor.TOO_FAST if token.is_too_fast else ""
