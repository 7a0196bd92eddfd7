"""The actions on the page of one meeting. Each calls a service, some with a form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.forms import BaseForm
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from chapters.meetings.edit_conflicts import EditConflictMixin
from chapters.meetings.meeting_forms import CancelForm, LinkForm, MoveForm, NotesForm, TopicForm, VenueForm
from chapters.meetings.querysets import MeetingQuerySet
from chapters.meetings.services import (
    cancel_meeting,
    move_meeting,
    publish_notes,
    restore_meeting,
    set_link,
    set_topic,
    set_venue,
)
from chapters.models import Meeting

if TYPE_CHECKING:
    from django.utils.functional import StrPromise


@dataclass(frozen=True)
class Action:
    """`act(meetings, said)` returns how many meetings it changed. `said`: the cleaned data of the form of this name.

    An action that `asks_first` is carried out once its host has seen what it does and to how many people.
    """

    name: str
    done: "str | StrPromise"
    act: Callable[[MeetingQuerySet, dict[str, Any]], int]
    asks_first: bool = False

    def carry_out(self, meeting: Meeting, forms: Mapping[str, BaseForm]) -> bool:
        """Returns False if the form has errors, or if the meeting has begun in the meantime."""
        form = forms.get(self.name)
        if form is not None and not form.is_valid():
            return False
        one = Meeting.objects.filter(pk=meeting.pk)
        unchanged = one.filter(**(form.watched if isinstance(form, EditConflictMixin) else {}))
        done = bool(self.act(unchanged, form.cleaned_data if form else {}))
        if not done and not unchanged.exists() and isinstance(form, EditConflictMixin):
            form.refuse()
        return done


ACTIONS = {
    action.name: action
    for action in (
        Action(
            "move",
            _("The meeting was moved."),
            lambda one, said: move_meeting(one, said["starts_at"], said["ends_at"], said["reason"]),
            asks_first=True,
        ),
        Action("cancel", _("Canceled."), lambda one, said: cancel_meeting(one, said["reason"]), asks_first=True),
        Action("restore", _("The meeting is back on."), lambda one, said: restore_meeting(one)),
        Action("link", _("The meeting link was changed."), lambda one, said: set_link(one, said["link"])),
        Action(
            "venue",
            _("The street address or phone number was changed."),
            lambda one, said: set_venue(one, said["venue"]),
        ),
        Action("topic", _("Saved."), lambda one, said: set_topic(one, said["topic"], said["agenda"])),
        Action(
            "notes",
            _("The notes were updated."),
            lambda one, said: publish_notes(one, said["notes"], said["resources"]),
        ),
    )
}


def forms_of(meeting: Meeting, data: QueryDict | None, action: str | None) -> dict[str, BaseForm]:
    """The forms of a meeting by the name of their action; only the form of `action` is bound to `data`."""

    def given(name: str) -> QueryDict | None:
        return data if name == action else None

    return {
        "move": MoveForm(given("move"), meeting=meeting, prefix="move"),
        "cancel": CancelForm(given("cancel"), meeting=meeting, prefix="cancel"),
        "link": LinkForm(given("link"), holder=meeting, prefix="link"),
        "venue": VenueForm(given("venue"), holder=meeting, prefix="venue"),
        "topic": TopicForm(given("topic"), instance=meeting, prefix="topic"),
        "notes": NotesForm(given("notes"), instance=meeting, prefix="notes"),
    }
