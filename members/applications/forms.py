"""The form of who asks to join: it asks little and says why."""

import re
import unicodedata

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Fieldset, Layout
from django import forms
from django.core.validators import validate_email
from django.db import models
from django.utils.choices import flatten_choices
from django.utils.translation import gettext_lazy as _

from chapters.models import Chapter
from chapters.regions import country_choices, country_of, region_groups
from members.applications.submission import Application
from members.models import Member
from members.submission_tokens import JOIN_FORM
from s4jr.crypto.unreadable_text import is_unreadable
from s4jr.form_fields.long_text import LongTextField
from s4jr.form_fields.names import NAME_RULES
from s4jr.form_fields.region_select import RegionSelect
from s4jr.mail.addresses import validate_writable
from s4jr.mail.discreet import can_be_discreet

#: Marks that turn text round (UAX #9) and two that show nothing. U+200C and U+200D stay: they are emails in Persian
#: and Indic names and joins in emoji.
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
#: Emails and symbols that show nothing: the Hangul fillers and the blank of Braille.
BLANK = re.compile("[\u115f\u1160\u2800\u3164\uffa0]")
DECEPTIVE = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")

#: What the page that shows the answers once more leaves out: nobody was asked these.
NOT_SHOWN = {"website", "form_token"}

WAYS_TO_HELP = [
    ("meetings", _("Organizing meetings and skill shares")),
    ("policy", _("Policy advocacy")),
    ("stories", _("Survivor storytelling")),
    ("education", _("Political education")),
    ("media", _("Educational media campaigns")),
    ("place", _("Representing my state or province")),
    ("behind", _("Behind-the-scenes work")),
]


def ways_in_words(ways):
    """The ways to help that a member ticked, as words for a reader."""
    words = dict(WAYS_TO_HELP)
    if is_unreadable(ways):
        return ways
    return ", ".join(str(words.get(way, way)) for way in ways.split())


class NameField(forms.CharField):
    """A name in any script, as it was typed but for marks that could make it read as another, on one line."""

    default_validators = NAME_RULES

    def to_python(self, value):
        return super().to_python(CONTROL.sub(" ", DECEPTIVE.sub("", value)) if value else value)

    def validate(self, value):
        super().validate(value)
        if value and not any(unicodedata.category(character)[0] in "LNPS" for character in BLANK.sub("", value)):
            raise forms.ValidationError(_("This name looks blank. Enter a name that shows on the screen."))


def refuse_a_region_elsewhere(form):
    """A state or province says its country; another one beside it is a slip."""
    country, region = form.cleaned_data.get("country"), form.cleaned_data.get("region")
    if region and country and country_of(region) != country:
        form.add_error("region", _("This state or province isn’t in the country you chose. Change one of them."))


class Step(models.TextChoices):
    """Which button of the join form was pressed."""

    CHECK = "check"
    CHANGE = "change"
    SEND = "send"


class JoinForm(forms.Form):
    use_required_attribute = False  # what is not needed says "(optional)"; the browser's own bubbles are not calm

    name = NameField(
        label=_("What should we call you?"),
        help_text=_("Any name you like to go by. It doesn’t have to be your legal name."),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    contact = forms.ChoiceField(
        label=_("Is it safe to email you?"),
        help_text=_(
            "Think about who else might see your inbox or your phone. Anyone who can open your inbox can "
            "use the links in our emails to confirm, change or delete your request. If you choose "
            "“discreet,” a link alone doesn’t show your message. You can also add a secret word."
        ),
        choices=Member.Contact,
        widget=forms.RadioSelect,
    )
    email = forms.CharField(
        label=_("Email address"),
        help_text=_(
            "Leave this blank if you chose “Never email me.” Otherwise, you get one email to confirm "
            "your request, and one when there is an answer."
        ),
        error_messages={
            "required": _("Enter your email address, or choose “Never email me.”"),
        },
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "inputmode": "email", "spellcheck": "false"}),
    )
    agreement = forms.BooleanField(label=_("I have read the coalition’s community agreement, and I will follow it."))
    consent = forms.BooleanField(
        label=_("I agree that the coalition may keep what I write here, so its volunteers can read it and answer me.")
    )
    chapter = forms.ModelChoiceField(
        Chapter.objects.public().by_name(),
        label=_("Chapter"),
        help_text=_("You came from this chapter’s page. You can choose another chapter, or none."),
        required=False,
        to_field_name="slug",
        empty_label=_("None"),
    )
    pronouns = NameField(label=_("Pronouns"), required=False, max_length=60)
    country = forms.ChoiceField(
        label=_("Country"),
        help_text=_(
            "We use this to tell you what’s happening near you, and to find the representative for your place."
        ),
        required=False,
        choices=lambda: [("", _("Not selected")), *country_choices()],
        widget=RegionSelect,
    )
    region = forms.ChoiceField(
        label=_("State or province"),
        help_text=_("Only for the United States and Canada. Anywhere else, the country is enough."),
        required=False,
        choices=lambda: [("", _("Not selected")), *region_groups()],
        widget=RegionSelect,
    )
    relation = forms.ChoiceField(
        label=_("I’m joining as"),
        help_text=_("You don’t need to answer this. The volunteer who decides on your request doesn’t see it."),
        choices=Member.Relation,
        required=False,
        widget=forms.RadioSelect,
    )
    ways_to_help = forms.MultipleChoiceField(
        label=_("Ways I might like to help"), choices=WAYS_TO_HELP, required=False, widget=forms.CheckboxSelectMultiple
    )
    access_needs = LongTextField(
        rows=3,
        label=_("What helps you take part?"),
        help_text=_("Captions, breaks, sign language, large print, or anything else."),
        required=False,
        max_length=2000,
    )
    message = LongTextField(
        rows=5,
        label=_("Anything you’d like us to know"),
        help_text=_(
            "You never need to tell us what happened to you. Please leave it out, unless you want to share it."
        ),
        required=False,
        max_length=4000,
    )
    newsletter = forms.BooleanField(
        label=_("Send me news now and then."),
        help_text=_("This is separate from joining. It’s off unless you check it."),
        required=False,
    )
    website = forms.CharField(
        label=_("Leave this blank"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    form_token = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not (self.data if self.is_bound else self.initial).get("chapter"):
            del self.fields["chapter"]  # only who comes from a chapter's page is asked: the form stays short
        if self.is_bound:
            self.fields["email"].required = self.data.get("contact") in (Member.Contact.YES, Member.Contact.DISCREET)
        if not can_be_discreet():
            self.fields["contact"].choices = [c for c in Member.Contact.choices if c[0] != Member.Contact.DISCREET]

    @property
    def helper(self):
        helper = FormHelper()
        helper.form_tag = False
        helper.layout = Layout(
            *(["chapter"] if "chapter" in self.fields else []),
            "name", "contact", "email", "agreement", "consent",
            Fieldset(
                _("Tell us more, if you like"),
                "pronouns", "country", "region", "relation", "ways_to_help", "access_needs", "message", "newsletter",
                template="forms/layout/more.html", **({"open": True} if self.is_filled_in_again else {}),
            ),
            Field("website", template="forms/honeypot.html"),
        )  # fmt: skip
        return helper

    @property
    def is_filled_in_again(self):
        return "name" in self.initial

    @property
    def is_blank(self):
        """Whether it is the same for everybody, but for its token."""
        return not self.is_bound and not self.is_filled_in_again and "chapter" not in self.fields

    @property
    def step(self):
        """The button that was pressed. Who presses none, as a script does, sends."""
        step = self.data.get("step")
        return Step(step) if step in Step.values else Step.SEND

    def filled_in_again(self):
        """A fresh form that holds this one's answers and its token: a page that keeps nothing carries them so."""
        return JoinForm(initial=self.cleaned_data)

    def in_words(self):
        """Pairs of a question (a bound field) and the answer in words, for each question that was answered."""
        pairs = ((self[name], self._in_words(name)) for name in self.cleaned_data if name not in NOT_SHOWN)
        return [(question, words) for question, words in pairs if words]

    def _in_words(self, name):
        answer, field = self.cleaned_data[name], self.fields[name]
        if isinstance(field, forms.BooleanField):
            return _("Yes") if answer else _("No")
        if not isinstance(field, forms.ChoiceField) or isinstance(field, forms.ModelChoiceField):
            return answer
        words = dict(flatten_choices(field.choices))
        chosen = answer if isinstance(answer, list) else [answer] if answer else []
        return ", ".join(str(words[value]) for value in chosen)

    def clean_email(self):
        """An address typed beside "please never e-mail me" is dropped unread."""
        email = self.cleaned_data["email"]
        if self.cleaned_data.get("contact") == Member.Contact.NONE:
            return ""
        if email:
            validate_email(email)
            validate_writable(email)
        return email

    def clean(self):
        data = super().clean()
        if data.get("contact") == Member.Contact.NONE:
            data["newsletter"] = False
        refuse_a_region_elsewhere(self)
        return data

    def application(self, language):
        """What was asked for, once the form is valid; held for somebody to read where no hand may have filled it in."""
        data, token = self.cleaned_data, JOIN_FORM.read_token(self.cleaned_data["form_token"])
        answers = {name: data[name] for name in Application.ANSWERS if name in data}
        return Application(
            **{
                **answers,
                "ways_to_help": " ".join(data["ways_to_help"]),
                "country": data["country"] or country_of(data["region"]),
                "chapter": data.get("chapter"),
            },
            language=language,
            form_token=token.value,
            previous_token=token.previous,
            flag_reason=self._flag_reason(token),
        )

    def _flag_reason(self, token):
        if self.cleaned_data["website"]:
            return Member.FlagReason.HONEYPOT
        if not token.is_ours:
            return Member.FlagReason.NO_TOKEN
        return Member.FlagReason.TOO_FAST if token.is_too_fast else ""
