"""What the preview of an import carries from page to page: the list and how to read it, encrypted in a hidden field.

No file, session, cache or table holds the list, and closing the page ends it: see docs/decisions/0006.
"""

import json
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.utils.translation import gettext

from members.import_export.importer import Choices, ReadList, read_list
from s4jr.crypto.fields import DecryptionError, decrypt, encrypt
from s4jr.tables.decoding import UnreadableTableError, decode_table

#: The encryption context of a list between its two pages. No column uses it.
CONTEXT = "import.list"


@dataclass(frozen=True)
class ImportState:
    """The decoded text of an uploaded list, the encoding it had, and the admin's choices."""

    text: str
    encoding: str
    choices: Choices = field(default_factory=Choices)

    @classmethod
    def of_file(cls, raw: bytes) -> "ImportState":
        """Raises UnreadableTableError."""
        return cls(*decode_table(raw))

    @classmethod
    def opened(cls, token: str) -> "ImportState":
        """Reverses `encrypted`. Raises UnreadableTableError if the token is not ours, or its key is gone."""
        try:
            settings, _line_end, text = decrypt(token, CONTEXT).partition("\n")
        except DecryptionError:
            raise UnreadableTableError(gettext("This page is too old. Choose the file again.")) from None
        said = json.loads(settings)
        meanings = tuple(said["meanings"]) if said["meanings"] else None
        return cls(text, said["encoding"], Choices(meanings, said["day_first"]))

    @property
    def encrypted(self) -> str:
        chosen = {"meanings": self.choices.meanings, "day_first": self.choices.day_first}
        return encrypt(f"{json.dumps({'encoding': self.encoding, **chosen})}\n{self.text}", CONTEXT)

    def with_choices(self, choices: Choices) -> "ImportState":
        return replace(self, choices=choices)

    @cached_property
    def read(self) -> ReadList:
        """The list, read as chosen. Raises UnreadableTableError."""
        return read_list(self.text, self.choices)
