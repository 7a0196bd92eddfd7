"""The filters of the list of meetings. They are in the query string, so that a link can be shared."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from chapters.meetings.querysets import MeetingQuerySet
from chapters.models import Chapter, Meeting

PAST = "past"


class FindMeetingsForm(forms.Form):
    """Invalid values are ignored, so that an old link still shows meetings."""

    kind = forms.ChoiceField(label=_("Type"), choices=[("", _("All types")), *Meeting.Kind.choices], required=False)
    chapter = forms.ModelChoiceField(
        label=_("Chapter"),
        queryset=Chapter.objects.public().by_name(),
        to_field_name="slug",
        empty_label=_("All chapters"),
        required=False,
    )
    when = forms.ChoiceField(choices=[("", ""), (PAST, PAST)], required=False, widget=forms.HiddenInput)
    page = forms.IntegerField(required=False, widget=forms.HiddenInput)

    @property
    def sought(self) -> dict[str, Any]:
        """The cleaned data, without the fields that are invalid."""
        self.is_valid()
        return self.cleaned_data

    @property
    def wants_past(self) -> bool:
        return self.sought.get("when") == PAST

    @property
    def is_narrowed(self) -> bool:
        """Whether a type or a chapter is selected."""
        return bool(self.sought.get("kind") or self.sought.get("chapter"))

    @property
    def page_number(self) -> int:
        return self.sought.get("page") or 1

    @property
    def query(self) -> str:
        """The query string of this search without the page number."""
        chapter = self.sought.get("chapter")
        said = {"kind": self.sought.get("kind"), "chapter": chapter and chapter.slug, "when": self.sought.get("when")}
        return urlencode({name: value for name, value in said.items() if value})

    def among(self, meetings: MeetingQuerySet) -> MeetingQuerySet:
        """The matching meetings in display order."""
        meetings = meetings.past() if self.wants_past else meetings.upcoming()
        sought = {name: self.sought.get(name) for name in ("kind", "chapter")}
        return meetings.filter(**{name: value for name, value in sought.items() if value})
