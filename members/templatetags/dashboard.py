from django import template

from chapters.representatives.reachability import email_states
from members.review.dashboard import waiting_for
from members.review.statistics import this_week as this_week_now

register = template.Library()


@register.simple_tag
def this_week():
    """`{% this_week as week %}`: see `members.review.statistics.ThisWeek`."""
    return this_week_now()


@register.simple_tag(takes_context=True)
def waiting_work(context):
    """`{% waiting_work as waiting %}`: what waits for this person, see `members.review.dashboard.Waiting`."""
    return waiting_for(context["user"])


@register.simple_tag(takes_context=True)
def own_emails(context):
    """`{% own_emails as emails %}`: whether our emails reach whoever looks, see
    `chapters.representatives.reachability.EmailState`.
    """
    user = context["user"]
    return email_states([user])[user.pk]
