"""Text fields of the admin that no browser stores: the next user of a device would be offered names and addresses."""

from typing import Any

from django import forms
from django.http import HttpRequest

#: Widgets into which people type. A password is the password manager's.
TYPED = (forms.TextInput, forms.Textarea)
NOT_TYPED = (forms.PasswordInput, forms.HiddenInput)


class UnrememberedFields:
    """Mixin for every ModelAdmin: its forms ask the browser to store nothing, unless a field says otherwise."""

    def get_form(self, request: HttpRequest, obj: Any = None, **options: Any) -> type[forms.BaseForm]:
        form = super().get_form(request, obj, **options)  # pyright: ignore[reportAttributeAccessIssue]  the ModelAdmin's
        for field in form.base_fields.values():
            if isinstance(field.widget, TYPED) and not isinstance(field.widget, NOT_TYPED):
                field.widget.attrs.setdefault("autocomplete", "off")
        return form
