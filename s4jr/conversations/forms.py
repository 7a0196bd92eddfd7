"""Forms of every kind of conversation: the code that opens it, the next message, and what its readers submit."""

from typing import Any, Self, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from s4jr.conversations.models import SavedReply
from s4jr.conversations.querysets import SavedReplyQuerySet, SubmittedQuerySet
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


class SavedReplyField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.title} ({obj.get_language_display()})"


class SavedReplyForm(TurnForm):
    """Puts a saved reply into an answer, which subclasses define as `words`.

    Inserting shows the text in the box. Sending refuses a reply that was chosen and not inserted, so that no one sends
    what they have not seen, or believes that they sent it.
    """

    saved_reply = SavedReplyField(
        SavedReply.objects.none(),
        label=_("Saved reply"),
        help_text=_("“Insert it” adds the text at the end of your answer. Read and change it there. Nothing is sent."),
        required=False,
        empty_label=_("None"),
        error_messages={
            "required": _("Choose one first."),
            "invalid_choice": _("Someone deleted this saved reply. Choose another one, or “None.”"),
        },
    )

    def __init__(self, *args: Any, language: str, is_inserting: bool = False, **kwargs: Any) -> None:
        """`language` is that of the person who wrote: its replies are offered first."""
        super().__init__(*args, **kwargs)
        self.is_inserting = is_inserting
        replies = cast(forms.ModelChoiceField, self.fields["saved_reply"])
        replies.queryset = self.offered_replies().in_language_first(language)
        self.fields["words"].required, replies.required = not is_inserting, is_inserting
        if not (is_inserting or replies.queryset.exists()):
            del self.fields["saved_reply"]

    @classmethod
    def offered_replies(cls) -> SavedReplyQuerySet:
        """The replies to choose from."""
        return SavedReply.objects.for_admins()

    def clean_saved_reply(self) -> SavedReply | None:
        reply = self.cleaned_data["saved_reply"]
        if reply and not self.is_inserting:
            raise ValidationError(_("This isn’t in your answer yet. Select “Insert it,” or choose “None.”"))
        return reply

    @property
    def words_with_reply(self) -> str:
        """What was typed, and the chosen reply after it."""
        said = (self.cleaned_data["words"], self.cleaned_data["saved_reply"].text)
        return "\n\n".join(text for text in said if text)

    def focus_on_words(self) -> None:
        """Lets the browser show the inserted text first."""
        self.fields["words"].widget.attrs["autofocus"] = True
