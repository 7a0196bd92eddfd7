"""Questions about what anyone sends with a public form. What changes it is in the `services.py` of each kind."""

from typing import Any, Self

from django.db import models

from s4jr.security.status_code import code_hash


class SubmittedQuerySet(models.QuerySet):
    model: Any

    def with_code(self, code: str) -> Self:
        """The row whose status code this is, however it was typed; at most one."""
        return self.filter(code_hash=code_hash(code))

    def flagged(self) -> Self:
        """Flagged as possible spam."""
        return self.exclude(flag_reason="")


class ThreadQuerySet(SubmittedQuerySet):
    def open(self) -> Self:
        return self.filter(state=self.model.State.OPEN)
