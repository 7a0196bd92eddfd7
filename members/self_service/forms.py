"""Forms that open a member's information: a code, an address to send a link to, a secret word."""

import json
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from members.models import Member
from members.querysets import MemberQuerySet
from members.self_service.credentials import member_with_new_code
from members.self_service.secret_word import hash_of, is_locked
from s4jr.form_fields.email import EmailAddressField
from s4jr.form_fields.status_code_form import StatusCodeForm
from s4jr.invisible_marks import plain_text

if TYPE_CHECKING:
    from members.self_service.session import MemberSession

ADDRESS_ERRORS = {"required": _("Enter your email address.")}
SHORTEST_WORD = 6


class Act(models.TextChoices):
    """The buttons of these forms, and what a status code alone can do."""

    LOOK = "look"
    SEND_LINK = "send_link"
    GIVE_WORD = "give_word"
    GIVE_CODE = "give_code"
    CORRECT = "correct"
    SEND_AGAIN = "send_again"
    WITHOUT_EMAIL = "without_email"
    WITHDRAW = "withdraw"


class CarriedField(forms.JSONField):
    """What was typed into another form, by field name. Anything that our pages did not carry is None, not an error.

    Python's JSON decoder fails on deep nesting and on numbers with thousands of digits; and not every string that it
    decodes can be encoded for a page.
    """

    LONGEST = 20_000

    def to_python(self, value: Any) -> dict[str, list[str]] | None:
        try:
            typed = json.loads(value or "null") if len(value or "") <= self.LONGEST else None
            json.dumps(typed, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            return None
        return typed if _is_answers(typed) else None

    def bound_data(self, data: Any, initial: Any) -> dict[str, list[str]] | None:
        return self.to_python(data)


def _is_answers(typed: Any) -> bool:
    """Whether this is a dict of lists of strings."""
    lists = typed.values() if isinstance(typed, dict) else [None]
    return all(isinstance(texts, list) and all(isinstance(text, str) for text in texts) for texts in lists)


class DoorForm(forms.Form):
    """Carries what was typed into a page after its session had ended."""

    use_required_attribute = False

    part = forms.SlugField(required=False, widget=forms.HiddenInput)
    typed = CarriedField(required=False, widget=forms.HiddenInput)


class CodeForm(DoorForm, StatusCodeForm):
    """The code of an application or a membership."""

    whose: MemberQuerySet
    is_new: bool

    def with_code(self, code: str) -> MemberQuerySet:
        """Also finds a code that an email link alone made and that has not taken effect; sets `is_new` for it."""
        holding = Member.objects.with_code(code)
        self.is_new = not holding.exists()
        return member_with_new_code(code) if self.is_new else holding


class CodeBesideForm(StatusCodeForm):
    """The code of the member whose session this is. One that an email link alone made proves nothing here."""

    def __init__(self, *args: Any, visit: "MemberSession", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = visit.member

    def with_code(self, code: str) -> MemberQuerySet:
        return Member.objects.with_code(code).filter(pk=self.member.pk)


class LinkForm(forms.Form):
    """Where to send a sign-in link."""

    use_required_attribute = False

    email = EmailAddressField(
        label=_("Your email address"),
        help_text=_("The address our emails go to."),
        error_messages=ADDRESS_ERRORS,
    )


class AddressForm(forms.Form):
    """The corrected address of an application."""

    use_required_attribute = False

    email = EmailAddressField(
        label=_("Your correct email address"),
        error_messages=ADDRESS_ERRORS,
    )


def word_field(label: str, help_text: str = "", required: str = "") -> forms.CharField:
    hidden = forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    said = {"required": required or _("Enter your secret word.")}
    return forms.CharField(label=label, help_text=help_text, max_length=200, error_messages=said, widget=hidden)


class WordForm(DoorForm):
    """Asks for the secret word."""

    is_typed_again = True
    word = word_field(_("Your secret word"), _("The one you set here. Capitals and extra spaces make no difference."))

    def __init__(self, *args: Any, visit: "MemberSession", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member, self.beside = visit.member, visit.shown_beside_word

    def clean_word(self) -> str:
        word = self.cleaned_data["word"]
        self.kept = hash_of(self.member, word, beside=self.beside)
        if not self.kept:
            raise ValidationError(self._said())
        return word

    def _said(self) -> str:
        if is_locked(self.member, beside=self.beside):
            return _("That was five wrong tries. Try again in an hour. Everything else on this page still works.")
        return _("That isn’t the secret word you set. Check it and try again.")


class NewWordForm(forms.Form):
    """A new secret word, typed twice."""

    is_typed_again = True
    use_required_attribute = False

    word = word_field(
        _("Your secret word"),
        _(
            "Use six characters or more. Several words are fine. No one can look it up, not even us. If "
            "you forget it, you can still see your status and delete your information."
        ),
        _("Enter a secret word."),
    )
    again = word_field(_("Your secret word again"), required=_("Enter your secret word again."))

    def clean_word(self) -> str:
        word = self.cleaned_data["word"]
        if len("".join(plain_text(word).split())) < SHORTEST_WORD:
            raise ValidationError(_("Choose a secret word with six characters or more."))
        return word

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("again") and data.get("word") and plain_text(data["again"]) != plain_text(data["word"]):
            self.add_error("again", _("The two words don’t match. Enter the same word twice."))
        return data
