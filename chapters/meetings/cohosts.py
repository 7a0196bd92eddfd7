"""Services that change who hosts a series. Each writes the access log."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from chapters.meetings.permissions import owns_series, possible_hosts
from chapters.models import MeetingHost, MeetingSeries
from s4jr.accounts.models import User
from s4jr.audit.models import AccessLog
from s4jr.audit.services import log_access

CHANGED = AccessLog.Action.CHANGED


@transaction.atomic
def add_host(series: MeetingSeries, user_pk: int, *, by: User) -> bool:
    """Lets a representative or an Editor manage this series. False if they do already, or may host nothing."""
    user = possible_hosts().filter(pk=user_pk).first()
    if user is None:
        return False
    is_new = MeetingHost.objects.get_or_create(series=series, user=user)[1]
    if is_new:
        log_access(who=by, action=CHANGED, records=[series], field_names=["hosts"])
    return is_new


@transaction.atomic
def remove_host(host: MeetingHost, *, by: User) -> int:
    """Takes a host off their series; with `by` themselves they step back. Returns 0 if it was done already.

    Raises PermissionDenied if `by` is a co-host from elsewhere who takes off another host.
    """
    if host.user_id != by.pk and not owns_series(by, host.series):
        raise PermissionDenied
    gone = MeetingHost.objects.filter(pk=host.pk).delete()[0]
    if gone:
        log_access(who=by, action=CHANGED, records=[host.series], field_names=["hosts"])
    return gone


def show_host(series: MeetingSeries, user: User, name: str) -> int:
    """Sets the name under which a host is named on the page of the series; "" names them no more.

    Only they call it: it is their consent. Returns how many rows changed.
    """
    return MeetingHost.objects.filter(series=series, user=user).update(shown_name=name)
