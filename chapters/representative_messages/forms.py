"""Forms for messages: the first one, the status code, the next ones, answers, reports and blocks."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from chapters.models import Representative, RepresentativeMessage
from chapters.public_form import PublicForm
from chapters.representative_messages.querysets import RepresentativeMessageQuerySet
from chapters.representative_messages.services import MessageSubmission, mark_for
from s4jr.conversations.forms import CodeForm, NextMessageForm, TurnForm
from s4jr.form_fields.long_text import LongTextField
from s4jr.security.submission_token import FormKind

MESSAGES = FormKind("message to a representative", "message")


class MessageForm(PublicForm):
    """A first message to a representative."""

    kind = MESSAGES
    counted_as = "messages"
    asked = ("words", "contact", "email", "name", "coalition_may_answer")

    words = LongTextField(
        label=_("What would you like to say?"),
        help_text=_("Share only what you want to. A few words are enough to start."),
        error_messages={"required": _("Write a few words.")},
    )
    coalition_may_answer = forms.BooleanField(
        label=_("The coalition may read this and answer it if it stays unread for 7 days."),
        help_text=_("If you don’t check this, no one but this representative ever reads it."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("What should they call you?")

    def mark(self, representative: Representative) -> str:
        """The form token for this representative."""
        return mark_for(representative, self.token.value)

    def submission(self, representative: Representative, language: str, flag_reason: str) -> MessageSubmission:
        """The submission of a valid form."""
        return MessageSubmission(
            **{name: self.cleaned_data[name] for name in MessageSubmission.ANSWERS if name in self.cleaned_data},
            representative=representative,
            words=self.cleaned_data["words"],
            form_token=self.mark(representative),
            language=language,
            flag_reason=flag_reason,
        )


class Act(models.TextChoices):
    """The actions for a status code of a message."""

    LOOK = "look"
    WRITE = "write"
    REPORT = "report"
    ERASE = "erase"


class MessageCodeForm(CodeForm):
    """The status code of a message to a representative."""

    whose: RepresentativeMessageQuerySet
    model, acts = RepresentativeMessage, Act


class NextWordsForm(NextMessageForm):
    """A further message of the sender."""

    kind = MESSAGES

    words = LongTextField(label=_("Your message"), rows=6, error_messages={"required": _("Write a few words.")})


class AnswerForm(TurnForm, NextWordsForm):
    """An answer to a conversation. `seen` is the turn that the page showed."""

    def __init__(self, *args: Any, own_address: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own_address = own_address.strip().casefold()
        self.fields["words"].label = _("Your answer")

    def clean_words(self) -> str:
        words = self.cleaned_data["words"]
        if self.own_address and self.own_address in words.casefold():
            raise ValidationError(
                _(
                    "Your own email address is in your answer, and they would see it. Remove it. They can answer "
                    "you here without it."
                )
            )
        return words


class ReportForm(forms.Form):
    """A report of one message."""

    use_required_attribute = False

    word = forms.IntegerField(min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    why = LongTextField(
        label=_("What is wrong with it?"),
        help_text=_("This is optional. We look into it even if you write nothing."),
        rows=3,
        max_length=1000,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=False, **kwargs)


class BlockForm(forms.Form):
    """The block to remove."""

    block = forms.IntegerField(min_value=1, max_value=2**63 - 1)
