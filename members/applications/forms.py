"""The join form. It asks for little and says why."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Field, Fieldset, Layout
from django import forms
from django.db import models
from django.utils.choices import flatten_choices  # pyright: ignore[reportMissingImports]  the stubs lack Django 5.0's
from django.utils.translation import gettext_lazy as _

from chapters.models import Chapter
from chapters.place_field import PlaceAnswerMixin, PlaceField
from chapters.place_search import place_label
from chapters.public_form import ask_for_address
from members.applications.application import Application
from members.applications.name_field import NameField
from members.applications.ways_to_help import WAYS_TO_HELP
from members.models import Member
from members.submission_tokens import JOIN_FORM
from s4jr.conversations.choices import Contact
from s4jr.form_fields.email import EmailAddressField
from s4jr.form_fields.email_suggestion import suggest_email
from s4jr.form_fields.long_text import LongTextField
from s4jr.mail.discreet import can_be_discreet
from s4jr.security.submission_token import SubmissionToken

#: Not on the page that shows the answers: no one was asked for these.
NOT_SHOWN = {"website", "form_token", "country", "region"}
FOLDED_AWAY = ("pronouns", "place", "relation", "ways_to_help", "access_needs", "message", "newsletter")


class Step(models.TextChoices):
    """The buttons of the join form."""

    CHECK = "check"
    CHANGE = "change"
    TAKE_SUGGESTION = "take_suggestion"
    SEND = "send"


class JoinForm(PlaceAnswerMixin, forms.Form):
    use_required_attribute = False  # fields say "(optional)" instead; the browser's own messages alarm people
    field_order = [
        "name", "contact", "email", "agreement", "consent", "chapter", "pronouns", "place", "country", "region",
    ]  # fmt: skip

    name = NameField(
        label=_("What should we call you?"),
        help_text=_("It doesn’t have to be your legal name."),
        max_length=120,
        error_messages={"required": _("Enter a name that we can call you. Any name will do.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    contact = forms.ChoiceField(
        label=_("Is it safe to email you?"),
        help_text=_(
            "Who else can see your inbox or your phone? Anyone who opens your inbox can use the links in our "
            "emails. With discreet emails, a link alone doesn’t show what you wrote."
        ),
        choices=Contact.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one, so we never email you where it isn’t safe.")},
    )
    email = EmailAddressField(
        label=_("Email address"),
        help_text=_(
            "Leave this blank if you chose “Never email me.” Otherwise, we email you to confirm your "
            "request, and again when there’s an answer. Members also get news about their place or "
            "chapter."
        ),
        error_messages={"required": _("Enter your email address, or choose “Never email me.”")},
        suggests=False,  # the page that shows the answers asks
    )
    agreement = forms.BooleanField(
        label=_("I have read the coalition’s community agreement, and I will follow it."),
        error_messages={"required": _("To join, read the community agreement and check this box.")},
    )
    consent = forms.BooleanField(
        label=_("I agree that the coalition may keep what I write here, so its volunteers can read it and answer me."),
        error_messages={"required": _("Check this box. Otherwise we can’t keep or read what you write.")},
    )
    chapter = forms.ModelChoiceField(
        Chapter.objects.public().by_name(),
        label=_("Chapter"),
        help_text=_("You came from this chapter’s page. You can choose another chapter, or none."),
        required=False,
        to_field_name="slug",
        empty_label=_("None"),
    )
    pronouns = NameField(
        label=_("Pronouns"), required=False, max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    place = PlaceField(
        label=_("State, province or country"),
        help_text=_(
            "We use this to tell you what’s happening near you. A postal code or a large city works too. We keep only "
            "the state, province or country."
        ),
        required=False,
    )
    relation = forms.ChoiceField(
        label=_("I’m joining as"),
        help_text=_("You don’t need to answer this. Only you can see your answer."),
        choices=Member.Relation.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    ways_to_help = forms.MultipleChoiceField(
        label=_("Ways I might like to help"),
        help_text=_(
            "We ask so that we can invite you to what suits you. Checking a box doesn’t commit you to anything."
        ),
        choices=WAYS_TO_HELP,
        required=False,
        widget=forms.CheckboxSelectMultiple,
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
        help_text=_(
            "News about the whole coalition. It’s off unless you check it. News about a place or chapter "
            "goes to all its members."
        ),
        required=False,
    )
    website = forms.CharField(
        label=_("Leave this blank"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    form_token = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not (self.data if self.is_bound else self.initial).get("chapter"):
            del self.fields["chapter"]  # only people who come from a chapter's page see it, which keeps the form short
        if self.is_bound:
            ask_for_address(self.fields["email"], self.data.get("contact"))
        if not can_be_discreet():
            self.fields["contact"].choices = [c for c in Member.Contact.choices if c[0] != Member.Contact.DISCREET]

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.layout = Layout(
            *(["chapter"] if "chapter" in self.fields else []),
            "name", "contact", Field("email", wrapper_class="field--if-email"),
            HTML("{{ agreement_fold }}"), "agreement", "consent",
            Fieldset(
                _("Tell us more, if you like"),
                *FOLDED_AWAY, template="forms/layout/more.html", **({"open": True} if self._unfolds_more() else {}),
            ),
            Field("website", template="forms/honeypot.html"),
        )  # fmt: skip
        return helper

    @property
    def is_filled_in_again(self) -> bool:
        return "name" in self.initial

    def _unfolds_more(self) -> bool:
        """Whether the optional part starts open: no answer and no error in it may be hidden."""
        return self.is_filled_in_again or any(self[name].value() or self[name].errors for name in FOLDED_AWAY)

    @property
    def is_blank(self) -> bool:
        """Whether the form is the same for everyone, except for its token."""
        return not self.is_bound and not self.is_filled_in_again and "chapter" not in self.fields

    @property
    def step(self) -> Step:
        """The button that was selected; SEND if there is none, as from a script."""
        step = self.data.get("step")
        return Step(step) if step in Step.values else Step.SEND

    def filled_in_again(self) -> "JoinForm":
        """An unbound form with the answers and the token of this one, which a page carries along in hidden fields."""
        return JoinForm(initial={**self.cleaned_data, "place": self._in_words("place")})

    @property
    def suggested_email(self) -> str:
        """A likely correction of the address; "" if it looks right."""
        return suggest_email(self.cleaned_data["email"])

    def take_suggestion(self) -> None:
        """Use the suggested address."""
        self.cleaned_data["email"] = self.suggested_email or self.cleaned_data["email"]

    def in_words(self) -> list[tuple[forms.BoundField, Any]]:
        """Pairs (bound field, answer in words), for each question that was answered."""
        pairs = ((self[name], self._in_words(name)) for name in self.cleaned_data if name not in NOT_SHOWN)
        return [(question, words) for question, words in pairs if words]

    def _in_words(self, name: str) -> Any:
        answer, field = self.cleaned_data[name], self.fields[name]
        if isinstance(field, forms.BooleanField):
            return _("Yes") if answer else _("No")
        if isinstance(field, PlaceField):
            return place_label(answer) if answer else ""
        if not isinstance(field, forms.ChoiceField) or isinstance(field, forms.ModelChoiceField):
            return answer
        words = dict(flatten_choices(field.choices))
        chosen = answer if isinstance(answer, list) else [answer] if answer else []
        return ", ".join(str(words[value]) for value in chosen)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("contact") == Member.Contact.NONE:
            data["newsletter"] = False
        return data

    def application(self, language: str) -> Application:
        """The application of a valid form; flagged for review if a script may have sent it."""
        data, token = self.cleaned_data, JOIN_FORM.read_token(self.cleaned_data["form_token"])
        answers = {name: data[name] for name in Member.ANSWERS if name in data}
        return Application(
            **{
                **answers,
                "ways_to_help": " ".join(data["ways_to_help"]),
                "chapter": data.get("chapter"),
            },
            language=language,
            form_token=token.value,
            previous_token=token.previous,
            flag_reason=self._flag_reason(token),
        )

    def _flag_reason(self, token: SubmissionToken) -> str:
        if self.cleaned_data["website"]:
            return Member.FlagReason.HONEYPOT
        if not token.is_ours:
            return Member.FlagReason.NO_TOKEN
        return Member.FlagReason.TOO_FAST if token.is_too_fast else ""
