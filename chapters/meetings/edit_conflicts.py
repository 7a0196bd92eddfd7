"""Two hosts who change one thing: whoever saves second is told, sees what is saved now, and keeps what they typed."""

from collections.abc import Iterable

from django import forms
from django.db.models import Model
from django.utils import formats
from django.utils.choices import flatten_choices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from s4jr.crypto.blind_index import keyed_hash

CHANGED = gettext_lazy("This changed since you opened it. See what is saved now, then save again.")
SEEN = "seen"


def version_of(instance: Model, names: Iterable[str]) -> str:
    """What names the values of these fields, 64 hex digits: another value is another version."""
    values = [getattr(instance, instance._meta.get_field(name).attname) for name in names]
    return keyed_hash("version of a form", repr([str(value) for value in values]))


class EditConflictMixin:
    """A form that carries the version its page was made of. A form without one, of a page from before, is not checked.

    The form calls `watch` in its `__init__`, while the instance is as it is saved.
    """

    def watch(self, instance: Model, names: Iterable[str]) -> None:
        #: As they are saved, by column: an UPDATE of rows that are still so overwrites nobody.
        self.watched = {name: getattr(instance, name) for name in names}
        self.version = version_of(instance, names)
        hidden = forms.CharField(required=False, widget=forms.HiddenInput, initial=self.version)
        self.fields[SEEN] = hidden

    def clean(self):
        cleaned = super().clean()
        seen = cleaned.get(SEEN)
        if seen and seen != self.version:
            self.refuse()
        return cleaned

    def refuse(self) -> None:
        """Say that it changed. The next press of the same form is about what is saved now."""
        self.add_error(None, CHANGED)
        self.data = self.data.copy()
        self.data[self.add_prefix(SEEN)] = self.version

    @property
    def saved_now(self) -> list[tuple]:
        """(label, value) of each field that was typed otherwise than it is saved; none where nothing is wrong."""
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
