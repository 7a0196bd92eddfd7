"""The form of a series for its hosts. A recurrence rule is a set of plain choices, never text to type."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.forms.models import model_to_dict
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from chapters.meetings import ownership, timezones
from chapters.meetings.edit_conflicts import EditConflictMixin
from chapters.meetings.lengths import length_choices
from chapters.meetings.permissions import makes_all
from chapters.meetings.place_zones import zone_of_representative
from chapters.meetings.recurrence import FARTHEST, plan_for
from chapters.meetings.secret_fields import (
    KEPT_SECRET,
    WHO_SEES_THE_VENUE,
    leak_in,
    link_field,
    require_https,
    venue_field,
)
from chapters.meetings.services import WATCHED
from chapters.meetings.widgets import DayInput
from chapters.models import MeetingSeries
from chapters.place_field import PlaceField
from chapters.place_search import place_label
from chapters.validators import add_validators, keep_addresses_out
from s4jr.accounts.models import User
from s4jr.crypto.fields import readable
from s4jr.form_fields.clock import ClockField, ClockInput
from s4jr.form_fields.long_text import LongTextField
from s4jr.form_fields.names import refuse_links, refuse_phone_numbers
from s4jr.security.submission_token import FormKind

Repeats, Week, Format = MeetingSeries.Repeats, MeetingSeries.Week, MeetingSeries.Format
NEW_SERIES = FormKind("new meeting series", "planned")
MONTHLY = (Repeats.TWICE_MONTHLY, Repeats.MONTHLY, Repeats.TWO_MONTHLY)
#: The second week of a series twice a month if the host names only the first: two weeks from it.
TWO_WEEKS_ON = {Week.FIRST: Week.THIRD, Week.SECOND: Week.FOURTH, Week.THIRD: Week.FIRST, Week.FOURTH: Week.SECOND,
                Week.LAST: Week.SECOND}  # fmt: skip
#: Texts that everyone sees: they may repeat neither the meeting link nor the venue.
PUBLIC_TEXTS = ("title", "city", "languages", "words", "sign_language", "access_notes", "content_notes")
#: Selects of the model.
CHOICES = ("kind", "audience", "format", "repeats", "weekday", "week", "second_week")
#: The empty choice of a select that may stay empty.
BLANK = "–"
#: What a copy of a series leaves out: its dates.
DATES = ("begins_on", "ends_on")
TOO_FAR_AHEAD = _("This day is too far ahead. Enter an earlier one.")


class SeriesForm(EditConflictMixin, forms.ModelForm):
    """A new or changed series. The weekday and the week of the month default to those of the first meeting."""

    GROUPS: Any = (
        (_("What"), ("title", "kind", "whose", "place", "audience", "languages", "words")),
        (_("Where"), ("format", "city")),
        (
            _("When"),
            ("repeats", "weekday", "week", "second_week", "begins_on", "ends_on", "time_of_day", "minutes", "zone"),
        ),
        (
            _("Access"),
            (
                "captions",
                "breaks",
                "camera_optional",
                "speaking_optional",
                "sign_language",
                "access_notes",
                "content_notes",
                "capacity",
            ),
        ),
    )

    whose = forms.ChoiceField(label=_("Chapter or place"), required=False)
    place = PlaceField(
        label=_("Or a place"),
        help_text=_(
            "A country, state or province. If you choose no chapter and no place, the meeting is for the whole "
            "coalition."
        ),
        required=False,
    )
    minutes = forms.TypedChoiceField(label=_("How long"), coerce=int, initial=90)
    zone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_("The time zone of your place is already chosen. Readers see the time in other zones, too."),
    )

    class Meta:
        model = MeetingSeries
        fields = [
            "title", "kind", "audience", "languages", "words", "format", "city", "repeats", "weekday", "week",
            "second_week", "begins_on", "ends_on", "time_of_day", "minutes", "zone", "captions", "breaks",
            "camera_optional", "speaking_optional", "sign_language", "access_notes", "content_notes", "capacity",
        ]  # fmt: skip
        field_classes = {"words": LongTextField, "content_notes": LongTextField, "access_notes": LongTextField,
                         "time_of_day": ClockField}  # fmt: skip
        widgets = {"begins_on": DayInput(), "ends_on": DayInput(), "time_of_day": ClockInput()}
        help_texts = {
            "words": _(
                "What it is, and who it is for. Blank lines make paragraphs. Leave out the meeting link and people’s "
                "names."
            ),
            "weekday": _("Leave empty to use the weekday of the first meeting."),
            "week": _("Only for meetings once or twice a month. Leave empty to follow the first meeting."),
            "second_week": _("Only for meetings twice a month. Leave empty for two weeks after the other one."),
            "begins_on": _("If this day doesn’t fit the schedule, we use the next day that does."),
            "ends_on": _("Leave empty if the meetings have no end date. To end a series, enter its last day."),
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        series = self.instance
        self.watch(series, WATCHED)
        self._offer_owners(user, series)
        self._capitalize_choices()
        self.fields["minutes"].choices = length_choices(series.minutes)
        home = zone_of_representative(user)
        self.fields["zone"].choices = [("", _("Choose one")), *timezones.choices(home)]
        self.initial["zone"] = self.initial.get("zone") or home
        plain = [name for name in PUBLIC_TEXTS if name != "words"]
        keep_addresses_out(self, plain=plain, in_markdown=("words",))
        add_validators(self.fields["title"], refuse_links)  # emails contain the title
        add_validators(self.fields["city"], refuse_links, refuse_phone_numbers)  # calendars contain the city

    def _offer_owners(self, user: User, series: MeetingSeries) -> None:
        """Editors choose among all chapters, or enter any place; others choose among what they represent."""
        choices, whose = ownership.choices_for(user, series), self.fields["whose"]
        # The empty choice is the whole coalition; a user who is not offered it must choose something else.
        whose.choices, whose.required = choices, "" not in dict(choices)
        answer = self.initial.setdefault("whose", ownership.answer_of(series))
        if not makes_all(user):
            del self.fields["place"]
            return
        whose.label = _("Chapter")
        if ownership.is_place(answer):
            self.initial |= {"whose": "", "place": place_label(answer)}

    def _capitalize_choices(self) -> None:
        """The model's labels are written as within a sentence."""
        for field in (self.fields[name] for name in CHOICES):
            first = str(_("Choose one")) if field.required else BLANK
            field.choices = [
                (value, first if value == "" else str(capfirst(str(label)))) for value, label in field.choices
            ]

    @property
    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        return [(title, [self[name] for name in names if name in self.fields]) for title, names in self.GROUPS]

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        self._settle_days(said)
        self._settle_city(said)
        self._settle_owner(said)
        if said.get("ends_on") and said.get("begins_on") and said["ends_on"] < said["begins_on"]:
            self.add_error("ends_on", _("This is before the first meeting. Enter a later day."))
        link, venue = self._secrets(said)
        if leak := leak_in(_texts_in(said), link=link, venue=venue):
            self.add_error(None, leak)
        return said

    def _settle_owner(self, said):
        if "whose" not in said:
            return
        if said["whose"] and said.get("place"):
            self.add_error("place", _("Choose either a place or a chapter."))
            return
        for name, value in ownership.belonging(said["whose"], said.get("place", "")).items():
            setattr(self.instance, name, value)

    def _secrets(self, said):
        """The saved meeting link and venue."""
        return readable(self.instance, "join_link"), readable(self.instance, "venue")

    def _settle_city(self, said):
        """Requires the city of a meeting in person, and drops that of any other."""
        if said.get("format") != Format.IN_PERSON:
            said["city"] = ""
        elif not said.get("city") and "city" not in self.errors:
            self.add_error("city", _("Enter the city. Everyone sees it, so leave out the street."))

    def _settle_days(self, said):
        """Fills in blank fields from the first meeting, and clears fields that the frequency does not use."""
        first, repeats = said.get("begins_on"), said.get("repeats")
        if first is None or repeats is None:
            return
        if first > timezone.now().date() + FARTHEST:
            self.add_error("begins_on", TOO_FAR_AHEAD)
        weekday = first.weekday() if said.get("weekday") is None else said["weekday"]
        said["weekday"] = None if repeats == Repeats.ONCE else weekday
        said["week"], said["second_week"] = self._weeks_of(said, first) if repeats in MONTHLY else (None, None)
        if repeats == Repeats.TWICE_MONTHLY:
            self._check_weeks(said["week"], said["second_week"])

    def _weeks_of(self, said, first):
        """The week of a monthly series, and the second one of a series twice a month, in their order."""
        week = said.get("week") or _week_of(first)
        if said["repeats"] != Repeats.TWICE_MONTHLY:
            return week, None
        return sorted((week, said.get("second_week") or TWO_WEEKS_ON[Week(week)]), key=_place_in_month)

    def _check_weeks(self, week, second):
        if week == second:
            self.add_error("second_week", _("This is the same week. Choose another one."))
        elif (week, second) == (Week.FOURTH, Week.LAST):
            self.add_error(
                "second_week", _("In most months the fourth one is also the last one. Choose two other weeks.")
            )


class NewSeriesForm(SeriesForm):
    """A new series with its link and venue, which is saved as a draft or published (`publishes`) in one step."""

    GROUPS: Any = (*SeriesForm.GROUPS, (_("How people join the meeting"), ("link", "venue")))

    link = link_field(KEPT_SECRET)
    venue = venue_field(WHO_SEES_THE_VENUE)
    form_token = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def publishes(self) -> bool:
        return self.data.get("step") == "publish"

    @property
    def series(self) -> MeetingSeries:
        """The series of a valid form. Submitted twice, it is the same one."""
        self.instance.pk = NEW_SERIES.read_token(self.cleaned_data["form_token"]).new_pk
        return self.instance

    def clean_link(self) -> str:
        return require_https(self.cleaned_data["link"])

    def _secrets(self, said):
        return said.get("link", ""), said.get("venue", "")

    def _post_clean(self) -> None:
        super()._post_clean()  # pyright: ignore[reportAttributeAccessIssue]  # fills in the instance
        if self.publishes and not self.errors and not plan_for(self.instance, timezone.now()).made:
            self.add_error("begins_on", _("There is no upcoming date, so there is nothing to publish."))


def copied_from(series: MeetingSeries) -> dict[str, Any]:
    """The initial values of a new series like this one, without its dates, its link and its venue."""
    names = [name for name in SeriesForm.Meta.fields if name not in DATES]
    return {**model_to_dict(series, names), "whose": ownership.answer_of(series)}


def _texts_in(said: dict[str, Any]) -> Iterator[str]:
    return (said.get(name, "") for name in PUBLIC_TEXTS)


def _week_of(day: date) -> int:
    """The number of this weekday in its month. A fifth one is the last, because not every month has a fifth."""
    week = (day.day - 1) // 7 + 1
    return week if week < 5 else Week.LAST


def _place_in_month(week: int) -> int:
    return 5 if week == Week.LAST else week
