"""A form field whose present value cannot be decrypted starts empty and keeps it: only what is typed replaces it.

`FORM_RENDERER` names the renderer here, so this holds for every form of the site and the admin. Saving a form that
shows other fields never overwrites such a value. Its owner may still type another one: that is no accident.
"""

from collections.abc import Callable
from copy import copy
from functools import cached_property
from typing import Any

from django.forms import Field
from django.forms.renderers import DjangoTemplates
from django.utils.translation import gettext

from s4jr.crypto.unreadable_text import is_unreadable
from s4jr.form_fields.required import RequiredBoundField


class KeepingBoundField(RequiredBoundField):
    """Puts a field that keeps its value in the place of one whose initial value cannot be decrypted."""

    def __init__(self, form, field, name):
        kept = form.get_initial_for_field(field, name)
        if is_unreadable(kept):
            field = form.fields[name] = keeping(field, kept)
        super().__init__(form, field, name)

    @cached_property
    def initial(self):
        value = self.form.get_initial_for_field(self.field, self.name)
        return None if is_unreadable(value) else value


def keeping(field: Field, kept: str) -> Field:
    """A field like this one that may stay empty; then it is `kept`, as it was."""
    made = copy(field)
    made.required = made.widget.is_required = False
    made.help_text = f"{kept} " + gettext("Leave this empty to keep what we have. What you type replaces it.")
    made.clean = _clean_or_keep(made, type(field).clean, kept)
    return made


def _clean_or_keep(field: Field, clean: Callable, kept: str) -> Callable[[Any], Any]:
    def clean_or_keep(value):
        said = clean(field, value)
        return kept if said in field.empty_values else said

    return clean_or_keep


class KeepingRenderer(DjangoTemplates):
    bound_field_class = KeepingBoundField
