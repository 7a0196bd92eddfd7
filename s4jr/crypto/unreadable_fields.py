"""A form field whose current value cannot be decrypted starts empty and keeps that value unless something is typed.

`FORM_RENDERER` names the renderer here, so this holds for every form of the site and the admin. Saving a form never
overwrites such a value by accident. Its owner may still replace it on purpose.
"""

from collections.abc import Callable
from copy import copy
from functools import cached_property
from typing import Any, cast

from django.forms import Field, Widget
from django.forms.forms import BaseForm
from django.forms.renderers import DjangoTemplates
from django.utils.translation import gettext

from s4jr.crypto.unreadable_text import is_unreadable
from s4jr.form_fields.required import RequiredBoundField


class KeepingBoundField(RequiredBoundField):
    """Replaces a field whose initial value cannot be decrypted by one that keeps the value."""

    def __init__(self, form: BaseForm, field: Field, name: str) -> None:
        kept = form.get_initial_for_field(field, name)
        if is_unreadable(kept):
            field = form.fields[name] = keeping(field, kept)
        super().__init__(form, field, name)

    @cached_property
    def initial(self) -> Any:
        value = self.form.get_initial_for_field(self.field, self.name)
        return None if is_unreadable(value) else value


def keeping(field: Field, kept: str) -> Field:
    """A copy of this field that may stay empty; its value is then `kept`, unchanged."""
    made = copy(field)
    made.required = False
    cast("Widget", made.widget).is_required = False
    made.help_text = f"{kept} " + gettext("Leave this empty to keep what we have. What you type replaces it.")
    made.clean = _clean_or_keep(made, type(field).clean, kept)
    return made


def _clean_or_keep(field: Field, clean: Callable[..., Any], kept: str) -> Any:
    def clean_or_keep(value):
        said = clean(field, value)
        return kept if said in field.empty_values else said

    return clean_or_keep


class KeepingRenderer(DjangoTemplates):
    bound_field_class = KeepingBoundField
