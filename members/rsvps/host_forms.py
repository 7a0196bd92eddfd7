"""Forms for hosts about people who RSVP."""

import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chapters.meetings.secret_fields import leak_about
from chapters.models import Meeting
from s4jr.form_fields.links import addresses_in
from s4jr.form_fields.long_text import LongTextField

LONGEST = 2000
#: As long as the column takes; the form makes 32 characters.
TOKEN = 64


def new_token() -> str:
    return secrets.token_hex(16)


class MessageForm(forms.Form):
    """A message to everyone who is going. `token` counts a form that is sent twice as one message."""

    text = LongTextField(
        label=_("Your message"),
        max_length=LONGEST,
        help_text=_(
            "Say what people need to know, such as what to bring. Leave out links, addresses and anyone’s name. "
            "People see the meeting link and the street address on their own page."
        ),
    )
    token = forms.CharField(max_length=TOKEN, widget=forms.HiddenInput, initial=new_token)

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meeting = meeting

    def clean_text(self) -> str:
        text = self.cleaned_data["text"]
        if links := addresses_in(text):
            raise forms.ValidationError(
                _("Leave out links and addresses. “%(link)s” turns into a link in emails."), params={"link": links[0]}
            )
        if leak := leak_about(self.meeting, text):
            raise forms.ValidationError(leak)
        return text
