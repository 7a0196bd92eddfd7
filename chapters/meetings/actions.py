"""The presses of one meeting's page. Each is a service, with a form where it needs words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chapters.meetings.manage_forms import LinkForm, MoveForm, NotesForm, TopicForm
from chapters.meetings.querysets import MeetingQuerySet
from chapters.meetings.services import (
    cancel_meeting,
    move_meeting,
    publish_notes,
    restore_meeting,
    set_link,
    set_topic,
)
from chapters.models import Meeting


@dataclass(frozen=True)
class Action:
    """`act(meetings, said)` returns how many it changed; `said` is what the form of this name says, if it has one."""

    name: str
    done: str | Promise
    act: Callable[[MeetingQuerySet, dict[str, Any]], int]

    def carry_out(self, meeting: Meeting, forms: dict[str, Any]) -> bool:
        """Whether it was done; where not, the form says why, or the meeting has begun meanwhile."""
        form = forms.get(self.name)
        if form is not None and not form.is_valid():
            return False
        one = Meeting.objects.filter(pk=meeting.pk)
        unchanged = one.filter(**getattr(form, "watched", {}))
        done = bool(self.act(unchanged, form.cleaned_data if form else {}))
        if not done and not unchanged.exists():
            form.refuse()
        return done


ACTIONS = {
    action.name: action
    for action in (
        Action(
            "move", _("The meeting was moved."), lambda one, said: move_meeting(one, said["starts_at"], said["ends_at"])
        ),
        Action("call_off", _("Canceled."), lambda one, said: cancel_meeting(one)),
        Action("bring_back", _("The meeting is back on."), lambda one, said: restore_meeting(one)),
        Action("link", _("The meeting link was changed."), lambda one, said: set_link(one, said["link"])),
        Action("topic", _("Saved."), lambda one, said: set_topic(one, said["topic"])),
        Action("notes", _("The notes were updated."), lambda one, said: publish_notes(one, said["notes"])),
    )
}


def forms_of(meeting: Meeting, data: QueryDict | None, action: str | None) -> dict[str, Form]:
    """The forms of a meeting by the name of their press; the pressed one is filled with `data`."""

    def given(name: str) -> QueryDict | None:
        return data if name == action else None

    return {
        "move": MoveForm(given("move"), meeting=meeting, prefix="move"),
        "link": LinkForm(given("link"), holder=meeting, prefix="link"),
        "topic": TopicForm(given("topic"), instance=meeting, prefix="topic"),
        "notes": NotesForm(given("notes"), instance=meeting, prefix="notes"),
    }
