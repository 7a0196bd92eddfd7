"""The meetings of one person as lists: upcoming ones with an entry for each series, and past ones with notes."""

from dataclasses import dataclass
from typing import Any

from chapters.meetings.place_zones import zone_of_representative
from chapters.meetings.querysets import MeetingQuerySet
from chapters.meetings.series_list import Entry, EntryPage, entry_page
from chapters.models import Meeting, Representative
from members.models import Member, Rsvp
from members.rsvps.page_context import may_come_to
from members.rsvps.reader_zones import zone_of_member
from s4jr.accounts.models import User

#: Past meetings with notes beside the upcoming ones.
PAST_AT_MOST = 6


@dataclass(frozen=True)
class OwnDate:
    """A meeting, and the person's RSVP or None."""

    meeting: Meeting
    row: Rsvp | None


@dataclass(frozen=True)
class OwnEntry:
    """A series with its next dates, or a single meeting: then `rule` is "" and `others` is empty."""

    next: OwnDate
    others: list[OwnDate]
    rule: str


@dataclass(frozen=True)
class OwnList:
    """The entries of `page` with the person's RSVPs. `zone` is the person's time zone; "" if it is not known."""

    entries: list[OwnEntry]
    page: EntryPage
    zone: str = ""


def next_of(member: Member) -> OwnList:
    """The member's next meetings."""
    return own_list(may_come_to(member).upcoming(), zone=zone_of_member(member), member=member)


def next_of_representative(user: User) -> OwnList:
    """The representative's next meetings."""
    return own_list(_of_representative(user).upcoming(), zone=zone_of_representative(user), user=user)


def past_of_representative(user: User) -> list[Meeting]:
    """The latest representatives' meetings that have notes."""
    return list(_of_representative(user).past().with_notes()[:PAST_AT_MOST])


def own_list(meetings: MeetingQuerySet, number: int = 1, zone: str = "", **who: Any) -> OwnList:
    """One page of these upcoming meetings with the RSVPs of `who`. Three queries, however many there are."""
    page = entry_page(meetings, number)
    shown = [meeting for entry in page.entries for meeting in (entry.meeting, *entry.others)]
    mine = Rsvp.objects.filter(**who, meeting__in=shown).only("meeting", "state")
    rows = {row.meeting_id: row for row in mine}
    return OwnList([_own_entry(entry, rows) for entry in page.entries], page, zone)


def _own_entry(entry: Entry, rows: dict[Any, Rsvp]) -> OwnEntry:
    others = [OwnDate(meeting, rows.get(meeting.pk)) for meeting in entry.others]
    return OwnEntry(OwnDate(entry.meeting, rows.get(entry.meeting.pk)), others, entry.rule)


def _of_representative(user: User) -> MeetingQuerySet:
    return Meeting.objects.for_representatives(list(Representative.objects.serving().filter(user=user)))
