"""Queries on submissions of public forms. Changes are in the `services.py` of each kind."""

from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models import Case, Value, When

from s4jr.security.status_code import code_hash

if TYPE_CHECKING:
    from s4jr.conversations.models import SavedReply, Submitted, Thread

_Submitted = TypeVar("_Submitted", bound="Submitted")
_Thread = TypeVar("_Thread", bound="Thread")


class SubmittedQuerySet(models.QuerySet[_Submitted]):
    def with_code(self, code: str) -> Self:
        """The row with this status code, however it was typed; at most one."""
        return self.filter(code_hash=code_hash(code))

    def flagged(self) -> Self:
        """Flagged as possible spam."""
        return self.exclude(flag_reason="")


class ThreadQuerySet(SubmittedQuerySet[_Thread]):
    def open(self) -> Self:
        return self.filter(state=self.model.State.OPEN)


class SavedReplyQuerySet(models.QuerySet["SavedReply"]):
    def for_admins(self) -> Self:
        return self.filter(audience=self.model.Audience.ADMINS)

    def for_representatives(self) -> Self:
        """The sample answers of representatives."""
        return self.filter(audience=self.model.Audience.REPRESENTATIVES)

    def in_language_first(self, language: str) -> Self:
        """Those in this language come first, each part by title."""
        is_other = Case(When(language=language, then=Value(0)), default=Value(1))
        return self.order_by(is_other, "title", "language")
