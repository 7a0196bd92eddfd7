"""A member's personal calendar feed at a secret URL. It sets no cookie and never contains a meeting link."""

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from chapters.meetings.calendar_files import calendar_of, neutrally, openly
from chapters.meetings.querysets import MeetingQuerySet
from chapters.models import Meeting
from members.models import CredentialChange, OwnCalendar, Rsvp
from members.rsvps.page_context import may_come_to
from members.rsvps.personal_calendar import find_calendar
from s4jr.conversations.choices import Contact

#: How long past meetings stay in the feed, so that they don't vanish from calendars right away.
KEPT = timedelta(days=30)


@require_safe
def own_calendar(request: HttpRequest, secret: str) -> HttpResponse:
    found = find_calendar(secret)
    if found is None:
        raise Http404
    titles = by_name if found.member.contact == Contact.YES else neutrally
    calendar = calendar_of(_meetings(found), titles=titles, name=_("Meetings"))
    response = HttpResponse(calendar, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="meetings.ics"'  # not the secret of the URL
    return response


def by_name(meeting: Meeting) -> dict[str, str]:
    """The calendar entry of a meeting with its title. Only public meetings have a page to link to."""
    if meeting.audience == Meeting.Audience.PUBLIC:
        return openly(meeting)
    words = "\n\n".join(filter(None, [meeting.topic, meeting.words]))
    return {"summary": meeting.title, **({"description": words} if words else {})}


def _meetings(found: OwnCalendar | CredentialChange) -> MeetingQuerySet:
    lately = may_come_to(found.member).upcoming(timezone.now() - KEPT)
    if found.shows == OwnCalendar.Shows.ALL:
        return lately
    return lately.filter(pk__in=Rsvp.objects.going().filter(member=found.member).values("meeting"))
