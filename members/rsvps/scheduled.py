"""What Celery beat runs every minute or two: spots, emails, erasure. Safe to run twice at once or interrupt."""

from datetime import datetime, timedelta
from functools import partial

from django.utils import timezone

from chapters.meetings.venue_retention import empty_past_venues
from members.rsvps import notifications, services, waitlist
from s4jr.steps import run_steps

#: How far back each run looks for venues to empty. `purge` looks at all of them.
LATELY = timedelta(days=3)


def keep_rsvps_up_to_date(now: datetime | None = None) -> dict[str, int]:
    """Runs all steps. Returns {step: count} without zeros. A failed step does not stop the others."""
    now = now or timezone.now()
    return run_steps(
        {
            "let go": services.cancel_rsvps_of_former_members,
            "moved up": partial(waitlist.promote_waitlists, now),
            "told of a change": partial(notifications.tell_of_changes, now),
            "told of notes": partial(notifications.tell_of_notes, now),
            "links": partial(notifications.send_links, now),
            "reminders": partial(notifications.send_reminders, now),
            "needs emptied": partial(services.empty_needs, now),
            "venues emptied": partial(empty_past_venues, now, within=LATELY),
            "guests forgotten": partial(services.erase_past_guests, now),
        }
    )
