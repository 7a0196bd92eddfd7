"""The answers of a public form before they are a row: an application, an offer, a guest's RSVP, a conversation."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from s4jr.crypto.blind_index import blind_index
from s4jr.security.status_code import code_hash, code_of_form


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What a form says. `email` is "" if `contact` is none; `form_token` identifies the submitted form.

    `ANSWERS` may be amended by submitting the form again; `FIXED` stay as first submitted.
    """

    contact: str
    form_token: str
    name: str = ""
    email: str = ""
    language: str = "en"
    flag_reason: str = ""

    ANSWERS: ClassVar[tuple[str, ...]] = ("contact", "name", "email", "email_index", "language")
    FIXED: ClassVar[tuple[str, ...]] = ()

    @cached_property
    def email_index(self) -> str | None:
        """The blind index of the address, if there is one."""
        return blind_index(self.email) if self.email else None

    def answers(self) -> dict[str, Any]:
        """The answers by field name, with the blind index."""
        return {name: getattr(self, name) for name in self.ANSWERS}

    def same_as(self, record: models.Model) -> bool:
        """Whether the row already has these answers."""
        return all(getattr(record, name) == answer for name, answer in self.answers().items())

    def token_columns(self) -> dict[str, str]:
        """The token of the form, and the hash of the status code that follows from it."""
        return {"form_token": self.form_token, "code_hash": code_hash(code_of_form(self.form_token))}

    def new_row(self, number: str, **columns: Any) -> dict[str, Any]:
        """All columns of the row to create; `columns` are added, or replace what is here."""
        return {
            **self.answers(),
            **{name: getattr(self, name) for name in self.FIXED},
            **self.token_columns(),
            "number": number,
            "flag_reason": self.flag_reason,
            "received_on": timezone.now().date(),
            **columns,
        }
