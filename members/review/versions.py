"""Which version of an application an admin has read. Nobody decides about one that changed since: it is shown again."""

from collections.abc import Sequence

from django.db.models import CharField, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.http import HttpRequest

from members.models import Member
from s4jr.accounts.models import User
from s4jr.audit.models import AccessLog
from s4jr.audit.querysets import AccessLogQuerySet

#: An opening counts as reading only where it showed what somebody wrote: this field, and then the version.
WORDS, MARK = "message", "version:"


def with_version(member: Member, field_names: Sequence[str]) -> list[str]:
    """What the access log holds of an opening: the names of the fields, and of which version they were."""
    return [*field_names, f"{MARK}{member.version}"]


def openings_by(user: User, number: str | OuterRef) -> AccessLogQuerySet:
    """The rows of the access log with which `user` opened the member of this number (or OuterRef)."""
    return AccessLog.objects.filter(
        user_id=user.pk,
        action=AccessLog.Action.OPENED,
        object_kind=Member._meta.label_lower,
        object_id=number,
    )


def of_this_version() -> dict[str, Concat]:
    """A lookup, in a subquery of members, for the openings that showed the words of the outer row's version."""
    version = Cast(OuterRef("version"), CharField())
    return {"field_names__endswith": Concat(Value(f"{WORDS} {MARK}"), version)}


def changed_since_seen(request: HttpRequest, member: Member) -> bool:
    """Whether `member` is another version than the page showed from which this request comes.

    A page names its version. A request that names none is about what this person opened last.
    """
    seen = request.POST.get("version") or request.GET.get("version")
    if seen:
        return seen != str(member.version)
    opened = openings_by(request.user, member.number)
    return opened.exists() and not opened.filter(field_names__endswith=f"{WORDS} {MARK}{member.version}").exists()


def changed_meanwhile(member: Member) -> bool:
    """Whether somebody changed `member` after it was read from the database for this request."""
    return not member.as_read.exists()
