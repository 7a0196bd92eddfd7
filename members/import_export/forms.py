"""The forms to export and to import."""

from itertools import islice
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from chapters.place_field import PlaceField
from members.find.filters import in_place
from members.import_export.columns import ASK, MEANINGS, NOT_READ
from members.import_export.import_state import ImportState
from members.import_export.importer import Choices, ReadList
from members.models import Member
from members.querysets import MemberQuerySet
from s4jr.form_fields.list_origin import list_origin_field
from s4jr.tables.decoding import LONGEST_BYTES, UnreadableTableError

#: How many cells of a column the preview shows, and how many characters of a title or a cell.
EXAMPLES, LONGEST_EXAMPLE = 2, 80


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


class UploadForm(forms.Form):
    use_required_attribute = False

    file = forms.FileField(
        label=_("The list, as a CSV file"),
        help_text=_(
            "One line names the columns, such as name, email, region and joined. Files from our export, Google, "
            "Mailchimp, Action Network, CiviCRM, NationBuilder, listmonk, Zoom, Luma and Eventbrite work as they are. "
            "The limit is 1 MB and 5,000 lines."
        ),
        error_messages={"required": _("Choose a file of at most 1 MB.")},
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
    )

    #: What the preview carries on; None until the form is valid.
    state: ImportState | None = None

    def clean_file(self) -> UploadedFile:
        uploaded = self.cleaned_data["file"]
        try:
            # A file in UTF-16 has twice the bytes of the text that the limit is for.
            state = ImportState.of_file(uploaded.read(2 * LONGEST_BYTES + 3))
            state.read  # noqa: B018 - an unreadable list is an error of this field
        except UnreadableTableError as error:
            raise forms.ValidationError(str(error)) from None
        self.state = state
        return uploaded


class ColumnsForm(forms.Form):
    """What each column of a list becomes, and how its days are written if nothing in the list shows it.

    Whatever is not sent stays as it is; the page asks again for what is open.
    """

    DAY_FIRST = [("0", _("month first: 3/4 is March 4")), ("1", _("day first: 3/4 is April 3"))]

    use_required_attribute = False

    def __init__(self, data: Any = None, *, read: ReadList) -> None:
        super().__init__(data)
        self.read = read
        for at, meaning in enumerate(read.meanings):
            self.fields[f"column_{at}"] = _column_field(read, at, meaning)
        if read.asks_for_days:
            initial = {None: None, False: "0", True: "1"}[read.day_first]
            self.fields["day_first"] = forms.ChoiceField(
                label=_("How are dates written in the list?"),
                choices=self.DAY_FIRST,
                initial=initial,
                widget=forms.RadioSelect,
            )
        for field in self.fields.values():
            field.required = data is None

    def asked(self) -> list[forms.BoundField]:
        """The columns that must be answered for."""
        return self._columns(ASK)

    def taken(self) -> list[forms.BoundField]:
        """The columns that are read."""
        return self._columns(*(meaning for meaning in MEANINGS if meaning != NOT_READ))

    def not_read(self) -> list[forms.BoundField]:
        return self._columns(NOT_READ)

    def _columns(self, *meanings: str) -> list[forms.BoundField]:
        return [self[f"column_{at}"] for at, meaning in enumerate(self.read.meanings) if meaning in meanings]

    def choices(self) -> Choices:
        """The choices of a valid form."""
        sent = (self.cleaned_data.get(f"column_{at}") or now for at, now in enumerate(self.read.meanings))
        day_first = self.cleaned_data.get("day_first")
        return Choices(tuple(sent), day_first == "1" if day_first else self.read.day_first)

    def has_changes(self) -> bool:
        """Whether a valid form reads the list in another way than the page showed."""
        return self.choices() != Choices(tuple(self.read.meanings), self.read.day_first)


def _column_field(read: ReadList, at: int, meaning: str) -> forms.ChoiceField:
    """The field for a column, with its title as the label and its first cells as the hint."""
    unanswered = [(ASK, _("Choose: does it say who may be emailed?"))] if meaning == ASK else []
    examples = ", ".join(f"“{cell[:LONGEST_EXAMPLE]}”" for cell in islice(read.table.column(at), EXAMPLES))
    return forms.ChoiceField(
        label=read.title(at)[:LONGEST_EXAMPLE],
        help_text=gettext("In the list: %s") % examples if examples else gettext("This column is empty."),
        choices=[*unanswered, *MEANINGS.items()],
        initial=meaning,
    )


class ConfirmForm(forms.Form):
    """What an admin states about a list before it is saved."""

    use_required_attribute = False

    agreed = forms.BooleanField(
        label=_("Everyone on this list said they want to be on it."),
        error_messages={"required": _("Import only people who said they want to be on the list. Then check this box.")},
    )
    reason = list_origin_field()
