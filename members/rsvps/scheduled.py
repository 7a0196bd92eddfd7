"""What beat sees to every minute or two: places, emails, erasing. It may run twice at once and stop anywhere."""

from datetime import datetime
from functools import partial

from django.utils import timezone

from members.rsvps import notifications, services, waitlist
from s4jr.steps import run_steps


def keep_rsvps_up_to_date(now: datetime | None = None) -> dict[str, int]:
    """See to all meetings. Returns {what: how many}, of what there was any. One step that fails stops no other."""
    now = now or timezone.now()
    return run_steps(
        {
            "let go": services.cancel_rsvps_of_former_members,
            "moved up": partial(waitlist.promote_waitlists, now),
            "told of a change": partial(notifications.tell_of_changes, now),
            "links": partial(notifications.send_links, now),
            "reminders": partial(notifications.send_reminders, now),
            "needs emptied": partial(services.empty_needs, now),
            "guests forgotten": partial(services.erase_past_guests, now),
        }
    )
