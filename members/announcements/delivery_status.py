"""The delivery status of an announcement."""

from collections import Counter
from dataclasses import asdict, dataclass

from django.db.models import Count

from members.announcements.audience import audience_of
from members.models import Announcement
from members.ranges import Range, range_of
from s4jr.mail.models import OutgoingEmail


@dataclass(frozen=True)
class Progress:
    """Counts of people and emails. `forgotten` emails were written, but retention has erased their rows.

    `failed` could not be delivered, `unknown` may have arrived: both are listed among the emails, where admins decide.
    """

    meant_for: int
    to_go: int
    written: int
    waiting: int
    sent: int
    failed: int
    unknown: int
    canceled: int
    forgotten: int

    @property
    def settled(self) -> int:
        """Emails with a final state, including an unknown outcome."""
        return self.written - self.waiting

    @property
    def all(self) -> int:
        """The value of `settled` at the end, for the audience as it is now."""
        return max(1, self.written + self.to_go)


def progress_of(announcement: Announcement) -> Progress:
    """The current Progress, in two queries."""
    states, audience = OutgoingEmail.State, audience_of(announcement)
    emails = OutgoingEmail.objects.filter(batch=announcement.batch).order_by()
    counts = Counter(dict(emails.values_list("state").annotate(Count("pk"))))
    moves_on = announcement.state in (announcement.State.SENDING, announcement.State.PAUSED)
    return Progress(
        meant_for=announcement.meant_for,
        to_go=audience.left(announcement.reached) if moves_on else 0,
        written=announcement.written,
        waiting=counts[states.PENDING] + counts[states.CLAIMED] + counts[states.COMMITTING],
        sent=counts[states.SENT],
        failed=counts[states.FAILED] + counts[states.BOUNCED] + counts[states.RETURNED],
        unknown=counts[states.UNKNOWN],
        canceled=counts[states.CANCELED],
        forgotten=max(0, announcement.written - counts.total()),
    )


def in_ranges(progress: Progress, announcement: Announcement) -> dict[str, Range | None]:
    """The numbers of a Progress as admins see them, by name; None for 0.

    The emails of several groups that are as many as the lowest of what is shown of the recipients are shown as these:
    a range of their own would say how many are in the groups together.
    """
    recipients = announcement.recipients
    numbers = {**asdict(progress), "settled": progress.settled, "all": progress.all}
    is_all = {name: announcement.has_several_groups and number >= recipients.least for name, number in numbers.items()}
    ranges = {name: recipients if is_all[name] else range_of(number) for name, number in numbers.items()}
    return {name: ranges[name] if numbers[name] else None for name in ranges}
