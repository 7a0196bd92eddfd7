from django import template

from members.this_week import this_week as this_week_now

register = template.Library()


@register.simple_tag
def this_week():
    """`{% this_week as week %}`: see `members.this_week.ThisWeek`."""
    return this_week_now()
