"""The forms to export and to import."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from chapters.place_field import PlaceField
from members.find.filters import in_place
from members.import_export.importer import LONGEST_BYTES, ReadList, UnreadableList, read_list, text_of
from members.models import Member
from members.querysets import MemberQuerySet
from s4jr.crypto.fields import DecryptionError, decrypt, encrypt

#: The encryption context of a list between its two pages. No column uses it.
CONTEXT = "import.list"


class ExportForm(forms.Form):
    use_required_attribute = False

    status = forms.MultipleChoiceField(
        label=_("Who"), initial=[Member.Status.APPROVED], widget=forms.CheckboxSelectMultiple
    )
    region = PlaceField(
        label=_("Place"), help_text=_("If you leave this empty, the list is for everywhere."), required=False
    )
    newsletter = forms.BooleanField(label=_("Only people who want news"), required=False)
    reason = forms.CharField(
        label=_("What do you need the list for?"),
        help_text=_("This goes into the access log, encrypted, with the note that you downloaded the list."),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # An unconfirmed address may have been typed by someone else.
        unproved = (*Member.UNPROVED, Member.Status.DUPLICATE_ADDRESS)
        choices = [choice for choice in Member.Status.choices if choice[0] not in unproved]
        self.fields["status"].choices = choices

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        count = self.members().count() if "status" in data else 0
        if count > settings.EXPORT_AT_MOST:
            said = ngettext(
                "You chose %(count)d person. One list holds at most %(most)d. Choose fewer.",
                "You chose %(count)d people. One list holds at most %(most)d. Choose fewer.",
                count,
            )
            raise forms.ValidationError(said % {"count": count, "most": settings.EXPORT_AT_MOST})
        return data

    def members(self) -> MemberQuerySet:
        """The chosen members, oldest first."""
        data = self.cleaned_data
        members = Member.objects.filter(status__in=data["status"]).oldest_first()
        if data.get("region"):
            members = members.filter(in_place(data["region"]))
        return members.filter(newsletter=True) if data.get("newsletter") else members


class ReadingForm(forms.Form):
    """Base of the forms that carry a list in their field `source`.

    `read` is the ReadList, or None until the form is valid; `encrypted` is its encrypted text.
    """

    DAY_FIRST = [("", _("month first: 3/4 is March 4")), ("1", _("day first: 3/4 is April 3"))]

    use_required_attribute = False
    source: str
    read: ReadList | None = None

    day_first = forms.ChoiceField(
        label=_("How are dates written in the list?"),
        help_text=_("Dates that start with the year work either way."),
        choices=DAY_FIRST,
        required=False,
        widget=forms.RadioSelect,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get(self.source):
            try:
                self.text = self.list_text(data[self.source])
                self.read = read_list(self.text, day_first=bool(data.get("day_first")))
            except UnreadableList as error:
                raise forms.ValidationError(str(error)) from None
        return data

    def list_text(self, given: Any) -> str:
        """Returns the text of the list from the value of `source`. Raises UnreadableList."""
        raise NotImplementedError

    def valid_list(self) -> ReadList:
        """The list of a valid form. Raises ValueError if the form has none."""
        if self.read is None:
            raise ValueError("This form has no list: it is not valid.")
        return self.read

    @property
    def encrypted(self) -> str:
        return encrypt(self.text, CONTEXT)


class UploadForm(ReadingForm):
    file = forms.FileField(
        label=_("The list, as a CSV file"),
        help_text=_(
            "The first line names the columns: name, email, region, joined. Files from Google Forms, "
            "Mailchimp and Action Network work as they are. The limit is 1 MB and 5,000 lines."
        ),
        error_messages={"required": _("Choose a file of at most 1 MB.")},
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    field_order = ["file", "day_first"]
    source = "file"

    def list_text(self, given: UploadedFile) -> str:
        return text_of(given.read(LONGEST_BYTES + 1))


class ConfirmForm(ReadingForm):
    """The second page. It carries the same list encrypted in a hidden field, so no file is stored."""

    day_first = forms.ChoiceField(choices=ReadingForm.DAY_FIRST, required=False, widget=forms.HiddenInput)
    encrypted_list = forms.CharField(widget=forms.HiddenInput, strip=False)
    agreed = forms.BooleanField(
        label=_("Everyone on this list said they want to be on it."),
        error_messages={"required": _("Import only people who said they want to be on the list. Then check this box.")},
    )
    reason = forms.CharField(
        label=_("Where does this list come from?"),
        help_text=_("This goes into the access log, encrypted. One sentence is enough."),
        error_messages={"required": _("Say where this list comes from.")},
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    source = "encrypted_list"

    def list_text(self, given: str) -> str:
        try:
            return decrypt(given, CONTEXT)
        except DecryptionError:
            raise UnreadableList(_("This page is too old. Choose the file again.")) from None


class ErrorFileForm(ConfirmForm):
    """The same page, when it asks for the lines that can't be imported."""

    agreed = reason = None
