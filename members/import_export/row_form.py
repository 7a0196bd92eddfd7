"""The form that validates one line of an import, with the same rules for name and address as the join form."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chapters.place_columns import SeveralPlaces, place_of
from chapters.place_search import place_label
from members.applications.forms import NameField
from members.import_export.values import is_yes, read_contact, read_language, read_number, read_ways
from members.models import Member
from s4jr.days import easternmost_today
from s4jr.form_fields.email import EmailAddressField
from s4jr.tables.days import day_of


class LineForm(forms.Form):
    name = NameField(
        max_length=120,
        error_messages={"required": _("The name is missing."), "max_length": _("The name is too long.")},
    )
    email = EmailAddressField(suggests=False, error_messages={"required": _("The email address is missing.")})
    contact = forms.CharField(required=False)
    pronouns = NameField(max_length=60, required=False, error_messages={"max_length": _("The pronouns are too long.")})
    language = forms.CharField(required=False)
    newsletter = forms.CharField(required=False)
    ways_to_help = forms.CharField(required=False)
    country = forms.CharField(required=False)
    region = forms.CharField(required=False)
    joined = forms.CharField(required=False)
    number = forms.CharField(required=False)

    def __init__(self, *args: Any, day_first: bool, **kwargs: Any) -> None:
        self.day_first = day_first
        super().__init__(*args, **kwargs)

    def clean_contact(self) -> str:
        said = self.cleaned_data["contact"]
        try:
            contact = read_contact(said) if said else Member.Contact.YES
        except LookupError:
            raise forms.ValidationError(_("We can’t read the email preference. Write yes, discreet or none.")) from None
        if contact == Member.Contact.NONE:
            raise forms.ValidationError(_("This person must not be emailed."))
        return contact

    def clean_number(self) -> str:
        try:
            return read_number(self.cleaned_data["number"])
        except LookupError:
            said = _("A spreadsheet changed our number of this person to “%(number)s”. Write it as in the first file.")
            raise forms.ValidationError(said, params={"number": self.cleaned_data["number"][:60]}) from None

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
        except SeveralPlaces as several:
            names = "\N{NO-BREAK SPACE}· ".join(map(place_label, several.args))
            said = _("This could be several places. Write one of them in full: %(names)s.")
            self.add_error(None, said % {"names": names})
        except LookupError:
            self.add_error(None, _("We don’t know this place. Write it as Ontario, ON or CA-ON."))
        return data

    def answers(self) -> dict[str, Any]:
        """The values of the Member fields of a valid line."""
        data = self.cleaned_data
        kept = {name: data[name] for name in ("name", "email", "contact", "pronouns", "country", "region")}
        return {
            **kept,
            "language": read_language(data["language"]),
            "newsletter": is_yes(data["newsletter"]),
            "ways_to_help": read_ways(data["ways_to_help"]),
            "received_on": data["joined"],
        }
