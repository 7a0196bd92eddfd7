from datetime import datetime

from django import template

from chapters.meetings import timezones
from chapters.models import Meeting

register = template.Library()
register.filter(timezones.full_day)


@register.filter
def in_full(moment: datetime, zone: str) -> str:
    """The same with the name of the time zone."""
    return timezones.in_full(zone, moment)


@register.filter
def day_and_time(moment: datetime, zone: str) -> str:
    """`{{ change.starts_at|day_and_time:series.zone }}`"""
    return timezones.day_and_time(zone, moment)


@register.filter
def when_for(meeting: Meeting, zone: str) -> str:
    """`{{ meeting|when_for:own.zone }}`: its time, and that of the reader's time zone where its clock differs."""
    return meeting.when_for(zone)
