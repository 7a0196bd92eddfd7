"""Which version of an application an admin has read. If it changed since, the page shows it again."""

from collections.abc import Sequence

from django.db.models import CharField, OuterRef, Value
from django.db.models.functions import Cast, Concat

from members.models import Member
from s4jr.accounts.models import User
from s4jr.accounts.requests import SignedInRequest
from s4jr.audit.models import AccessLog
from s4jr.audit.querysets import AccessLogQuerySet

#: An opening counts as reading only if it showed this field. The mark comes before the version.
WORDS, MARK = "message", "version:"


def with_version(member: Member, field_names: Sequence[str]) -> list[str]:
    """The field names of an opening for the access log, with the version of the application."""
    return [*field_names, f"{MARK}{member.version}"]


def openings_by(user: User, number: str | OuterRef) -> AccessLogQuerySet:
    """The access-log rows of `user` opening the member of this number (or OuterRef)."""
    return AccessLog.objects.filter(
        user_id=user.pk,
        action=AccessLog.Action.OPENED,
        object_kind=Member._meta.label_lower,
        object_id=number,
    )


def of_this_version() -> dict[str, Concat]:
    """A lookup, inside a subquery of members, for openings that showed the outer row's current text."""
    version = Cast(OuterRef("version"), CharField())
    return {"field_names__endswith": Concat(Value(f"{WORDS} {MARK}"), version)}


def changed_since_seen(request: SignedInRequest, member: Member) -> bool:
    """Whether `member` changed after the page that sent this request was rendered.

    A page sends its version. Without one, the last opening by this user counts.
    """
    seen = request.POST.get("version") or request.GET.get("version")
    if seen:
        return seen != str(member.version)
    opened = openings_by(request.user, member.number)
    return opened.exists() and not opened.filter(field_names__endswith=f"{WORDS} {MARK}{member.version}").exists()


def changed_meanwhile(member: Member) -> bool:
    """Whether another request changed `member` after it was loaded for this one."""
    return not member.as_read.exists()
