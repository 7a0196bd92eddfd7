"""How forms mark required fields: to assistive technology beforehand, and to everyone when an answer is missing.

Django's own "This field is required." does not say what to do. A field with a message of its own keeps it. The messages
are set on Django's classes, so that forms of libraries use them too.
"""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext
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
    """Call before any form class is created: fields copy their messages then."""
    for field, message in REQUIRED.items():
        field.default_error_messages = {**field.default_error_messages, "required": message}


class RequiredBoundField(BoundField):
    """Names a field without an answer, and sets `aria-required` on required fields of forms that omit `required`.

    `required` brings the browser's own bubbles, and some screen readers call an empty field invalid before anything was
    typed. A group of radio buttons says it once, in `templates/forms/field.html`.
    """

    use_fieldset: bool  # a property of BoundField that the stubs lack

    def __init__(self, form: Any, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        if field.error_messages.get("required") is REQUIRED[forms.Field]:
            said = gettext("“%(label)s” is empty. Fill it in.")
            field.error_messages["required"] = said % {"label": str(self.label).removesuffix(":")}

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        attrs, box = super().build_widget_attrs(attrs, widget), widget or self.field.widget
        if self.field.required and not (self.form.use_required_attribute or box.is_hidden or self.use_fieldset):
            return {**attrs, "aria-required": "true"}
        return attrs
