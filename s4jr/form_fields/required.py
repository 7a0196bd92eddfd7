"""What a form says where an answer is missing: what to do, by the kind of the field.

Django's own "This field is required." says it to no one. A field with a message of its own keeps it. The sentences are
set on Django's classes, so that forms of libraries say them too.
"""

from django import forms
from django.utils.translation import gettext_lazy as _

REQUIRED = {
    forms.Field: _("Fill this in."),
    forms.EmailField: _("Enter an email address."),
    forms.ChoiceField: _("Choose one."),
    forms.MultipleChoiceField: _("Choose at least one."),
    forms.ModelMultipleChoiceField: _("Choose at least one."),
    forms.BooleanField: _("Check this box to continue."),
    forms.FileField: _("Choose a file."),
    forms.DateField: _("Enter a date."),
    forms.TimeField: _("Enter a time."),
}


def set_required_messages() -> None:
    """Before any form is made: a field takes its messages when it is."""
    for field, message in REQUIRED.items():
        field.default_error_messages = {**field.default_error_messages, "required": message}
