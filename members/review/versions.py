"""Which version of an application an admin has read. Nobody decides about one that changed since: it is shown again."""

from django.db.models import CharField, OuterRef, Value
from django.db.models.functions import Cast, Concat

from members.models import Member
from s4jr.audit.models import AccessLog

#: An opening counts as reading only where it showed what somebody wrote: this field, and then the version.
WORDS, MARK = "message", "version:"


def with_version(member, field_names):
    """What the access log holds of an opening: the names of the fields, and of which version they were."""
    return [*field_names, f"{MARK}{member.version}"]


def openings_by(user, number):
    """The rows of the access log with which `user` opened the member of this number (or OuterRef)."""
    return AccessLog.objects.filter(
        user_id=user.pk,
        action=AccessLog.Action.OPENED,
        object_kind=Member._meta.label_lower,
        object_id=number,
    )


def of_this_version():
    """A lookup, in a subquery of members, for the openings that showed the words of the outer row's version."""
    version = Cast(OuterRef("version"), CharField())
    return {"field_names__endswith": Concat(Value(f"{WORDS} {MARK}"), version)}


def changed_since_seen(request, member):
    """Whether `member` is another version than the page showed from which this request comes.

    A page names its version. A request that names none is about what this person opened last.
    """
    seen = request.POST.get("version") or request.GET.get("version")
    if seen:
        return seen != str(member.version)
    opened = openings_by(request.user, member.number)
    return opened.exists() and not opened.filter(field_names__endswith=f"{WORDS} {MARK}{member.version}").exists()


def changed_meanwhile(member):
    """Whether somebody changed `member` after it was read from the database for this request."""
    return not Member.objects.filter(pk=member.pk, version=member.version).exists()
