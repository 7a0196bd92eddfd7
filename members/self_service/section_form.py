"""The form that every section of a member's information is made from.

A status code alone shows nothing that was written, and an email link alone not everything: these fields start empty.
An empty field then keeps the stored value, and a checkbox deletes it.
"""

from copy import deepcopy
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.applications.forms import JoinForm
from members.models import Member
from members.querysets import MemberQuerySet
from members.self_service import services
from members.self_service.access_levels import Reach, hidden_from
from members.self_service.session import MemberSession

KEEPS = {
    Reach.CODE: _("With only your code, we don’t show what we have. Leave this empty to keep it."),
    Reach.LINK: _("With only a sign-in link, we don’t show what we have. Leave this empty to keep it."),
}


class SectionForm(forms.Form):
    """Changes some of the answers of the join form. `save()` stores the answers of a valid form."""

    use_required_attribute = False
    answers: tuple[str, ...] = ()

    def __init__(self, *args: Any, visit: MemberSession, **kwargs: Any) -> None:
        self.member, self.reach, self.has_proved_inbox = visit.member, visit.reach, visit.has_proved_inbox
        self.by_code_alone, self.by_link_alone = self.reach is Reach.CODE, visit.is_by_link and not visit.is_strong
        kwargs["initial"] = {**self._kept(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.fields = {**{name: deepcopy(JoinForm.base_fields[name]) for name in self.answers}, **self.fields}
        for name in self._unseen():
            self._hide(name)

    @property
    def whose(self) -> MemberQuerySet:
        return Member.objects.proved().filter(pk=self.member.pk)

    def _kept(self) -> dict[str, Any]:
        """The initial values."""
        return {name: getattr(self.member, name) for name in self.answers if not self._is_unseen(name)}

    def _is_unseen(self, name: str) -> bool:
        return name in hidden_from(self.reach)

    def _unseen(self) -> list[str]:
        return [name for name in self.answers if self._is_unseen(name)]

    def _hide(self, name: str) -> None:
        field = self.fields[name]
        field.help_text, may_be_empty = KEEPS[self.reach], not field.required
        field.required = False
        if may_be_empty:
            label = _("Delete what we have: %(what)s") % {"what": field.label}
            self.fields[f"erase_{name}"] = forms.BooleanField(label=label, required=False)

    def changes(self) -> dict[str, Any]:
        """The answers by field name; of hidden ones, only those that were typed or are to be deleted."""
        data = self.cleaned_data
        return {name: self._value(name) for name in self.answers if not self._stays(name, data)}

    def _stays(self, name: str, data: dict[str, Any]) -> bool:
        return self._is_unseen(name) and not data[name] and not data.get(f"erase_{name}")

    def _value(self, name: str) -> Any:
        value = self.cleaned_data[name]
        return "" if self.cleaned_data.get(f"erase_{name}") else value

    def save(self) -> bool:
        """Whether the answers were saved."""
        services.change_answers(self.whose, **self.changes())
        return True
