"""The presses of one meeting's page. Each is a verb of the QuerySet of meetings, with a form where it needs words."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chapters.meetings.manage_forms import LinkForm, MoveForm, NotesForm, TopicForm
from chapters.models import Meeting


@dataclass(frozen=True)
class Action:
    """`act(meetings, said)` returns how many it changed; `said` is what the form of this name says, if it has one."""

    name: str
    done: str | Promise
    act: Callable

    def carry_out(self, meeting, forms):
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
        Action("move", _("The meeting was moved."), lambda one, said: one.move(said["starts_at"], said["ends_at"])),
        Action("call_off", _("Canceled."), lambda one, said: one.call_off()),
        Action("bring_back", _("The meeting is back on."), lambda one, said: one.bring_back()),
        Action("link", _("The meeting link was changed."), lambda one, said: one.give_link(said["link"])),
        Action("topic", _("Saved."), lambda one, said: one.say(said["topic"])),
        Action("notes", _("The notes were updated."), lambda one, said: one.publish_notes(said["notes"])),
    )
}


def forms_of(meeting, data, action):
    """The forms of a meeting by the name of their press; the pressed one is filled with `data`."""

    def given(name):
        return data if name == action else None

    return {
        "move": MoveForm(given("move"), meeting=meeting, prefix="move"),
        "link": LinkForm(given("link"), holder=meeting, prefix="link"),
        "topic": TopicForm(given("topic"), instance=meeting, prefix="topic"),
        "notes": NotesForm(given("notes"), instance=meeting, prefix="notes"),
    }
