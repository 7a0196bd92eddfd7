"""The one QuerySet of members, put together of what each feature asks and does."""

from django.db import models
from django.db.models import F

from members.applications.confirmation import ConfirmationQuerySet
from members.applications.status_code import DetailsQuerySet
from members.applications.submission import Application, JoiningQuerySet
from members.retention import LeavingQuerySet
from members.review.decisions import DecidingQuerySet

#: The answers of an application: a change to any of them makes it another version.
VERSIONED = frozenset(Application.ANSWERS)


class MemberQuerySet(
    JoiningQuerySet, ConfirmationQuerySet, DetailsQuerySet, DecidingQuerySet, LeavingQuerySet, models.QuerySet
):
    """Questions and verbs of members. Every step is one compare-and-set UPDATE: a second press changes nothing."""

    def update(self, **changes):
        """As Django's own. Whatever changes an answer also raises `version`, so no caller can forget to.

        A decision names the version it was made on, and has no effect on a later one. Another secret word or address
        has shown nothing yet.
        """
        if changes.keys() & VERSIONED:
            changes.setdefault("version", F("version") + 1)
        if changes.keys() & {"word_hash", "email_index"}:
            changes.setdefault("word_proves_inbox", False)
        return super().update(**changes)

    update.alters_data = True

    def live(self):
        return self.filter(status__in=self.model.LIVE)

    def waiting(self):
        return self.filter(status=self.model.Status.WAITING)

    def oldest_first(self):
        return self.order_by("received_on", "pk")
