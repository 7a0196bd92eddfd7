"""What beat sees to every minute or two: places, letters, forgetting. It may run twice at once and stop anywhere."""

from django.utils import timezone

from members.models import Attendance


def mind_the_meetings(now=None):
    """See to all evenings. Returns {what: how many}, of what there was any."""
    now, rows = now or timezone.now(), Attendance.objects.all()
    done = {
        "let go": rows.let_go_of_those_who_left(),
        "moved up": rows.mind_the_lines(now),
        "told of a change": rows.tell_of_changes(now),
        "links": rows.send_links(now),
        "reminders": rows.send_reminders(now),
        "needs emptied": rows.empty_needs(now),
        "guests forgotten": rows.forget_guests(now),
    }
    return {what: count for what, count in done.items() if count}
