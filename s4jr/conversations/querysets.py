"""Queries on submissions of public forms. Changes are in the `services.py` of each kind."""

from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models

from s4jr.security.status_code import code_hash

if TYPE_CHECKING:
    from s4jr.conversations.models import Submitted, Thread

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
