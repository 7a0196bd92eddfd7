"""The forms of support lines: a draft, a published line, and the confirmation that a line was checked today."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from pages.models import SupportLine
from pages.support_lines import FACTS, utc_today
from s4jr.accounts.edit_conflicts import SeenVersionForm
from s4jr.form_fields.long_text import LongTextField
from s4jr.form_fields.pasted import PastedLinkField


class SupportLineForm(SeenVersionForm):
    """A draft is saved as it is. What readers see of a published line changes only if it was checked today."""

    watched = (*FACTS, "to_check", "is_published", "checked_on", "order")

    checked_today = forms.BooleanField(
        label=_("I opened the line’s own page today, and what I changed here is right"),
        required=False,
        help_text=_("Readers see your change right away, with today as the day it was checked."),
    )

    class Meta:
        model = SupportLine
        fields = ["name", "slug", "country", "languages", "hours", "reach", "may_call_police", "link", "source_words",
                  "checked_on", "to_check", "order"]  # fmt: skip
        field_classes = {"link": PastedLinkField, **dict.fromkeys(["reach", "source_words", "to_check"], LongTextField)}

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.instance.is_published and set(FACTS) & set(self.changed_data):
            if not data.get("checked_today"):
                self.add_error("checked_today", _("Look at the line’s own page today, then check this box."))
            self.instance.checked_on = utc_today()
        return data


class PublishForm(forms.Form):
    """Confirms that an admin has compared the line with its own page today."""

    confirm = forms.BooleanField(
        label=_("I opened the line’s own page today. The number, the hours and its own words are right."),
        error_messages={"required": _("Look at the line’s own page today, then check this box.")},
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, line: SupportLine, **kwargs: Any) -> None:
        super().__init__(*args, initial={"seen": line.version}, **kwargs)
        self.line = line

    def clean(self) -> None:
        if self.line.missing:
            raise ValidationError(_("To publish a line, first add its own page and its own words."))
