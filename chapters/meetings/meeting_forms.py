"""Forms for hosts about one meeting, and for the link and the venue of a series."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chapters.meetings.edit_conflicts import EditConflictMixin
from chapters.meetings.lengths import length_choices
from chapters.meetings.recurrence import FARTHEST, local_moment
from chapters.meetings.secret_fields import (
    REMOVE_BY_SAVING_EMPTY,
    WHO_SEES_THE_SAVED_VENUE,
    leak_about,
    leak_in,
    link_field,
    require_https,
    venue_field,
)
from chapters.meetings.series_form import PUBLIC_TEXTS, TOO_FAR_AHEAD
from chapters.meetings.widgets import DayInput
from chapters.models import Meeting, MeetingSeries
from chapters.validators import keep_addresses_out, refuse_addresses
from s4jr.form_fields.clock import ClockField
from s4jr.form_fields.long_text import LongTextField
from s4jr.form_fields.names import refuse_links
from s4jr.form_fields.one_line import OneLineField

#: The texts of a meeting that its readers see.
TEXTS = (*PUBLIC_TEXTS, "topic", "agenda", "notes", "resources", "change_reason")


class ReasonMixin(forms.Form):
    """A form with the reason of a change, which emails to people who are going contain."""

    meeting: Meeting

    reason = OneLineField(
        label=_("Reason"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        validators=[refuse_links, refuse_addresses],
        help_text=_("People who are going read it in the email and on the page. Leave out names and addresses."),
    )

    def clean_reason(self) -> str:
        if leak := leak_about(self.meeting, self.cleaned_data["reason"]):
            raise forms.ValidationError(leak)
        return self.cleaned_data["reason"]


class MoveForm(EditConflictMixin, ReasonMixin):
    """A new time for one meeting, in its time zone."""

    day = forms.DateField(label=_("Day"), widget=DayInput())
    time_of_day = ClockField(label=_("Starts at"))
    minutes = forms.TypedChoiceField(label=_("How long"), coerce=int)
    field_order = ["day", "time_of_day", "minutes", "reason"]

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meeting = meeting
        self.watch(meeting, ("starts_at", "ends_at", "is_canceled"))
        minutes = int((meeting.ends_at - meeting.starts_at).total_seconds() // 60)
        self.fields["minutes"].choices = length_choices(minutes)
        self.initial = {"day": meeting.begins.date(), "time_of_day": meeting.begins.time(), "minutes": minutes}

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if "day" in said and said["day"] > timezone.now().date() + FARTHEST:
            self.add_error("day", TOO_FAR_AHEAD)
        if said.keys() >= {"day", "time_of_day", "minutes"}:
            said["starts_at"] = local_moment(said["day"], said["time_of_day"], self.meeting.zone)
            said["ends_at"] = said["starts_at"] + timedelta(minutes=said["minutes"])
            if said["starts_at"] <= timezone.now():
                self.add_error("day", _("This time has passed. Enter a later one."))
            elif self._is_now(said["starts_at"], said["ends_at"]):
                self.add_error("day", _("This meeting is already at this time. Enter another time."))
        return said

    def _is_now(self, starts_at, ends_at):
        """Whether the meeting has these times, to the minute."""
        now = (self.meeting.starts_at, self.meeting.ends_at)
        return (starts_at, ends_at) == tuple(moment.replace(second=0, microsecond=0) for moment in now)


class CancelForm(ReasonMixin):
    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meeting = meeting


class LinkForm(forms.Form):
    """The meeting link of a series or of one meeting (`holder`). A saved link is never rendered."""

    link = link_field(REMOVE_BY_SAVING_EMPTY)

    def __init__(self, *args: Any, holder: Meeting | MeetingSeries, **kwargs: Any) -> None:
        super().__init__(*args, initial={"link": holder.join_link}, **kwargs)
        self.holder = holder

    def clean_link(self) -> str:
        link = require_https(self.cleaned_data["link"])
        if leak := leak_in(_texts_of(self.holder), link=link):
            raise forms.ValidationError(leak)
        return link


class VenueForm(forms.Form):
    """The street address or dial-in of a series or of one meeting (`holder`). A saved one is never rendered."""

    venue = venue_field(WHO_SEES_THE_SAVED_VENUE)

    def __init__(self, *args: Any, holder: Meeting | MeetingSeries, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.holder = holder

    def clean_venue(self) -> str:
        if leak := leak_in(_texts_of(self.holder), venue=self.cleaned_data["venue"]):
            raise forms.ValidationError(leak)
        return self.cleaned_data["venue"]


class TextsForm(EditConflictMixin, forms.ModelForm):
    """A form for Markdown texts of one meeting, which repeat neither its link nor its venue."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.watch(self.instance, self.Meta.fields)
        keep_addresses_out(self, in_markdown=self.Meta.fields)

    class Meta:
        model = Meeting
        fields: tuple[str, ...] = ()

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        for name in self.Meta.fields:
            if leak := leak_about(self.instance, said.get(name, "")):
                self.add_error(name, leak)
        return said


class TopicForm(TextsForm):
    class Meta:
        model = Meeting
        fields = ("topic", "agenda")
        field_classes = {"topic": LongTextField, "agenda": LongTextField}
        help_texts = {
            "topic": _("What this meeting is about. Add content notes if this meeting needs its own."),
            "agenda": _("What you’ll do, in order. Start a line with - for a list."),
        }


class NotesForm(TextsForm):
    nobody_named = forms.BooleanField(
        label=_("I have read the notes. No one is named, and nothing in them points to a person.")
    )

    class Meta:
        model = Meeting
        fields = ("notes", "resources")
        field_classes = {"notes": LongTextField, "resources": LongTextField}
        help_texts = {
            "notes": _("For everyone the meeting was for. To take the notes down, save this field empty."),
            "resources": _("Links and documents from the meeting. Write a link as [its name](https://…)."),
        }


def _texts_of(holder: Meeting | MeetingSeries) -> list[str]:
    return [getattr(holder, name, "") for name in TEXTS]
