"""The forms of every kind of conversation: the code that opens it, the next words, and what its readers send."""

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
    """The status code of a row that a public form made."""

    model: type[Any]

    def with_code(self, code: str) -> SubmittedQuerySet:
        return self.model._default_manager.with_code(code)


class Act(models.TextChoices):
    """What somebody does with the code of a conversation."""

    LOOK = "look"
    WRITE = "write"
    ERASE = "erase"


class NextMessageForm(forms.Form):
    """The next words of whoever wrote first."""

    use_required_attribute = False
    kind: FormKind

    words = LongTextField(label=_("Your message"), error_messages={"required": _("Write a few words.")})
    form_token = forms.CharField(required=False, widget=forms.HiddenInput)

    @classmethod
    def blank(cls, request: HttpRequest, **initial: Any) -> Self:
        return cls(initial={"form_token": cls.kind.new_token(request), **initial})

    @property
    def mark(self) -> str:
        """What makes two presses one."""
        return self.kind.read_token(self.cleaned_data["form_token"]).value


class TurnForm(forms.Form):
    """A press about a conversation as it was when its page was shown: `seen` counts what had been said."""

    seen = forms.IntegerField(min_value=1, widget=forms.HiddenInput({"id": False}))  # two forms of a page have it
