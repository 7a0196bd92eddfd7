"""Widgets of the forms for hosts."""

from typing import Any

from django import forms


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class UnshownLinkInput(forms.URLInput):
    """Accepts a link and never renders its value, not even to the person who just typed it."""

    def format_value(self, value: Any) -> None:
        return None


class UnshownTextarea(forms.Textarea):
    """The same for text of several lines."""

    def format_value(self, value: Any) -> None:
        return None
