"""The form of an admin who exports meetings."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from chapters.meetings.querysets import MeetingQuerySet
from chapters.models import Meeting


class MeetingExportForm(forms.Form):
    use_required_attribute = False

    when = forms.ChoiceField(
        label=_("Which meetings"),
        choices=[("to_come", _("Upcoming")), ("past", _("Past")), ("all", _("All"))],
        initial="to_come",
        widget=forms.RadioSelect,
    )
    file_format = forms.ChoiceField(
        label=_("File"),
        choices=[("csv", _("A table for a spreadsheet (CSV)")), ("ics", _("A calendar (ICS)"))],
        initial="csv",
        widget=forms.RadioSelect,
    )
    has_hidden = forms.BooleanField(
        label=_("Also include drafts, and meetings for members or representatives only"), required=False
    )
    reason = forms.CharField(
        label=_("What do you need the list for?"),
        help_text=_("Only if the list includes meetings that aren’t public. This goes into the access log, encrypted."),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("has_hidden") and not said.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Say what you need the list for."))
        if not self.errors:
            self._refuse_too_many(self.meetings().count())
        return said

    def _refuse_too_many(self, count: int) -> None:
        if count > settings.EXPORT_AT_MOST:
            said = ngettext(
                "You chose %(count)d meeting. One list holds at most %(most)d. Choose fewer.",
                "You chose %(count)d meetings. One list holds at most %(most)d. Choose fewer.",
                count,
            )
            raise ValidationError(said % {"count": count, "most": settings.EXPORT_AT_MOST})

    def meetings(self) -> MeetingQuerySet:
        """The chosen meetings, the earliest first."""
        said, now = self.cleaned_data, timezone.now()
        found = Meeting.objects.all() if said["has_hidden"] else Meeting.objects.public()
        if said["when"] == "to_come":
            found = found.filter(ends_at__gt=now)
        elif said["when"] == "past":
            found = found.filter(ends_at__lte=now)
        return found.order_by("starts_at", "pk")
