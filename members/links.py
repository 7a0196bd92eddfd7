"""Creates and uses one-time links. `MemberLinkQuerySet` finds the link of a token."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from members.models import Member, MemberLink
from members.querysets import MEMBER_LINKS
from s4jr.mail.link_clocks import MADE_WITHIN
from s4jr.mail.models import OutgoingEmail


def make_links(
    members: Iterable[Member],
    purpose: str,
    lasting: timedelta,
    *,
    to_index: str | None = None,
    by_link_alone: bool = False,
) -> list[str]:
    """Creates one link of a purpose for each member. Returns the tokens in order.

    Each link is bound to the member's current address, or to the one whose blind index is `to_index`.
    """
    how = {"to_index": to_index, "by_link_alone": by_link_alone}
    return _save_links([_fresh_link(member, purpose, lasting, **how) for member in members])


def make_links_for(member: Member, lasting: dict[MemberLink.Purpose, timedelta]) -> list[str]:
    """Creates one link of each purpose for one member. Returns the tokens in the order of `lasting`."""
    return _save_links([_fresh_link(member, purpose, time) for purpose, time in lasting.items()])


def _fresh_link(
    member: Member, purpose: str, lasting: timedelta, *, to_index: str | None = None, by_link_alone: bool = False
) -> tuple[str, MemberLink]:
    """Returns the token and the unsaved `MemberLink`."""
    (token, token_hash), now = MEMBER_LINKS.new(), timezone.now()
    return token, MemberLink(
        member=member,
        purpose=purpose,
        token_hash=token_hash,
        to_index=to_index or member.email_index,
        created_at=now,
        expires_at=now + lasting,
        by_link_alone=by_link_alone,
    )


def _save_links(pairs: list[tuple[str, MemberLink]]) -> list[str]:
    MemberLink.objects.bulk_create([link for _token, link in pairs])
    return [token for token, _link in pairs]


def use_link(link: MemberLink) -> bool:
    """Marks this link as used. Returns False if it was used before."""
    return MemberLink.objects.filter(pk=link.pk, used_at=None).update(used_at=timezone.now()) == 1


def start_open_link(email: OutgoingEmail, waited: timedelta) -> int:
    """Gives the sign-in link in an email that was sent late the time that it waited. Returns how many links."""
    number = email.about.removeprefix("member ")
    links = MemberLink.objects.filter(member__number=number, purpose=MemberLink.Purpose.OPEN, used_at=None)
    made_with_it = links.filter(created_at__range=(email.created_at - MADE_WITHIN, email.created_at))
    return made_with_it.update(expires_at=F("expires_at") + waited)
