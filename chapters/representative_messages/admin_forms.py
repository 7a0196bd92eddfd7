"""The form in which an admin answers a message that the coalition took over."""

from typing import Self

from django.http import HttpRequest

from chapters.models import RepresentativeMessage
from chapters.representative_messages.forms import AnswerForm
from s4jr.conversations.forms import SavedReplyForm


class AdminAnswerForm(SavedReplyForm, AnswerForm):
    @classmethod
    def for_message(
        cls, request: HttpRequest, message: RepresentativeMessage, words: str = "", seen: int | None = None
    ) -> Self:
        """A form with these words, for the message as it is now or as it was at turn `seen`."""
        initial = {"form_token": cls.kind.new_token(request), "words": words, "seen": seen or message.turn}
        return cls(initial=initial, language=message.language)
