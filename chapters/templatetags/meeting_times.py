from datetime import datetime

from django import template

from chapters.meetings import timezones

register = template.Library()
register.filter(timezones.full_day)


@register.filter
def day_and_time(moment: datetime, zone: str) -> str:
    """`{{ change.starts_at|day_and_time:series.zone }}`"""
    return timezones.day_and_time(zone, moment)
