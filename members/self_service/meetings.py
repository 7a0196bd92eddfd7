"""The meetings that a member may attend, and their times in words."""

from collections.abc import Callable, Sequence

from django.utils import translation
from django.utils.translation import gettext

from chapters.models import Meeting
from chapters.regions import place_and_country
from members.models import Member

SHOWN_AT_MOST = 5


def next_for(member: Member) -> list[Meeting]:
    """The next meetings that this member may attend, at most SHOWN_AT_MOST."""
    place = member.region or member.country
    mine = Meeting.objects.upcoming().taking_place().for_members(region=place, chapter=member.chapter_id)
    return list(mine[:SHOWN_AT_MOST])


def next_for_each(members: Sequence[Member]) -> Callable[[Member], Meeting | None]:
    """A function from each of these members to their next meeting, or None. One query for any number of members."""
    open_to_members = [Meeting.Audience.PUBLIC, Meeting.Audience.MEMBERS]
    to_come = list(Meeting.objects.upcoming().taking_place().filter(audience__in=open_to_members)) if members else []
    return lambda member: next((meeting for meeting in to_come if _is_for(meeting, member)), None)


def _is_for(meeting: Meeting, member: Member) -> bool:
    """The same rule as `MeetingQuerySet.for_members`, for an instance."""
    if meeting.chapter_id:
        return meeting.chapter_id == member.chapter_id
    return meeting.region in ("", *place_and_country(member.region or member.country))


def in_a_sentence(meeting: Meeting | None, language: str) -> str:
    """A sentence for an email about when the next meeting is. It does not say what the meeting is about."""
    with translation.override(language):
        if meeting is None:
            return gettext("No date is set yet. We will email you.")
        return gettext("The next meeting is on %(when)s.") % {"when": meeting.when}
