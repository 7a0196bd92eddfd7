"""The forms of an import: the file, and the page that shows what becomes of it before anything is saved."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chapters.list_import.kinds import ListKind
from chapters.list_import.reading import ReadList, read_list
from s4jr.crypto.fields import DecryptionError, decrypt, encrypt
from s4jr.form_fields.list_origin import list_origin_field
from s4jr.tables.decoding import LONGEST_BYTES, UnreadableTableError, decode_table

#: The encryption contexts of a list between its two pages. No column uses them.
CONTEXTS = {"representatives": "import.representatives", "chapters": "import.chapters"}


class ReadingForm(forms.Form):
    """Base of the forms with a list in their field `source`. `read` is the ReadList, or None until they are valid."""

    use_required_attribute = False
    source: str
    read: ReadList | None = None
    text = ""

    def __init__(self, *args: Any, kind: ListKind, **kwargs: Any) -> None:
        self.kind = kind
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get(self.source):
            order = said.get("day_order")
            try:
                self.text = self.list_text(said[self.source])
                self.read = read_list(self.text, self.kind, day_first=order == "day" if order else None)
            except UnreadableTableError as error:
                raise forms.ValidationError(str(error)) from None
        return said

    def list_text(self, given: Any) -> str:
        """The text of the list, from the value of `source`. Raises UnreadableTableError."""
        raise NotImplementedError

    def valid_list(self) -> ReadList:
        """The list of a valid form. Raises ValueError if the form has none."""
        if self.read is None:
            raise ValueError("This form has no list: it is not valid.")
        return self.read

    @property
    def encrypted(self) -> str:
        return encrypt(self.text, CONTEXTS[self.kind.name])


class UploadForm(ReadingForm):
    file = forms.FileField(
        label=gettext_lazy("The list, as a CSV file"),
        help_text=gettext_lazy("The limit is 1 MB and 5,000 lines."),
        error_messages={"required": gettext_lazy("Choose a file of at most 1 MB.")},
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
    )
    source = "file"

    def list_text(self, given: UploadedFile) -> str:
        return decode_table(given.read(2 * LONGEST_BYTES + 1)).text


class ConfirmForm(ReadingForm):
    """The second page. It carries the same list encrypted in a hidden field, so no file is stored."""

    day_order = forms.ChoiceField(
        label=gettext_lazy("How are dates written in the list?"),
        choices=[
            ("month", gettext_lazy("month first: 3/4 is March 4")),
            ("day", gettext_lazy("day first: 3/4 is April 3")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )
    encrypted_list = forms.CharField(widget=forms.HiddenInput, strip=False)
    took_out = forms.BooleanField(required=False)
    reason = list_origin_field()
    source = "encrypted_list"

    def list_text(self, given: str) -> str:
        try:
            return decrypt(given, CONTEXTS[self.kind.name])
        except DecryptionError:
            raise UnreadableTableError(_("This page is too old. Choose the file again.")) from None

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if self.read and self.read.asks_order and not said.get("day_order"):
            self.add_error("day_order", _("Choose how the dates are written."))
        if self.read and self.read.doubtful and not said.get("took_out"):
            self.add_error("took_out", _("Take out the lines of people who said no. Then check this box."))
        self.ask_only_for_what_matters(self.read)
        return said

    def ask_only_for_what_matters(self, read: ReadList | None) -> None:
        """Leaves out what the list answers: the order of its days, and whether someone in it may have said no."""
        if read and read.asks_order:
            self.fields["day_order"].required = True
        elif read:
            del self.fields["day_order"]
        if read and not read.doubtful:
            del self.fields["took_out"]
        elif read:
            label = _("I took out everyone who said no. We don’t read these columns: %(titles)s")
            # The bound field may be there already, and keeps its own label.
            self["took_out"].label = label % {"titles": ", ".join(read.doubtful)}
            self.fields["took_out"].required = True


class ErrorFileForm(ConfirmForm):
    """The same page, when it asks for the lines that can't be brought in."""

    reason = None

    def clean(self) -> dict[str, Any]:
        return ReadingForm.clean(self)
