"""Who comes to a meeting, for the pages of places: they know no members."""

from operator import attrgetter
from typing import NamedTuple

from django import template
from django.db.models import Count, Q

from members.models import Rsvp
from members.rsvps import page_context
from s4jr.audit.models import AccessLog
from s4jr.crypto.fields import readable_rows

State = Rsvp.State
register = template.Library()


class WhoComes(NamedTuple):
    """For a host: how many come, how many wait for a place, and what would help those who come. No names."""

    going: int
    waiting: int
    needs: list


@register.inclusion_tag("members/rsvps/_rsvp.html")
def rsvp_block(meeting):
    """`{% rsvp_block meeting %}`: the way to say that one comes, on the page of a meeting for everybody."""
    return {"meeting": meeting}


@register.inclusion_tag("members/rsvps/_who_comes.html", takes_context=True)
def who_comes(context, meeting):
    """`{% who_comes meeting %}`: for the host. What is encrypted is opened here, so it is noted in the access log."""
    everybody = Rsvp.objects.filter(meeting=meeting)
    told = readable_rows(everybody.going().only("needs").order_by("pk"), attrgetter("needs"))
    needs = [row.needs for row in told if row.needs]
    opened = AccessLog.Action.OPENED
    if needs:
        AccessLog.objects.note(who=context["user"], action=opened, records=[meeting], field_names=["needs"])
    counted = everybody.aggregate(going=_count(State.GOING), waiting=_count(State.WAITING))
    return {"who": WhoComes(**counted, needs=needs), "meeting": meeting}


def _count(state):
    return Count("pk", filter=Q(state=state))


@register.simple_tag
def meetings_of(member):
    """`{% meetings_of member as meetings %}`: (meeting, when, their Rsvp or None) of the next ones."""
    return page_context.next_of(member)


@register.inclusion_tag("members/rsvps/_of_representatives.html")
def meetings_of_representatives(user):
    """`{% meetings_of_representatives user %}`: the next ones somebody may come to as a representative."""
    return {"meetings": page_context.next_of_representative(user)}
