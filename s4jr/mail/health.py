"""Whether emails are sent, for `/readyz`, the banner in the admin and `manage.py status`."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.conf import settings
from django.db.models import Count, Min, Value
from django.db.models.functions import Concat
from django.utils import timezone

from s4jr.mail.models import Heartbeat, OutgoingEmail, SendingPause

BEAT_DEAD_AFTER = timedelta(minutes=10)
#: Names of heartbeats: beat ran; an email was sent.
BEAT, EMAIL = "beat", "email"
#: The name of the heartbeat of test emails: the mail server accepted one. It outlives the email itself.
TESTED = "test email"
#: What else is queried with them: emails that are due, deferred, claimed by a sender, or need an admin.
DUE, REFUSED, IN_HAND, NEEDING = "due", "refused", "in hand", "needing somebody"
#: And a pause in sending: this, and its cause.
PAUSED = "paused: "


#: A pause that was shorter made no link run out.
NOTICED_AFTER = timedelta(minutes=10)
REMEMBERED_FOR = timedelta(days=1)
Lateness = Literal["", "now", "lately"]


@dataclass(frozen=True)
class MailHealth:
    """`late` is the age of the oldest email that should have been sent, or None; `beat_age` is None before any beat.

    `pause` is the cause if sending is paused (`SendingPause.Cause`), or "".
    """

    late: timedelta | None
    beat_age: timedelta | None
    needing_somebody: int
    pause: str = ""

    @property
    def leaves(self) -> bool:
        """A mail server that is away comes back by itself: its pause only counts once emails are late."""
        return self.late is None and self.pause in ("", SendingPause.Cause.UNREACHABLE)

    @property
    def beats(self) -> bool:
        return self.beat_age is not None and self.beat_age < BEAT_DEAD_AFTER

    @property
    def is_well(self) -> bool:
        return self.leaves and self.beats


def note(name: str) -> None:
    """Record a heartbeat of this name now."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": timezone.now()})


def was_tested() -> bool:
    """Whether the mail server ever accepted a test email."""
    return Heartbeat.objects.filter(name=TESTED).exists()


def mail_health() -> MailHealth:
    """The current MailHealth, in one query of short lookups, however many emails have been sent."""
    now = timezone.now()
    said = {name: (at, count) for name, at, count in _heartbeats_and_emails(now)}
    since, last_beat = _should_have_left(said), _moment(said, BEAT)
    age = now - since if since else None
    is_late = age is not None and age > timedelta(minutes=settings.MAIL_LATE_AFTER_MINUTES)
    return MailHealth(
        late=age if is_late else None,
        beat_age=now - last_beat if last_beat else None,
        needing_somebody=said[NEEDING][1],
        pause=next((name.removeprefix(PAUSED) for name in said if name.startswith(PAUSED)), ""),
    )


def emails_are_late() -> Lateness:
    """Whether a page should say that emails wait, or that some could not be sent in time. It is the same for everyone.

    What became of one email would reveal whether its address is known, or suppressed.
    """
    pause = SendingPause.objects.filter(tries__gt=0).first()
    if pause is None:
        return ""
    now = timezone.now()
    was_noticed = (pause.ended_at or now) - pause.began_at > NOTICED_AFTER
    if not was_noticed or (pause.ended_at and now - pause.ended_at > REMEMBERED_FOR):
        return ""
    return "lately" if pause.ended_at else "now"


def _heartbeats_and_emails(now):
    """Rows of (name, datetime, count): the heartbeats, and the oldest email of each kind that counts here.

    Each kind has an index of its own. One query for all unsent emails would read every email there is.
    """
    emails = OutgoingEmail.objects.order_by()
    pending = emails.filter(state=OutgoingEmail.State.PENDING)
    kinds = [
        _row(pending.filter(next_attempt_at__lte=now), DUE, Min("next_attempt_at")),
        _row(pending.filter(next_attempt_at__gt=now), REFUSED, Min("created_at")),
        _row(emails.in_hand(), IN_HAND, Min("next_attempt_at")),
        _row(emails.needing_somebody(), NEEDING, Min("created_at"), Count("pk")),
    ]
    pauses = SendingPause.objects.active().annotate(row=Concat(Value(PAUSED), "cause"))
    heartbeats = Heartbeat.objects.order_by().annotate(count=Value(0))
    pause = pauses.values_list("row", "began_at", "tries")
    return heartbeats.values_list("name", "at", "count").union(*kinds, pause, all=True)


def _row(emails, name, at, count=None):
    named = emails.annotate(row=Value(name)).values("row")
    return named.annotate(oldest=at, count=count or Value(0)).values_list("row", "oldest", "count")


def _moment(said: dict[str, tuple[datetime | None, int]], name: str) -> datetime | None:
    return said.get(name, (None, 0))[0]


def _should_have_left(said: dict[str, tuple[datetime | None, int]]) -> datetime | None:
    """Since when the oldest unsent email is overdue; None if none is.

    A due email counts from its due time: it may be old and sent again by an admin. A deferred one waits for its next
    attempt, which says nothing about the others; but if none was sent since it was queued, none is sent at all. While
    sending is paused, none is.
    """
    pauses = [at for name, (at, _count) in said.items() if name.startswith(PAUSED)]
    refused, last_left = _moment(said, REFUSED), _moment(said, EMAIL)
    if refused and last_left and last_left > refused:
        refused = None
    return min(filter(None, [_moment(said, DUE), _moment(said, IN_HAND), refused, *pauses]), default=None)
