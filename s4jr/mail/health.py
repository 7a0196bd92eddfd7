"""Do emails leave? Asked by `/readyz`, by the banner in the admin and by `manage.py status`."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Min, Value
from django.utils import timezone

from s4jr.mail.models import Heartbeat, OutgoingEmail

BEAT_DEAD_AFTER = timedelta(minutes=10)
#: Names of heartbeats: beat ran; an email left.
BEAT, EMAIL = "beat", "email"
#: What else is asked beside them: emails that are due, refused for now, in a sender's hands, or need somebody.
DUE, REFUSED, IN_HAND, NEEDING = "due", "refused", "in hand", "needing somebody"


@dataclass(frozen=True)
class MailHealth:
    """`late` is the age of the oldest email that should have left, or None; `beat_age` is None if beat never ran."""

    late: timedelta | None
    beat_age: timedelta | None
    needing_somebody: int

    @property
    def leaves(self):
        return self.late is None

    @property
    def beats(self):
        return self.beat_age is not None and self.beat_age < BEAT_DEAD_AFTER

    @property
    def is_well(self):
        return self.leaves and self.beats


def note(name):
    """Remember that the heartbeat of this name was heard now."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": timezone.now()})


def mail_health():
    """The MailHealth of this moment, in one query of short look-ups, however many emails have been sent."""
    now = timezone.now()
    said = {name: (at, count) for name, at, count in _heartbeats_and_emails(now)}
    since, last_beat = _should_have_left(said), _moment(said, BEAT)
    is_late = since and now - since > timedelta(minutes=settings.MAIL_LATE_AFTER_MINUTES)
    return MailHealth(
        late=now - since if is_late else None,
        beat_age=last_beat and now - last_beat,
        needing_somebody=said[NEEDING][1],
    )


def _heartbeats_and_emails(now):
    """Rows of (name, moment, count): the heartbeats, and the oldest email of each kind that counts here.

    Each kind has an index of its own. A single question about all emails on their way reads every email there is.
    """
    emails = OutgoingEmail.objects.order_by()
    pending = emails.filter(state=OutgoingEmail.State.PENDING)
    kinds = [
        _row(pending.filter(next_attempt_at__lte=now), DUE, Min("next_attempt_at")),
        _row(pending.filter(next_attempt_at__gt=now), REFUSED, Min("created_at")),
        _row(emails.in_hand(), IN_HAND, Min("next_attempt_at")),
        _row(emails.needing_somebody(), NEEDING, Min("created_at"), Count("pk")),
    ]
    heartbeats = Heartbeat.objects.order_by().annotate(count=Value(0))
    return heartbeats.values_list("name", "at", "count").union(*kinds, all=True)


def _row(emails, name, at, count=None):
    named = emails.annotate(row=Value(name)).values("row")
    return named.annotate(oldest=at, count=count or Value(0)).values_list("row", "oldest", "count")


def _moment(said, name):
    return said.get(name, (None, 0))[0]


def _should_have_left(said):
    """Since when the oldest email should be gone that is not; None where each has its time.

    One whose time has come counts from then: it may be old, and sent again by somebody's press. One that was refused
    waits for its next try, which says nothing of the others; but if none has left since it was written, none leaves.
    """
    refused, last_left = _moment(said, REFUSED), _moment(said, EMAIL)
    if refused and last_left and last_left > refused:
        refused = None
    return min(filter(None, [_moment(said, DUE), _moment(said, IN_HAND), refused]), default=None)
