"""The filters of the list of meetings. They are in the query string, so that a link can be shared."""

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from chapters.meetings.querysets import MeetingQuerySet
from chapters.models import Chapter, Meeting
from chapters.place_field import PlaceInput
from chapters.place_search import PlaceMatches, find_places, place_label
from chapters.regions import place_code

PAST = "past"
#: The search uses only so many words.
MOST_WORDS = 5
#: The longest text that is searched.
LONGEST_TEXT = 80
#: The filters that a link repeats as they are.
AS_TYPED = ("kind", "topic", "when")


class FindMeetingsForm(forms.Form):
    """`place` is the code of a place; `q` is what people type: the name of a place, otherwise words to search for.

    Invalid values are ignored, so that an old link still shows meetings.
    """

    kind = forms.ChoiceField(label=_("Type"), choices=[("", _("All types")), *Meeting.Kind.choices], required=False)
    chapter = forms.ModelChoiceField(
        label=_("Chapter"),
        queryset=Chapter.objects.public().by_name(),
        to_field_name="slug",
        empty_label=_("All chapters"),
        required=False,
    )
    q = forms.CharField(
        label=_("Place"), max_length=LONGEST_TEXT, required=False, widget=PlaceInput(attrs={"autocomplete": "off"})
    )
    topic = forms.CharField(
        label=_("Topic"), max_length=LONGEST_TEXT, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    notes = forms.BooleanField(label=_("Only meetings with notes"), required=False)
    place = forms.CharField(required=False, widget=forms.HiddenInput)
    when = forms.ChoiceField(choices=[("", ""), (PAST, PAST)], required=False, widget=forms.HiddenInput)
    page = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict) -> None:
        """With a code in `place`, the visible field shows the name of that place."""
        self._code = _code_of(data.get("place", ""))
        self._label = place_label(self._code) if self._code else ""
        super().__init__({**data.dict(), "q": data.get("q") or self._label})

    @property
    def sought(self) -> dict[str, Any]:
        """The cleaned data, without the fields that are invalid."""
        self.is_valid()
        return self.cleaned_data

    # --- the place

    @cached_property
    def _named(self) -> PlaceMatches:
        """The places that `q` names."""
        typed = self.sought.get("q", "")
        return PlaceMatches(codes=(self._code,)) if typed == self._label else find_places(typed)

    @property
    def places(self) -> tuple[str, ...]:
        """The codes of the places to search, or () for everywhere."""
        return tuple(filter(None, self._named.codes or (self._code,)))

    @property
    def meant(self) -> list[tuple[str, str]]:
        """Places to choose from, if `q` names several, or none that we know: pairs of query string and name."""
        codes = self.places if len(self.places) > 1 else self._named.nearest
        return [(self._query_with(place=code), place_label(code)) for code in codes]

    @property
    def is_to_be_redirected(self) -> bool:
        """Whether the one place is not in the query string by its code."""
        return len(self.places) == 1 and self.data.get("place") != self.places[0]

    # --- the other filters

    @property
    def wants_past(self) -> bool:
        return self.sought.get("when") == PAST

    @property
    def words(self) -> list[str]:
        """The words to search for: the topic, and what was typed as a place but names none."""
        typed = "" if self._named.codes else self.sought.get("q", "")
        return f"{self.sought.get('topic', '')} {typed}".split()[:MOST_WORDS]

    @property
    def is_narrowed(self) -> bool:
        """Whether the list is filtered."""
        chosen = (self.sought.get(name) for name in ("kind", "chapter", "notes"))
        return bool(any(chosen) or self.places or self.words)

    @property
    def uses_fold(self) -> bool:
        """Whether one of the filters behind the fold is set, so that it is open."""
        return any(self.sought.get(name) for name in ("topic", "kind", "chapter", "notes"))

    @property
    def page_number(self) -> int:
        return self.sought.get("page") or 1

    @property
    def query(self) -> str:
        """The query string of this search without the page number."""
        if len(self.places) == 1:
            return self._query_with(place=self.places[0])
        return self._query_with(q=self.sought.get("q"))

    def _query_with(self, **place: str | None) -> str:
        said = {name: self.sought.get(name) for name in AS_TYPED}
        chapter = self.sought.get("chapter")
        said |= {"chapter": chapter and chapter.slug, "notes": self.sought.get("notes") and "on", **place}
        return urlencode({name: value for name, value in said.items() if value})

    def among(self, meetings: MeetingQuerySet) -> MeetingQuerySet:
        """The matching meetings in display order; `entry_page` orders upcoming ones itself."""
        found = meetings.past() if self.wants_past else meetings.upcoming()
        chosen = {name: self.sought.get(name) for name in ("kind", "chapter")}
        found = found.filter(**{name: value for name, value in chosen.items() if value}).about(self.words)
        if self.places:
            found = found.at(self.places).order_by("nearness", *found.query.order_by)
        return found.with_notes() if self.sought.get("notes") else found


class FindOwnMeetingsForm(FindMeetingsForm):
    """The filters in a member's own information. A member sees the meetings of one chapter at most."""

    chapter = None


def _code_of(text: str) -> str:
    """The code of the one place that a link names, by its code in any letters or by its name; otherwise ""."""
    if not text or len(text) > LONGEST_TEXT:
        return ""
    if code := place_code(text):
        return code
    codes = find_places(text).codes
    return codes[0] if len(codes) == 1 else ""
