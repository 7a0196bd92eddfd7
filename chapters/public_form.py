"""The base of all public forms: how to answer safely, and the reasons to flag a submission as possible spam."""

from typing import Any, Self

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from s4jr.conversations.choices import Contact, FlagReason
from s4jr.form_fields.email import EmailAddressField
from s4jr.form_fields.names import NAME_RULES
from s4jr.form_fields.one_line import OneLineField
from s4jr.mail.discreet import can_be_discreet
from s4jr.mail.mailbox import limit_key
from s4jr.security.ratelimit import peer_key, spend
from s4jr.security.submission_token import FormKind, SubmissionToken

#: Above these rates, submissions are flagged for a person to look at. None is refused: people behind Tor share an IP
#: address, and the email address is not verified.
FROM_ONE_LINE, WITH_ONE_ADDRESS, IN_ALL = "10/h", "10/d", "120/h"


def ask_for_address(field: Any, contact: str | None) -> None:
    """Requires the address for an answer by email, and leaves it unread if the sender chose to get none."""
    field.required = contact in (Contact.YES, Contact.DISCREET)
    field.is_unread = contact == Contact.NONE


class PublicForm(forms.Form):
    """A public form that asks whether, and how, its sender may be answered.

    Subclasses set `kind`, the name of their rate limits in `counted_as`, and their fields, in order, in `asked`.
    """

    use_required_attribute = False
    kind: FormKind
    counted_as = ""
    #: Whether to limit the rate for one email address, for a form that may cause emails to it.
    limits_one_address = True
    asked: tuple[str, ...] = ()

    contact = forms.ChoiceField(
        label=_("Is it safe to email you the answer?"),
        help_text=_("Whatever you choose, the next page shows you a code. You can use it to read the answer here."),
        choices=Contact.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one, so we never email you where it isn’t safe.")},
    )
    email = EmailAddressField(
        label=_("Email address"),
        help_text=_("Leave this blank if you chose “Never email me.”"),
        error_messages={"required": _("Enter your email address, or choose “Never email me.”")},
    )
    name = OneLineField(
        label=_("What should we call you?"),
        help_text=_("Any name you like to be called."),
        error_messages={"required": _("Enter a name that we can call you. Any name will do.")},
        required=False,
        max_length=120,
        validators=NAME_RULES,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    website = forms.CharField(required=False)
    form_token = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([*self.asked])
        if self.is_bound:
            ask_for_address(self.fields["email"], self.data.get("contact"))
        if not can_be_discreet():
            self.fields["contact"].choices = [choice for choice in Contact.choices if choice[0] != Contact.DISCREET]

    @classmethod
    def blank(cls, request: HttpRequest, **initial: Any) -> Self:
        """The unbound form with a new submission token."""
        return cls(initial={**initial, "form_token": cls.kind.new_token(request)})

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        asked = [name for name in self.asked if name in self.fields]
        helper.layout = Layout(*asked, Field("website", template="forms/honeypot.html"), "form_token")
        return helper

    @property
    def token(self) -> SubmissionToken:
        if not hasattr(self, "_token"):
            self._token = self.kind.read_token(self.cleaned_data["form_token"])
        return self._token

    def flag_reason(self, request: HttpRequest) -> str:
        """The reason to flag the submission as possible spam, or "". Each call counts toward the rate limits."""
        too_much = not spend(f"{self.counted_as} of one line", peer_key(request), FROM_ONE_LINE)
        if self.limits_one_address:
            too_much |= not spend(f"{self.counted_as} with one address", self._address_key, WITH_ONE_ADDRESS)
        too_much |= not spend(f"{self.counted_as} in all", "", IN_ALL)
        return self._marks_of_a_machine() or (FlagReason.TOO_MANY if too_much else "")

    @property
    def is_clean(self) -> bool:
        """Whether it shows no signs of a bot."""
        return not self._marks_of_a_machine()

    @property
    def _address_key(self) -> str:
        """The key of the limit for one address; tagged spellings share it. Without an address, the unique form token,
        so that the limit never applies."""
        email = self.cleaned_data["email"]
        return limit_key(email) if email else self.token.value

    def _marks_of_a_machine(self) -> str:
        if self.cleaned_data["website"]:
            return FlagReason.HONEYPOT
        if not self.token.is_ours:
            return FlagReason.NO_TOKEN
        return FlagReason.TOO_FAST if self.token.is_too_fast else ""
