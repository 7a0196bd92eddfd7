"""The content of a public form before it is a row, for conversations and volunteer offers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from s4jr.conversations.models import Submitted
from s4jr.crypto.blind_index import blind_index
from s4jr.erasure.record_numbers import free_number
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
    words: str = ""
    language: str = "en"
    flag_reason: str = ""

    ANSWERS: ClassVar[tuple[str, ...]] = ("contact", "name", "email", "language")
    FIXED: ClassVar[tuple[str, ...]] = ()

    def answers(self) -> dict[str, Any]:
        """The answers by field name, with the blind index."""
        index = blind_index(self.email) if self.email else None
        return {**{name: getattr(self, name) for name in self.ANSWERS}, "email_index": index}

    def new_row(self, model: type[Submitted], **columns: Any) -> dict[str, Any]:
        """All columns of the row to create."""
        return {
            **self.answers(),
            **{name: getattr(self, name) for name in self.FIXED},
            "number": free_number(model),
            "code_hash": code_hash(code_of_form(self.form_token)),
            "form_token": self.form_token,
            "flag_reason": self.flag_reason,
            "received_on": timezone.now().date(),
            **columns,
        }

    def same_as(self, record: models.Model) -> bool:
        """Whether the row already has these answers."""
        return all(getattr(record, name) == answer for name, answer in self.answers().items())


def keep_once(keep: Callable[[], None]) -> None:
    """Run `keep()` in a transaction. Retries if another worker stored the same form first or drew the same number."""
    for last_try in (False, False, False, True):
        try:
            with transaction.atomic():
                keep()
            return
        except IntegrityError:
            if last_try:
                raise
