"""The members who share something with the representatives of a place or chapter."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from chapters.models import Representative
from members.applications.status_code import WELCOMED
from members.models import Sharing
from members.self_service.sharing import words_of
from s4jr.audit.models import AccessLog
from s4jr.audit.services import log_access
from s4jr.providers import Section

ON_A_PAGE = 25


class SharedMember(NamedTuple):
    """Pairs (label, words) of what a member shares, and since when. Never an address."""

    facts: list[tuple[str, str]]
    since: date


@dataclass(frozen=True)
class SharedMembers(Section):
    """A page of `SharedMember`, newest first."""

    page: Page


def shared_members_section(request: HttpRequest, term: Representative) -> SharedMembers:
    """The page in `?page=`. Writes to the access log whose information was shown to whom."""
    page = Paginator(_sharings_with(term), ON_A_PAGE).get_page(request.GET.get("page"))
    sharings = list(page.object_list)
    # Django takes any sequence here; the stubs know only a QuerySet.
    shown = [member for sharing in sharings if (member := _shown_member(sharing)).facts]
    page.object_list = shown  # pyright: ignore[reportAttributeAccessIssue]
    _note_opened(sharings, request.user)
    return SharedMembers("members/_shared_members.html", page)


def _sharings_with(term: Representative) -> QuerySet[Sharing]:
    """What is shared with this representative, as long as the member belongs to that place or chapter."""
    if term.chapter_id:
        whose = Q(chapter=term.chapter_id, member__chapter=term.chapter_id)
    else:
        place = term.region
        whose = Q(region=place) & (Q(member__region=place) | Q(member__region="", member__country=place))
    shared = Sharing.objects.filter(whose, member__status__in=WELCOMED).select_related("member")
    return shared.order_by("-since", "-pk")


def _shown_member(sharing: Sharing) -> SharedMember:
    names = sharing.fields.split()
    pairs = [(label, words_of(sharing.member, name)) for name, label in Sharing.Field.choices if name in names]
    return SharedMember([(label, words) for label, words in pairs if words], sharing.since)


def _note_opened(sharings: list[Sharing], who: AbstractBaseUser | AnonymousUser) -> None:
    opened, members = AccessLog.Action.OPENED, [sharing.member for sharing in sharings]
    fields = sorted({name for sharing in sharings for name in sharing.fields.split()})
    log_access(who=who, action=opened, records=members, field_names=fields)
