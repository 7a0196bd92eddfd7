"""What pages say about the spots of a meeting: whether all are taken, and a person's place on the waitlist.

Never how many people are going, nor how many spots there are: with that number, a stranger who fills a meeting with
guests would know how many members are going.
"""

from django.utils.translation import gettext as _

from chapters.models import Meeting
from members.models import Rsvp


def full_words(meeting: Meeting) -> str:
    """A sentence if all spots are taken; "" otherwise. One query if the meeting has a limit."""
    if meeting.capacity is None or meeting.is_over or meeting.is_canceled:
        return ""
    if Rsvp.objects.filter(meeting=meeting).going().count() < meeting.capacity:
        return ""
    return _("All spots are taken. You can join the waitlist.")


def waitlist_words(row: Rsvp | None) -> str:
    """This person's place on the waitlist: "You’re third on the waitlist."; "" if they are not on it."""
    if row is None or row.state != Rsvp.State.WAITING:
        return ""
    line = Rsvp.objects.filter(meeting=row.meeting_id).waiting()
    number = line.filter(place_in_line__lt=row.place_in_line).count() + 1
    first = {
        1: _("You’re first on the waitlist."),
        2: _("You’re second on the waitlist."),
        3: _("You’re third on the waitlist."),
    }
    return first.get(number) or _("You’re number %(number)s on the waitlist.") % {"number": number}
