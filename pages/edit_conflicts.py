"""Conflicts between two admins who edit one row: the second sees what is saved, keeps what they typed, and decides."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import formats
from django.utils.translation import gettext, gettext_lazy

from s4jr.content.files import digest

CHANGED = gettext_lazy("Someone changed this while you were writing. Save again to replace it with what you typed.")
SEEN = "row_version"


class UnlabelledInput(forms.HiddenInput):
    """A hidden input without an id for its label: the admin labels every field, but HTML allows no label for it."""

    def id_for_label(self, id_: str) -> str:
        return ""


def version_of(row: Model, names: tuple[str, ...]) -> str:
    """A digest of the values of these fields."""
    return digest("\0".join(str(getattr(row, name)) for name in names))


class SeenVersionForm(forms.ModelForm):
    """A ModelForm with a hidden field for the version that its page was rendered from. An empty one is not checked.

    The admin locks the row before it builds this form, so nothing changes between the comparison and the save.
    """

    #: The fields that make a version.
    watched: ClassVar[tuple[str, ...]] = ()

    row_version = forms.CharField(label="", required=False, widget=UnlabelledInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version = version_of(self.instance, self.watched)
        self.initial[SEEN] = self.version if self.instance.pk else ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.instance.pk and data.get(SEEN) and data[SEEN] != self.version:
            self.add_error(None, ValidationError([CHANGED, *self._saved_now()]))
            self.data = self.data.copy()
            self.data[self.add_prefix(SEEN)] = self.version
        return data

    def _saved_now(self) -> list[str]:
        """“Role: Gardener” for each field whose saved value differs from what was typed."""
        typed = [name for name in self.changed_data if name in self.watched and name in self.fields]
        said = gettext("Saved now as “%(field)s”: %(value)s")
        return [said % {"field": self[name].label, "value": self._in_words(name)} for name in typed]

    def _in_words(self, name: str) -> str:
        saved = self.initial.get(name)
        if isinstance(saved, bool):
            return gettext("Yes") if saved else gettext("No")
        choices = dict(getattr(self.fields[name], "choices", ()))
        return str(choices.get(saved, formats.localize(saved))) if saved not in (None, "") else gettext("Empty")
