"""The meetings a member may come to, and when they are, in words."""

from django.utils import translation
from django.utils.translation import gettext

from chapters.models import Meeting

SHOWN_AT_MOST = 5


def next_for(member):
    """The next meetings this member may come to, a handful."""
    place = member.region or member.country
    mine = Meeting.objects.upcoming().taking_place().for_members(region=place, chapter=member.chapter_id)
    return list(mine[:SHOWN_AT_MOST])


def next_for_each(members):
    """A function from each of many members to their next meeting, or None. One query however many there are."""
    open_to_members = [Meeting.Audience.PUBLIC, Meeting.Audience.MEMBERS]
    to_come = list(Meeting.objects.upcoming().taking_place().filter(audience__in=open_to_members)) if members else []
    return lambda member: next((meeting for meeting in to_come if _is_for(meeting, member)), None)


def _is_for(meeting, member):
    """What `MeetingQuerySet.for_members` asks the database, for one meeting in hand."""
    if meeting.chapter_id:
        return meeting.chapter_id == member.chapter_id
    return meeting.region in ("", member.region or member.country)


def in_a_sentence(meeting, language):
    """For an email: when the next meeting is. It does not say what it is about."""
    with translation.override(language):
        if meeting is None:
            return gettext("No date is set yet. We will email you.")
        return gettext("The next meeting is on %(when)s.") % {"when": meeting.when}
