"""What beat sees to every minute or two: places, emails, forgetting. It may run twice at once and stop anywhere."""

from functools import partial

from django.utils import timezone

from members.models import Rsvp
from s4jr.steps import run_steps


def keep_rsvps_up_to_date(now=None):
    """See to all meetings. Returns {what: how many}, of what there was any. One step that fails stops no other."""
    now, rows = now or timezone.now(), Rsvp.objects.all()
    return run_steps(
        {
            "let go": rows.cancel_rsvps_of_former_members,
            "moved up": partial(rows.promote_waitlists, now),
            "told of a change": partial(rows.tell_of_changes, now),
            "links": partial(rows.send_links, now),
            "reminders": partial(rows.send_reminders, now),
            "needs emptied": partial(rows.empty_needs, now),
            "guests forgotten": partial(rows.forget_guests, now),
        }
    )
