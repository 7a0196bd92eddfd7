"""Forms for hosts. A recurrence rule is a set of plain choices, never text to type."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from chapters.meetings import ownership, timezones
from chapters.meetings.edit_conflicts import EditConflictMixin
from chapters.meetings.place_zones import zone_of_representative
from chapters.meetings.recurrence import local_moment, plan_for
from chapters.meetings.services import WATCHED
from chapters.models import Meeting, MeetingSeries
from chapters.validators import add_validators, keep_addresses_out
from s4jr.accounts.models import User
from s4jr.crypto.fields import readable
from s4jr.form_fields.long_text import LongTextField
from s4jr.form_fields.names import refuse_links
from s4jr.security.submission_token import FormKind

Repeats, Week = MeetingSeries.Repeats, MeetingSeries.Week
LENGTHS = (30, 45, 60, 75, 90, 120, 150, 180, 240, 360, 480)
NEW_SERIES = FormKind("new meeting series", "planned")
LEAKS = _("The meeting link goes only to people who RSVP, by email. Leave it out of the text.")


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ClockInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class UnshownLinkInput(forms.URLInput):
    """Accepts a link and never renders its value, not even to the person who just typed it."""

    def format_value(self, value: Any) -> None:
        return None


def length_in_words(minutes: int) -> str:
    """ "1 hour 30 minutes"."""
    hours, rest = divmod(int(minutes), 60)
    words = [ngettext("%d hour", "%d hours", hours) % hours] if hours else []
    return " ".join([*words, ngettext("%d minute", "%d minutes", rest) % rest] if rest else words)


def length_choices(*more: int | None) -> list[tuple[int, str]]:
    """Choices of a length in minutes, with the lengths `more` added."""
    return [(minutes, length_in_words(minutes)) for minutes in sorted({*LENGTHS, *filter(None, more)})]


def names_link(link: str, *texts: str) -> bool:
    """Whether one of the texts contains the host and path of the link."""
    parts = urlsplit(link)
    return bool(parts.netloc) and any(f"{parts.netloc}{parts.path}".lower() in text.lower() for text in texts)


def require_https(link: str) -> str:
    """The link; a ValidationError if it has another scheme. No link is fine."""
    if link and urlsplit(link).scheme != "https":
        raise forms.ValidationError(_("Enter a link that starts with https://."))
    return link


class SeriesForm(EditConflictMixin, forms.ModelForm):
    """A new or changed series. The weekday and the week of the month default to those of the first meeting."""

    GROUPS = (
        (_("What"), ("title", "kind", "whose", "audience", "words")),
        (_("When"), ("repeats", "weekday", "week", "begins_on", "ends_on", "time_of_day", "minutes", "zone")),
        (
            _("Access"),
            (
                "captions",
                "breaks",
                "camera_optional",
                "speaking_optional",
                "sign_language",
                "content_notes",
                "capacity",
            ),
        ),
    )

    whose = forms.ChoiceField(label=_("Chapter or place"), required=False)
    minutes = forms.TypedChoiceField(label=_("How long"), coerce=int, initial=90)
    zone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_("The time zone of your place is already chosen. Readers see the time in other zones, too."),
    )

    class Meta:
        model = MeetingSeries
        fields = [
            "title", "kind", "audience", "words", "repeats", "weekday", "week", "begins_on", "ends_on", "time_of_day",
            "minutes", "zone", "captions", "breaks", "camera_optional", "speaking_optional", "sign_language",
            "content_notes", "capacity",
        ]  # fmt: skip
        field_classes = {"words": LongTextField, "content_notes": LongTextField}
        widgets = {"begins_on": DayInput(), "ends_on": DayInput(), "time_of_day": ClockInput()}
        help_texts = {
            "words": _(
                "What it is, and who it is for. Blank lines make paragraphs. Leave out the meeting link and people’s "
                "names."
            ),
            "weekday": _("Leave empty to use the weekday of the first meeting."),
            "week": _("Only for monthly meetings. Leave empty to follow the first meeting."),
            "begins_on": _("If this day doesn’t fit the schedule, we use the next day that does."),
            "ends_on": _("Leave empty if the meetings have no end date. To end a series, enter its last day."),
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        series = self.instance
        self.watch(series, WATCHED)
        choices = ownership.choices_for(user)
        # The empty choice is the whole coalition; a user who is not offered it must choose something else.
        self.fields["whose"].choices, self.fields["whose"].required = choices, "" not in dict(choices)
        self.fields["whose"].initial = ownership.answer_of(series)
        self.fields["minutes"].choices = length_choices(series.minutes)
        home = zone_of_representative(user)
        self.fields["zone"].choices = [("", _("Choose one")), *timezones.choices(home)]
        self.initial["zone"] = self.initial.get("zone") or home
        keep_addresses_out(self, plain=("title", "sign_language", "content_notes"), in_markdown=("words",))
        add_validators(self.fields["title"], refuse_links)  # emails contain the title

    @property
    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        return [(title, [self[name] for name in names]) for title, names in self.GROUPS]

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        self._settle_days(said)
        if "whose" in said:
            for name, value in ownership.belonging(said["whose"]).items():
                setattr(self.instance, name, value)
        if said.get("ends_on") and said.get("begins_on") and said["ends_on"] < said["begins_on"]:
            self.add_error("ends_on", _("This is before the first meeting. Enter a later day."))
        if names_link(readable(self.instance, "join_link"), said.get("words", ""), said.get("content_notes", "")):
            self.add_error(None, LEAKS)
        return said

    def _settle_days(self, said):
        """Fills in blank fields from the first meeting, and clears fields that the frequency does not use."""
        first, repeats = said.get("begins_on"), said.get("repeats")
        if first is None or repeats is None:
            return
        monthly = repeats in (Repeats.MONTHLY, Repeats.TWO_MONTHLY)
        weekday, week = said.get("weekday"), said.get("week")
        said["weekday"] = None if repeats == Repeats.ONCE else (first.weekday() if weekday is None else weekday)
        said["week"] = (week or _week_of(first)) if monthly else None


class NewSeriesForm(SeriesForm):
    """A new series with its meeting link, which is saved as a draft or published (`publishes`) in one step."""

    GROUPS = (*SeriesForm.GROUPS, (_("Meeting link"), ("link",)))

    link = forms.URLField(
        label=_("Meeting link"),
        assume_scheme="https",  # pyright: ignore[reportCallIssue]  # new in Django 5.0
        max_length=500,
        required=False,
        widget=UnshownLinkInput(attrs={"autocomplete": "off"}),
        help_text=_(
            "We store it encrypted and never show it, so if this page comes back with an error, enter it again. You "
            "can also add it later."
        ),
    )

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

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if names_link(said.get("link", ""), *(said.get(name, "") for name in ("title", "words", "content_notes"))):
            self.add_error(None, LEAKS)
        return said

    def _post_clean(self) -> None:
        super()._post_clean()  # pyright: ignore[reportAttributeAccessIssue]  # fills in the instance
        if self.publishes and not self.errors and not plan_for(self.instance, timezone.now()).made:
            self.add_error("begins_on", _("There is no upcoming date, so there is nothing to publish."))


def _week_of(day: date) -> int:
    """The number of this weekday in its month. A fifth one is the last, because not every month has a fifth."""
    week = (day.day - 1) // 7 + 1
    return week if week < 5 else Week.LAST


class MoveForm(EditConflictMixin, forms.Form):
    """A new time for one meeting, in its time zone."""

    day = forms.DateField(label=_("Day"), widget=DayInput())
    time_of_day = forms.TimeField(label=_("Starts at"), widget=ClockInput())
    minutes = forms.TypedChoiceField(label=_("How long"), coerce=int)

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meeting = meeting
        self.watch(meeting, ("starts_at", "ends_at", "is_canceled"))
        minutes = int((meeting.ends_at - meeting.starts_at).total_seconds() // 60)
        self.fields["minutes"].choices = length_choices(minutes)
        self.initial = {"day": meeting.begins.date(), "time_of_day": meeting.begins.time(), "minutes": minutes}

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.keys() >= {"day", "time_of_day", "minutes"}:
            said["starts_at"] = local_moment(said["day"], said["time_of_day"], self.meeting.zone)
            said["ends_at"] = said["starts_at"] + timedelta(minutes=said["minutes"])
            if said["starts_at"] <= timezone.now():
                self.add_error("day", _("This time has passed. Enter a later one."))
        return said


class LinkForm(forms.Form):
    """The meeting link of a series or of one meeting (`holder`). A saved link is never rendered."""

    link = forms.URLField(
        label=_("Meeting link"),
        assume_scheme="https",  # pyright: ignore[reportCallIssue]  # new in Django 5.0
        max_length=500,
        required=False,
        widget=UnshownLinkInput(attrs={"autocomplete": "off"}),
        help_text=_(
            "We store it encrypted and never show it again, here or anywhere else. To remove it, save this field empty."
        ),
    )

    def __init__(self, *args: Any, holder: Meeting | MeetingSeries, **kwargs: Any) -> None:
        super().__init__(*args, initial={"link": holder.join_link}, **kwargs)
        self.holder = holder

    def clean_link(self) -> str:
        link = require_https(self.cleaned_data["link"])
        if names_link(link, self.holder.words, self.holder.content_notes, getattr(self.holder, "topic", "")):
            raise forms.ValidationError(LEAKS)
        return link


class TopicForm(EditConflictMixin, forms.ModelForm):
    class Meta:
        model = Meeting
        fields = ["topic"]
        field_classes = {"topic": LongTextField}
        help_texts = {"topic": _("What this meeting is about. Add content notes if this meeting needs its own.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.watch(self.instance, ("topic",))
        keep_addresses_out(self, in_markdown=("topic",))

    def clean_topic(self) -> str:
        if names_link(self.instance.way_in, self.cleaned_data["topic"]):
            raise forms.ValidationError(LEAKS)
        return self.cleaned_data["topic"]


class NotesForm(EditConflictMixin, forms.ModelForm):
    nobody_named = forms.BooleanField(
        label=_("I have read the notes. No one is named, and nothing in them points to a person.")
    )

    class Meta:
        model = Meeting
        fields = ["notes"]
        field_classes = {"notes": LongTextField}
        help_texts = {"notes": _("For everyone the meeting was for. To take the notes down, save this field empty.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.watch(self.instance, ("notes",))
        keep_addresses_out(self, in_markdown=("notes",))
