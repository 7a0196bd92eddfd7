"""Forms of every kind of conversation: the code that opens it, the next message, and what its readers submit."""

from typing import Any, Self

from django import forms
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from s4jr.conversations.querysets import SubmittedQuerySet
from s4jr.form_fields.long_text import LongTextField
from s4jr.form_fields.status_code_form import StatusCodeForm
from s4jr.security.submission_token import FormKind


class CodeForm(StatusCodeForm):
    """The status code of a row that a public form created."""

    model: type[Any]

    def with_code(self, code: str) -> SubmittedQuerySet[Any]:
        return self.model._default_manager.with_code(code)


class Act(models.TextChoices):
    """What the holder of a code does with the conversation."""

    LOOK = "look"
    WRITE = "write"
    ERASE = "erase"


class NextMessageForm(forms.Form):
    """Another message by the person who began the conversation."""

    use_required_attribute = False
    kind: FormKind

    words = LongTextField(label=_("Your message"), error_messages={"required": _("Write a few words.")})
    form_token = forms.CharField(required=False, widget=forms.HiddenInput)

    @classmethod
    def blank(cls, request: HttpRequest, **initial: Any) -> Self:
        return cls(initial={"form_token": cls.kind.new_token(request), **initial})

    @property
    def mark(self) -> str:
        """The token that makes a double submission count once."""
        return self.kind.read_token(self.cleaned_data["form_token"]).value


class TurnForm(forms.Form):
    """Acts on a conversation as it was when its page was rendered: `seen` is its number of messages at that time."""

    seen = forms.IntegerField(
        min_value=1, widget=forms.HiddenInput({"id": False})
    )  # two forms on a page have this field
