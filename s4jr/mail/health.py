"""Do letters leave? Asked by `/readyz`, by the banner in the admin and by `manage.py status`."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Min
from django.utils import timezone

BEAT_DEAD_AFTER = timedelta(minutes=10)


@dataclass(frozen=True)
class MailHealth:
    """`late` is the age of the oldest letter that should have left, or None; `beat_age` is None if beat never ran."""

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


def mail_health():
    """The MailHealth of this moment, in three short queries."""
    from s4jr.mail.models import Heartbeat, OutgoingEmail

    now = timezone.now()
    oldest = OutgoingEmail.objects.on_their_way().aggregate(oldest=Min("created_at"))["oldest"]
    beat = Heartbeat.objects.filter(name="beat").values_list("at", flat=True).first()
    is_late = oldest and now - oldest > timedelta(minutes=settings.MAIL_LATE_AFTER_MINUTES)
    return MailHealth(
        late=now - oldest if is_late else None,
        beat_age=now - beat if beat else None,
        needing_somebody=OutgoingEmail.objects.needing_somebody().count(),
    )
