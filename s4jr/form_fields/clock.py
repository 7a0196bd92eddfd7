"""A form field for a time of day, which people write in many ways where the browser has no control for it."""

import re
from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from s4jr.invisible_marks import plain_text

#: "7:30 PM", "7 pm", "7.30 p. m.", "19h30", "19 h 30", "19:30:00", "19:30 hrs", in small letters.
WRITTEN = re.compile(
    r"(?P<hour>\d{1,2})(?:\s*[:.h]\s*(?P<minute>\d{2})(?::[0-5]\d(?:\.\d+)?)?)?"
    r"(?:\s*(?P<mark>[ap]\.?\s*m?\.?|h(?:rs?)?\.?))?"
)


class ClockInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class ClockField(forms.TimeField):
    """Cleans to a time of whole minutes. The same in every language; an hour alone is no time, as "7" may be either."""

    widget = ClockInput
    default_error_messages = {"invalid": _("Enter a time, such as 7:30 p.m. or 19:30.")}

    def to_python(self, value: Any) -> time | None:
        value = value.strip() if isinstance(value, str) else value
        if value in self.empty_values or isinstance(value, time):
            return super().to_python(value)
        if (found := time_of_day(str(value))) is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return found


def time_of_day(text: str) -> time | None:
    """The time that a text names, or None."""
    found = WRITTEN.fullmatch(plain_text(text).casefold().strip())
    if found is None or not (found["minute"] or found["mark"]):
        return None
    hour, minute = _hour_of_day(int(found["hour"]), (found["mark"] or "")[:1]), int(found["minute"] or 0)
    return time(hour, minute) if hour is not None and minute < 60 else None


def _hour_of_day(hour: int, mark: str) -> int | None:
    """The hour from 0 to 23; None if there is none. "12 a.m." is midnight; "19:30 p.m." says the same twice."""
    if mark in ("a", "p") and 1 <= hour <= 12:
        return hour % 12 + (12 if mark == "p" else 0)
    if mark == "a" or (mark == "p" and hour == 0):
        return None
    return hour if hour < 24 else None
