"""Opening a record: with a reason, written down before it is shown, and not without end."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import timezone

from members import telling
from members.models import Member
from members.versions import of_this_version, openings_by, with_version
from s4jr.privacy.models import AccessLog

Action = AccessLog.Action
#: So many unopened records are named to somebody; more than that nobody would go and open one by one.
NAMED_AT_MOST = 50


class TooManyOpenings(Exception):
    """More records were opened within an hour, and not decided, than anybody needs to."""


def open_record(user, member, field_names, reason):
    """Write down that `user` opens `member`. Past OPENINGS_AN_HOUR the other admins are told: TooManyOpenings."""
    if openings_without_a_decision(user) >= settings.OPENINGS_AN_HOUR:
        telling.tell_of_openings(user)
        raise TooManyOpenings
    names = with_version(member, field_names)
    AccessLog.objects.note(who=user, action=Action.OPENED, records=[member], field_names=names, reason=reason)


def openings_without_a_decision(user):
    """How many records this person opened in the last hour and has not decided since."""
    mine = AccessLog.objects.filter(who=user.get_username(), object_kind=Member._meta.label_lower)
    decided = mine.filter(action=Action.DECIDED, object_id=OuterRef("object_id"), pk__gt=OuterRef("pk"))
    lately = mine.filter(action=Action.OPENED, at__gt=timezone.now() - timedelta(hours=1))
    return lately.filter(~Exists(decided)).count()


def never_opened(user, members):
    """The first NAMED_AT_MOST numbers among `members` (a QuerySet) that this person has not opened as they are now."""
    opened = openings_by(user, OuterRef("number")).filter(**of_this_version())
    unopened = members.filter(~Exists(opened)).order_by("number")
    return list(unopened.values_list("number", flat=True)[:NAMED_AT_MOST])
