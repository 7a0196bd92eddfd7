"""Conflicts between two hosts who edit the same row: the second save shows the saved values and keeps the input."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Model
from django.utils import formats
from django.utils.choices import flatten_choices  # pyright: ignore[reportMissingImports]  # new in Django 5.0
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from s4jr.crypto.blind_index import keyed_hash

CHANGED = gettext_lazy("This changed since you opened it. See what is saved now, then save again.")
SEEN = "seen"


def version_of(instance: Model, names: Iterable[str]) -> str:
    """A keyed hash of the values of these fields, 64 hex digits."""
    values = [getattr(instance, instance._meta.get_field(name).attname) for name in names]
    return keyed_hash("version of a form", repr([str(value) for value in values]))


class EditConflictMixin(forms.BaseForm):
    """A form with a hidden field for the version that its page was rendered from. An empty version is not checked.

    The form calls `watch` in its `__init__`, while the instance still has the saved values.
    """

    #: The saved values by field name: an UPDATE with this filter overwrites no change of another host.
    watched: dict[str, Any]
    version: str

    def watch(self, instance: Model, names: Iterable[str]) -> None:
        self.watched = {name: getattr(instance, name) for name in names}
        self.version = version_of(instance, names)
        hidden = forms.CharField(required=False, widget=forms.HiddenInput, initial=self.version)
        self.fields[SEEN] = hidden

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        seen = cleaned.get(SEEN)
        if seen and seen != self.version:
            self.refuse()
        return cleaned

    def refuse(self) -> None:
        """Adds the error and the current version, so that submitting the form again overwrites the saved values."""
        self.add_error(None, CHANGED)
        self.data = self.data.copy()
        self.data[self.add_prefix(SEEN)] = self.version

    @property
    def saved_now(self) -> list[tuple[Any, Any]]:
        """(label, saved value) of each field whose input differs; empty if there is no conflict."""
        if not self.is_bound or CHANGED not in self.non_field_errors():
            return []
        return [(self[name].label, self._in_words(name)) for name in self.changed_data if name != SEEN]

    def _in_words(self, name):
        saved, field = self[name].initial, self.fields[name]
        if isinstance(field, forms.BooleanField):
            return _("Yes") if saved else _("No")
        if hasattr(field, "choices"):
            saved = dict(flatten_choices(field.choices)).get(saved, saved)
        return _("Empty") if saved in (None, "") else formats.localize(saved)
