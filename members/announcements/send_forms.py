"""The forms that send or schedule an announcement as it was previewed."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from chapters.meetings import timezones
from chapters.meetings.widgets import DayInput
from members.announcements.forms import WHOM, WORDS
from members.announcements.querysets import AnnouncementQuerySet
from members.announcements.send_time import send_moment
from members.models import Announcement
from s4jr.content.files import digest
from s4jr.form_fields.clock import ClockField
from s4jr.form_fields.region_select import RegionSelect

CHANGED = _("Someone changed this announcement while you were looking at it. Check it again.")


class SendForm(forms.Form):
    """Confirms the exact email that was previewed: a change by another admin makes the form invalid."""

    use_required_attribute = False

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, announcement: Announcement, **kwargs: Any) -> None:
        self.announcement = announcement
        kwargs["initial"] = {"seen": self.digest(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    def clean_seen(self) -> str:
        if self.cleaned_data["seen"] != self.digest():
            raise ValidationError(CHANGED)
        return self.cleaned_data["seen"]

    def seen_email(self) -> AnnouncementQuerySet:
        """A QuerySet of the announcement as it was previewed; empty after a change."""
        same = {name: getattr(self.announcement, name) for name in (*WHOM, *WORDS)}
        return Announcement.objects.filter(pk=self.announcement.pk, **same)

    def digest(self) -> str:
        return digest("\n".join(str(getattr(self.announcement, name)) for name in (*WHOM, *WORDS)))


class ScheduleForm(SendForm):
    """The same for later. If valid, `cleaned_data["send_at"]` is the moment, in UTC."""

    day = forms.DateField(label=_("Day"), widget=DayInput())
    time_of_day = ClockField(label=_("Time"))
    zone = forms.ChoiceField(
        label=_("Time zone"),
        widget=RegionSelect,  # for its speed: there are hundreds of cities
        help_text=_("Choose a city. The day and time are those of that city."),
        error_messages={"required": _("Choose a time zone.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"].choices = [("", _("Choose one")), *timezones.choices()]
        self.initial["zone"] = self.announcement.zone or _last_zone()

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.keys() >= {"day", "time_of_day", "zone"}:
            try:
                said["send_at"] = send_moment(said["day"], said["time_of_day"], said["zone"])
            except ValidationError as error:
                self.add_error("time_of_day", error)
        if self.has_error("seen"):
            # The page shows the current text, so the next press is about that.
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = self.digest()
        return said


def _last_zone() -> str:
    """The time zone of the last announcement that had one: volunteers tend to plan in one."""
    zones = Announcement.objects.exclude(zone="").values_list("zone", flat=True)
    return zones.first() or ""
