"""The members who let the representatives of a place, or of a chapter, see something of them."""

from typing import NamedTuple

from django import template
from django.core.paginator import Paginator
from django.db.models import Q

from members.applications.status_code import STANDINGS
from members.models import Sharing
from members.self_service.sharing import words_of
from s4jr.audit.models import AccessLog

register = template.Library()

ON_A_PAGE = 25
WELCOMED = [status for status, standing in STANDINGS.items() if standing == "welcomed"]


class ShownMember(NamedTuple):
    """Pairs (label, words) of what a member lets be seen, and since when. Never an address."""

    facts: list
    since: object


@register.simple_tag
def shown_members(term, page_number, to):
    """`{% shown_members term request.GET.page to=request.user as page %}`: a page of ShownMember, the newest first.

    What is encrypted is opened here, so it is noted in the access log whose details were shown to whom.
    """
    page = Paginator(_sharings_with(term), ON_A_PAGE).get_page(page_number)
    sharings = list(page.object_list)
    page.object_list = [shown for sharing in sharings if (shown := _shown(sharing)).facts]
    _note(sharings, to)
    return page


def _sharings_with(term):
    """With whom somebody serves, and only while the member is of that place or chapter."""
    if term.chapter_id:
        whose = Q(chapter=term.chapter_id, member__chapter=term.chapter_id)
    else:
        place = term.region
        whose = Q(region=place) & (Q(member__region=place) | Q(member__region="", member__country=place))
    shared = Sharing.objects.filter(whose, member__status__in=WELCOMED).select_related("member")
    return shared.order_by("-since", "-pk")


def _shown(sharing):
    names = sharing.fields.split()
    pairs = [(label, words_of(sharing.member, name)) for name, label in Sharing.Field.choices if name in names]
    return ShownMember([(label, words) for label, words in pairs if words], sharing.since)


def _note(sharings, who):
    opened, members = AccessLog.Action.OPENED, [sharing.member for sharing in sharings]
    fields = sorted({name for sharing in sharings for name in sharing.fields.split()})
    AccessLog.objects.note(who=who, action=opened, records=members, field_names=fields)
