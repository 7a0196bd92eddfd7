"""The forms that validate one line of a list, with the same rules as the pages where admins type the same."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chapters.models import Chapter
from chapters.place_columns import SeveralPlaces, place_of
from chapters.place_search import place_label
from chapters.validators import add_validators, keep_addresses_out
from s4jr.days import easternmost_today
from s4jr.form_fields.email import EmailAddressField
from s4jr.form_fields.names import NAME_RULES
from s4jr.tables.days import day_of
from s4jr.tables.languages import language_named


class LineForm(forms.Form):
    """One line. `day_first` tells how to read 3/4/2026. `chapters` has the open chapters by their casefolded names.

    A place in one column may be in `region` or in `country`.
    """

    any_part = False

    region = forms.CharField(required=False)
    country = forms.CharField(required=False)

    def __init__(self, *args: Any, day_first: bool = False, chapters: Mapping[str, Chapter], **kwargs: Any) -> None:
        self.day_first, self.chapters = day_first, chapters
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        try:
            country, region = place_of(said.get("region", ""), said.get("country", ""), any_part=self.any_part)
            return {**said, "country": country, "region": region}
        except SeveralPlaces as several:
            names = " · ".join(map(place_label, several.args))
            told = _("This could be several places. Write one of them in full: %(names)s.") % {"names": names}
        except LookupError:
            told = _("We don’t know this place. Write it as Ontario, ON or CA-ON.")
        self.add_error(None, told)
        return said

    def answers(self) -> dict[str, Any]:
        """The values to save of a valid line."""
        raise NotImplementedError

    @property
    def has_place(self) -> bool:
        return bool(self.data.get("region") or self.data.get("country"))


class RepresentativeLineForm(LineForm):
    any_part = True

    email = EmailAddressField(suggests=False, error_messages={"required": _("The email address is missing.")})
    chapter = forms.CharField(required=False)
    username = forms.CharField(
        required=False,
        max_length=150,
        validators=[UnicodeUsernameValidator()],
        error_messages={"max_length": _("The username is too long.")},
    )
    begins_on = forms.CharField(required=False)
    ends_on = forms.CharField(required=False)
    language = forms.CharField(required=False)

    def clean_chapter(self) -> Chapter | None:
        name = self.cleaned_data["chapter"]
        if name and name.casefold() not in self.chapters:
            raise ValidationError(_("We don’t know this chapter, or it isn’t open yet. Check its name."))
        return self.chapters.get(name.casefold())

    def clean_begins_on(self) -> date:
        """The given day, or today, as on the page to appoint one person."""
        return self._day("begins_on") or timezone.now().date()

    def clean_ends_on(self) -> date | None:
        return self._day("ends_on")

    def _day(self, name: str) -> date | None:
        said = self.cleaned_data[name]
        day = day_of(said, self.day_first) if said else None
        if said and day is None:
            raise ValidationError(_("We can’t read the date. Write it as 2026-11-23."))
        return day

    def clean_language(self) -> str:
        """An empty cell is the first language of the site."""
        said = self.cleaned_data["language"]
        found = language_named(said) if said else str(settings.LANGUAGE_CODE)
        if found is None:
            raise ValidationError(_("The site isn’t in this language. Write English, French or Spanish."))
        return found

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if self.has_place == bool(self.data.get("chapter")):
            self.add_error(None, _("Name either a place or a chapter."))
        if "begins_on" in said and said.get("ends_on"):
            self._check_days(said["begins_on"], said["ends_on"])
        return said

    def _check_days(self, begins_on: date, ends_on: date) -> None:
        if ends_on < begins_on:
            self.add_error("ends_on", _("The last day is before the first day."))
        elif ends_on < easternmost_today():
            self.add_error("ends_on", _("This term is already over."))

    def answers(self) -> dict[str, Any]:
        """The values of an `Appointment`."""
        said = self.cleaned_data
        who = {"address": said["email"], "region": said["region"] or said["country"]}
        return who | {name: said[name] for name in ("chapter", "begins_on", "ends_on", "language", "username")}


class ChapterLineForm(LineForm):
    FACTS = ("name", "area", "languages", "rhythm", "words", "how_to_join")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.FACTS:
            self.fields[name] = _field_of_chapter(name)
        keep_addresses_out(self, plain=("name", "area", "languages", "rhythm"), in_markdown=("words", "how_to_join"))
        add_validators(self.fields["name"], *NAME_RULES)

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if not self.has_place:
            self.add_error(None, _("The place is missing. A country is enough."))
        return said

    def answers(self) -> dict[str, Any]:
        """The values of the Chapter fields."""
        return {name: self.cleaned_data[name] for name in (*self.FACTS, "country", "region")}


def _field_of_chapter(name: str) -> Any:
    """The form field of a column, with messages that make sense in a list of many lines."""
    column: Any = Chapter._meta.get_field(name)
    field = column.formfield()
    field.error_messages |= {
        "required": _("The name of the chapter is missing."),
        "max_length": _("%(column)s: the text is longer than %(most)d characters.")
        % {"column": column.verbose_name, "most": column.max_length},
    }
    return field
