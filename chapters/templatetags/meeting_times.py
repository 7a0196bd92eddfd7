from django import template

from chapters.meetings import timezones

register = template.Library()
register.filter(timezones.full_day)


@register.filter
def day_and_time(moment, zone):
    """`{{ change.starts_at|day_and_time:series.zone }}`"""
    return timezones.day_and_time(zone, moment)
