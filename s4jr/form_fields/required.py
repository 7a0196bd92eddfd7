"""What a form says of an answer that it needs: before, to assistive technology, and where it is missing, to everybody.

Django's own "This field is required." says it to no one. A field with a message of its own keeps it. The sentences are
set on Django's classes, so that forms of libraries say them too.
"""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
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


class RequiredBoundField(BoundField):
    """Tells assistive technology that a box must be filled in, where the form leaves out `required`.

    `required` brings the browser's own bubbles, and some screen readers call an empty box invalid before anything was
    typed. A group of radio buttons says it once, in `templates/forms/field.html`.
    """

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        attrs, box = super().build_widget_attrs(attrs, widget), widget or self.field.widget
        if self.field.required and not (self.form.use_required_attribute or box.is_hidden or self.use_fieldset):
            return {**attrs, "aria-required": "true"}
        return attrs
