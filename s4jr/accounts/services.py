"""What admins do to users: invite them, change their role, address and access, delete them.

A role means staff: `is_staff` follows from the role and is set nowhere else. Only a superuser assigns roles, and no one
changes their own. Each function locks the row of the user and of the admin first, so that of two admins at the same
time the second sees what the first left, and an admin who just lost their own role can do nothing with it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from s4jr.accounts.invitations import issue_invitation
from s4jr.accounts.models import Invitation, User
from s4jr.accounts.sessions import end_sessions_of
from s4jr.accounts.trust import take_trust_away
from s4jr.audit import record_access
from s4jr.audit.models import AccessLog
from s4jr.audit.services import log_access
from s4jr.conflicts import ChangedMeanwhileError
from s4jr.crypto.blind_index import keyed_hash

COMMAND_LINE = "manage.py"
#: Fields that a role consists of. After a change of one of them, or of `is_active`, a user must sign in again.
ROLE_FIELDS = frozenset({"is_staff", "is_superuser", "groups"})
ENDS_SESSIONS = ROLE_FIELDS | {"is_active"}


@dataclass(frozen=True)
class Role:
    """What a user may do in the admin. Without either part it is no role: the user can't open the admin."""

    is_superuser: bool = False
    group_pks: frozenset[int] = frozenset()

    @property
    def is_staff(self) -> bool:
        return self.is_superuser or bool(self.group_pks)

    @property
    def groups(self) -> QuerySet[Group]:
        return Group.objects.filter(pk__in=self.group_pks)


NO_ROLE = Role()


@dataclass(frozen=True)
class UserChange:
    """What an admin sets for a user; None leaves a part as it is."""

    address: str | None = None
    is_active: bool | None = None
    role: Role | None = None


def version_of(user: User) -> str:
    """A keyed hash of what `UserChange` changes, 64 hex digits. It tells whether another admin changed it meanwhile."""
    groups = sorted(user.groups.values_list("pk", flat=True))
    shown = [user.address, user.is_active, user.is_staff, user.is_superuser, groups]
    return keyed_hash("version of a user", repr([str(value) for value in shown]))


@transaction.atomic
def invite_user(user: User, role: Role, *, by: User | str) -> str:
    """Save a new user with this role and no password. Returns a one-time link with which they set up their sign-in.

    `by` is COMMAND_LINE for a command. Raises PermissionDenied if it is an admin who may not assign the role.
    """
    _, admin = _lock_both(user, by)
    if role != NO_ROLE:
        _check_may_assign(user, admin)
    user.is_staff, user.is_superuser = role.is_staff, role.is_superuser
    user.set_unusable_password()
    user.save()
    user.groups.set(role.groups)
    _log_changed(user, by, ["username", "is_staff", "is_superuser", "groups"])
    if user.address and admin:
        _charge_address(user, admin)
    return issue_invitation(user=user, purpose=Invitation.Purpose.JOIN_STAFF, made_by=admin)


@transaction.atomic
def change_user(user: User, change: UserChange, *, by: User, seen: str = "") -> frozenset[str]:
    """Apply `change` to the saved user and return the names of the fields that differ now.

    `seen` is the `version_of` the page that the admin saw; an empty one is not checked. Raises ChangedMeanwhileError if
    another admin changed the user since, and PermissionDenied if the change is not for `by` to make.
    """
    saved, admin = _lock_both(user, by)
    if seen and seen != version_of(saved):
        raise ChangedMeanwhileError
    names = _set_role(saved, change.role, admin) | _set_active(saved, change.is_active, admin)
    names |= _set_address(saved, change.address, by)
    saved.save(update_fields=names - {"groups"})
    if names & ENDS_SESSIONS:
        end_sessions_of(saved)
    return frozenset(names)


@transaction.atomic
def delete_user(user: User, *, by: User) -> None:
    """Delete a user. Raises PermissionDenied if `by` is that user, or is no longer an admin."""
    saved, admin = _lock_both(user, by)
    _check_not_own(saved, admin)
    log_access(who=by, action=AccessLog.Action.ERASED, records=[saved])
    saved.delete()


@transaction.atomic
def end_sessions_of_group(group: Group) -> None:
    """End the sessions of a group's users. Superusers stay signed in: they may do everything without any group."""
    end_sessions_of(*User.objects.filter(groups=group, is_superuser=False))


@transaction.atomic
def delete_group(group: Group) -> None:
    """Delete a group and end the sessions of its users. Those who have no other role can't open the admin anymore."""
    users = list(User.objects.select_for_update(no_key=True).filter(groups=group, is_superuser=False).order_by("pk"))
    end_sessions_of(*users)
    group.delete()
    User.objects.filter(pk__in=[user.pk for user in users], groups=None).update(is_staff=False)


def _lock_both(user: User, by: User | str) -> tuple[User, User | None]:
    """Lock the rows of `user` and of the admin, always in the same order, and return them as they are saved now."""
    admin = by if isinstance(by, User) else None
    wanted = {person.pk for person in (user, admin) if person and person.pk}
    rows = User.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")
    saved = {person.pk: person for person in rows}
    if saved.keys() != wanted or (admin and not saved[admin.pk].is_active):
        raise PermissionDenied
    return saved.get(user.pk, user), saved[admin.pk] if admin else None


def _check_not_own(user: User, admin: User | None) -> None:
    if admin and user.pk == admin.pk:
        raise PermissionDenied


def _check_may_assign(user: User, admin: User | None) -> None:
    """Only a superuser assigns roles, and no one their own. A command is run by who manages the server."""
    _check_not_own(user, admin)
    if admin and not admin.is_superuser:
        raise PermissionDenied


def _set_role(user: User, role: Role | None, admin: User | None) -> set[str]:
    if role is None:
        return set()
    _check_may_assign(user, admin)
    names = {name for name in ("is_staff", "is_superuser") if getattr(user, name) != getattr(role, name)}
    if frozenset(user.groups.values_list("pk", flat=True)) != role.group_pks:
        user.groups.set(role.groups)
        names.add("groups")
    user.is_staff, user.is_superuser = role.is_staff, role.is_superuser
    _log_changed(user, admin, sorted(names))
    return names


def _set_active(user: User, is_active: bool | None, admin: User | None) -> set[str]:
    if is_active is None or is_active == user.is_active:
        return set()
    _check_not_own(user, admin)
    user.is_active = is_active
    _log_changed(user, admin, ["is_active"])
    return {"is_active"}


def _set_address(user: User, address: str | None, by: User) -> set[str]:
    if address is None or address == user.address:
        return set()
    user.address = address
    if address:
        _charge_address(user, by)
    else:
        _log_changed(user, by, ["address"])
    if user.pk != by.pk:
        take_trust_away(user)  # a recovery link would now go to an address that someone else entered
    return {"address"}


def _charge_address(user: User, by: User) -> None:
    """A new address costs an opening, since other pages show whether emails go to it."""
    record_access.note_address(by, user, "address", gettext("entering a user’s email address"))


def _log_changed(user: User, by: Any, field_names: Iterable[str]) -> None:
    if names := list(field_names):
        log_access(who=by, action=AccessLog.Action.CHANGED, records=[user], field_names=names)
