"""Emails with a link that runs out are not sent when it has, or nearly has: see the table in docs/email.md."""

from datetime import datetime, timedelta

from django.utils import timezone

from s4jr.mail.models import OutgoingEmail
from s4jr.mail.services import EMPTY

#: The last error of an email that was canceled because its `not_after` passed.
OUT_OF_DATE = "it could not be sent before its link ran out"


def latest_sending(lasting: timedelta) -> datetime:
    """Until when an email may leave whose link works for so long from now: its reader gets at least half of that."""
    return timezone.now() + lasting / 2


def cancel_out_of_date() -> int:
    """Cancel the emails whose `not_after` is past and that are not handed over yet; returns how many."""
    late = OutgoingEmail.objects.out_of_date()
    return late.update(
        state=OutgoingEmail.State.CANCELED, claim=None, lease_until=None, last_error=OUT_OF_DATE, **EMPTY
    )


def was_too_late(email: OutgoingEmail) -> bool:
    return email.state == OutgoingEmail.State.CANCELED and email.last_error == OUT_OF_DATE
