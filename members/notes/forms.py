"""The form for a note about a member."""

from django import forms
from django.utils.translation import gettext_lazy as _

from s4jr.form_fields.long_text import LongTextField

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
