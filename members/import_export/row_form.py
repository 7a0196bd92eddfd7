"""The form that validates one line of an import, with the same rules for name and address as the join form."""

import re
import unicodedata
from datetime import date
from functools import lru_cache
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chapters.regions import WITH_REGIONS, country_choices, country_of, regions_of
from members.applications.forms import NameField
from members.models import Member
from s4jr.days import easternmost_today
from s4jr.mail.addresses import validate_writable

#: The date at the start of a timestamp: 2026-06-18T10:00:00Z, 2022/10/17 6:31:58 PM EST; or 4/9/2021 12:25:42.
YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?!\d)")


def day_of(text: str, day_first: bool) -> date | None:
    """The date that a text begins with, or None. `day_first` tells how to read 3/4/2026."""
    if found := YEAR_FIRST.match(text):
        year, month, day = map(int, found.groups())
    elif found := YEAR_LAST.match(text):
        first, second, year = map(int, found.groups())
        day, month = (first, second) if day_first else (second, first)
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def place_of(region: str, country: str) -> tuple[str, str]:
    """Returns (country code, region code) for codes or English names. Raises LookupError for an unknown place.

    Two letters in the region column are a state or province, as `CA` is in US lists. A country is spelled out or has
    its own column. Outside the United States and Canada, the country is enough.
    """
    country_code = _countries()[_plain(country)] if country else ""
    if not region or (country_code and country_code not in WITH_REGIONS):
        return country_code, ""
    region_code = _regions().get(_plain(region), "")
    if not region_code and not country_code:
        return _countries()[_plain(region)], ""
    if not region_code or (country_code and country_of(region_code) != country_code):
        raise LookupError(region)
    return country_of(region_code), region_code


@lru_cache
def _regions() -> dict[str, str]:
    """Returns region codes by every spelling: `ca-on`, `on`, `ontario`."""
    pairs = [pair for country in WITH_REGIONS for pair in regions_of(country)]
    return {_plain(said): code for code, name in pairs for said in (code, code.partition("-")[2], name)}


@lru_cache
def _countries() -> dict[str, str]:
    usual = {"usa": "US", "united states of america": "US", "uk": "GB", "great britain": "GB"}
    return usual | {_plain(said): code for code, name in country_choices() for said in (code, name)}


def _plain(text: str) -> str:
    characters = (part for part in unicodedata.normalize("NFKD", text) if not unicodedata.combining(part))
    return " ".join("".join(characters).casefold().replace(".", "").split())


class LineForm(forms.Form):
    name = NameField(
        max_length=120,
        error_messages={"required": _("The name is missing."), "max_length": _("The name is too long.")},
    )
    email = forms.EmailField(
        max_length=254,
        error_messages={
            "required": _("The email address is missing."),
            "invalid": _("The email address isn’t valid."),
            "max_length": _("The email address is too long."),
        },
    )
    contact = forms.ChoiceField(
        choices=[(value, value) for value in (Member.Contact.YES, Member.Contact.DISCREET)],
        required=False,
        error_messages={"invalid_choice": _("This person must not be emailed.")},
    )
    country = forms.CharField(required=False)
    region = forms.CharField(required=False)
    joined = forms.CharField(required=False)

    def __init__(self, *args: Any, day_first: bool, **kwargs: Any) -> None:
        self.day_first = day_first
        super().__init__(*args, **kwargs)

    def clean_email(self) -> str:
        validate_writable(self.cleaned_data["email"])
        return self.cleaned_data["email"]

    def clean_joined(self) -> date:
        """The given date, or today."""
        said = self.cleaned_data["joined"]
        day = day_of(said, self.day_first) if said else timezone.now().date()
        if day is None:
            raise forms.ValidationError(_("We can’t read the date. Write it as 2026-11-23."))
        if day > easternmost_today():
            raise forms.ValidationError(_("The date is in the future."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        try:
            data["country"], data["region"] = place_of(data.get("region", ""), data.get("country", ""))
        except LookupError:
            self.add_error(None, _("We don’t know this place. Write it as Ontario, ON or CA-ON."))
        return data

    def answers(self) -> dict[str, Any]:
        """The values of the Member fields of a valid line."""
        data = self.cleaned_data
        kept = {name: data[name] for name in ("name", "email", "country", "region")}
        return {**kept, "contact": data["contact"] or Member.Contact.YES, "received_on": data["joined"]}
