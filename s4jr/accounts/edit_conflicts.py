"""Conflicts between two admins who edit or delete one row: the second sees what is saved and decides."""

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Manager, Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext, gettext_lazy

from s4jr.accounts.plain_pages import PlainPages
from s4jr.crypto.blind_index import keyed_hash

CHANGED = gettext_lazy("Someone changed this while you were writing. Save again to replace it with what you typed.")
DELETED = gettext_lazy("Someone deleted this while you were writing. Save again to add it with what you typed.")
CHANGED_BEFORE_DELETE = gettext_lazy(
    "Nothing was deleted. Someone changed “%(name)s” after you opened that page. "
    "This is how it is now. Delete it if you still want to."
)
SEEN = "row_version"


class UnlabelledInput(forms.HiddenInput):
    """A hidden input without an id for its label: the admin labels every field, but HTML allows no label for it."""

    def id_for_label(self, id_: str) -> str:
        return ""


def version_of(row: Model, names: tuple[str, ...]) -> str:
    """A keyed hash of the values of these fields, 64 hex digits."""
    return keyed_hash("version of a row", "\0".join(_saved_value(row, name) for name in names))


def _saved_value(row: Model, name: str) -> str:
    value = getattr(row, name)
    return str(sorted(value.values_list("pk", flat=True)) if isinstance(value, Manager) else value)


class SeenVersionForm(forms.ModelForm):
    """A ModelForm with a hidden field for the version that its page was rendered from. An empty one is not checked.

    The admin locks the row before it builds this form, so nothing changes between the comparison and the save.
    """

    #: The fields that make a version.
    watched: ClassVar[tuple[str, ...]] = ()

    row_version = forms.CharField(label="", required=False, widget=UnlabelledInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version = version_of(self.instance, self.watched) if self.instance.pk else ""
        self.initial[SEEN] = self.version

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get(SEEN) and data[SEEN] != self.version:
            said = [str(CHANGED), *self._saved_now()] if self.instance.pk else [str(DELETED)]
            self.add_error(None, ValidationError(list[Any](said)))
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
        if isinstance(saved, list):
            return ", ".join(str(choices[one.pk]) for one in saved) or gettext("Empty")
        return str(choices.get(saved, formats.localize(saved))) if saved not in (None, "") else gettext("Empty")


class LockedRowAdmin(PlainPages):
    """A ModelAdmin whose form is a SeenVersionForm: a POST sees what an earlier one saved or deleted."""

    form: type[SeenVersionForm]
    #: Whether a form for a row that is deleted becomes the form for a new one, so that nothing typed is lost.
    may_add_again = False

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """Locks the row before it is compared with what the form saw, and until it is saved."""
        row = super().get_object(request, object_id, from_field)
        if row is None or request.method != "POST" or not connection.in_atomic_block:
            return row
        self.model._base_manager.select_for_update().filter(pk=row.pk).first()
        return super().get_object(request, object_id, from_field)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            if object_id and self._may_add_instead(request, object_id):
                object_id = None
            return super().changeform_view(request, object_id, form_url, extra_context)

    def _may_add_instead(self, request: HttpRequest, object_id: str) -> bool:
        if not (self.may_add_again and SEEN in request.POST and self.has_add_permission(request)):
            return False
        self.get_object(request, unquote(object_id))  # waits for whoever deletes it
        try:
            return not self.model._base_manager.filter(pk=unquote(object_id)).exists()
        except ValueError:  # no ID of this model
            return False

    def render_delete_form(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        version = version_of(context["object"], self.form.watched)
        return super().render_delete_form(request, {**context, SEEN: version})

    @transaction.atomic
    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Deletes only the version that the admin saw. A POST without a version deletes any."""
        seen = request.POST.get(SEEN)
        row = self.get_object(request, unquote(object_id)) if seen else None
        if row is None or seen == version_of(row, self.form.watched):
            return super().delete_view(request, object_id, extra_context)
        self.message_user(request, CHANGED_BEFORE_DELETE % {"name": self.name_of(row)}, messages.WARNING)
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return HttpResponseRedirect(reverse(name, args=[row.pk]))
