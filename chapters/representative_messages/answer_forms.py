"""The forms of an answer with saved replies: by an admin who took a message over, and by a representative."""

from typing import Any, Self

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from chapters.models import RepresentativeMessage
from chapters.representative_messages.forms import AnswerForm
from s4jr.conversations.forms import SavedReplyForm
from s4jr.conversations.models import SavedReply
from s4jr.conversations.querysets import SavedReplyQuerySet


class AdminAnswerForm(SavedReplyForm, AnswerForm):
    @classmethod
    def for_message(
        cls, request: HttpRequest, message: RepresentativeMessage, words: str = "", seen: int | None = None
    ) -> Self:
        """A form with these words, for the message as it is now or as it was at turn `seen`."""
        initial = {"form_token": cls.kind.new_token(request), "words": words, "seen": seen or message.turn}
        return cls(initial=initial, language=message.language)


class RepresentativeAnswerForm(AdminAnswerForm):
    """Offers the sample answers of representatives."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if reply := self.fields.get("saved_reply"):
            reply.label = _("Sample answer")

    @classmethod
    def offered_replies(cls) -> SavedReplyQuerySet:
        return SavedReply.objects.for_representatives()
