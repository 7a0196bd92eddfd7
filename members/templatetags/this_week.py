from django import template

from members.this_week import this_week as this_week_now
from members.this_week import waiting_enquiries as enquiries_waiting_for

register = template.Library()


@register.simple_tag
def this_week():
    """`{% this_week as week %}`: see `members.this_week.ThisWeek`."""
    return this_week_now()


@register.simple_tag(takes_context=True)
def waiting_enquiries(context):
    """`{% waiting_enquiries as enquiries %}`: see `members.this_week.WaitingEnquiries`; None who reads none."""
    return enquiries_waiting_for(context["user"])
