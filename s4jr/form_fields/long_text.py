"""Multi-line text, as it was typed."""

from typing import Any

from django import forms
from django.forms import Widget
from django.utils.translation import gettext_lazy as _

LONGEST_MESSAGE = 4000


class LongTextField(forms.CharField):
    """Text in a textarea. A line end counts as one character, as in the browser.

    The textarea has no `maxlength`: browsers silently cut pasted text there. Text that is too long comes back whole,
    with an error that says how long it may be.
    """

    default_error_messages = {
        "max_length": _("Shorten this to %(limit_value)d characters or fewer. It has %(show_value)d now."),
    }

    def __init__(
        self,
        *,
        rows: int = 10,
        max_length: int | None = LONGEST_MESSAGE,
        widget: forms.Textarea | None = None,
        **kwargs: Any,
    ) -> None:
        box = widget or forms.Textarea(attrs={"rows": rows, "autocomplete": "off"})
        super().__init__(max_length=max_length, widget=box, **kwargs)

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace("\r\n", "\n").replace("\r", "\n") if value else value)

    def widget_attrs(self, widget: Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        return {name: value for name, value in attrs.items() if name not in ("maxlength", "minlength")}
