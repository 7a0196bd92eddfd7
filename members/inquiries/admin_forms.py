"""The forms of the admin page of an inquiry."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from members.inquiries.permissions import SAFETY
from members.models import Inquiry
from s4jr.conversations.forms import SavedReplyForm, TurnForm
from s4jr.form_fields.long_text import LongTextField


class AnswerForm(SavedReplyForm):
    words = LongTextField(
        label=_("Your answer"), error_messages={"required": _("Write an answer, or close this without one.")}
    )


class HandOverForm(TurnForm):
    """Never hands over to safety or conduct: the sender did not choose the readers of that topic."""

    topic = forms.ChoiceField(label=_("Hand it over to"))

    def __init__(self, *args: Any, inquiry: Inquiry, **kwargs: Any) -> None:
        super().__init__(*args, initial={"seen": inquiry.turn}, **kwargs)
        elsewhere = [choice for choice in Inquiry.Topic.choices if choice[0] not in (SAFETY, inquiry.topic)]
        cast(forms.ChoiceField, self.fields["topic"]).choices = elsewhere
