"""The form for a note about a member."""

from typing import Self

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from s4jr.form_fields.long_text import LongTextField
from s4jr.security.submission_token import FormKind

NEW_NOTE = FormKind("new note about a member", "noted")
LONGEST_NOTE = 2_000


class NoteForm(forms.Form):
    use_required_attribute = False

    note = LongTextField(
        label=_("New note"),
        help_text=_(
            "Admins who open this record can read it. The person can read it too, when they download their "
            "information. Write only what helps someone follow up."
        ),
        max_length=LONGEST_NOTE,
        rows=4,
        error_messages={"required": _("Write the note first.")},
    )
    form_token = forms.CharField(required=False, widget=forms.HiddenInput)

    @classmethod
    def blank(cls, request: HttpRequest) -> Self:
        """The unbound form with a new submission token."""
        return cls(auto_id="note_%s", initial={"form_token": NEW_NOTE.new_token(request)})

    @property
    def mark(self) -> str:
        return NEW_NOTE.read_token(self.cleaned_data["form_token"]).value
