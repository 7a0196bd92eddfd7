"""The default groups. Their permissions are a starting point: from then on admins grant and revoke them.

A permission is granted once, when its group or the permission itself is created. Nothing is ever revoked here, and what
an admin revoked does not come back. Permissions are named as text, since this part imports no other app; one whose
model does not exist yet is skipped until it does.
"""

from typing import Any

from django.db import connections

OURS = (
    "crypto", "security", "audit", "erasure", "accounts", "content", "mail", "conversations", "pages", "chapters",
    "members",
)  # fmt: skip
EVERYTHING = "everything"
GROUPS = {
    "Reader": ["members.view_member", "members.change_member"],
    "Editor": [
        "content.view_textblock", "content.change_textblock", "chapters.change_meetingseries",
        *(f"pages.{verb}_statistic" for verb in ("view", "add", "change", "delete")),
        *(f"pages.{verb}_teammember" for verb in ("view", "add", "change", "delete")),
        *(f"pages.{verb}_supportline" for verb in ("view", "add", "change", "delete")),
        "members.read_website",
    ],
    "Care": ["members.read_safety"],
    "Press": ["members.read_press"],
    "Coordinator": EVERYTHING,
}  # fmt: skip

_there_before: dict[str, set[str]] = {}


def note_rights(using: str, **kwargs: Any) -> None:
    """Before a migration: remember which permissions exist."""
    tables = connections[using].introspection.table_names()
    _there_before[using] = set(_rights(using)) if "auth_permission" in tables else set()


def make_groups(using: str, **kwargs: Any) -> None:
    """After a migration: create missing groups, and add each new permission to the groups it is meant for."""
    from django.contrib.auth.models import Group

    rights = _rights(using)
    new = rights.keys() - _there_before.pop(using, rights.keys())
    made = set(GROUPS) - set(Group.objects.using(using).values_list("name", flat=True))
    Group.objects.using(using).bulk_create([Group(name=name) for name in GROUPS if name in made])
    for group in Group.objects.using(using).filter(name__in=GROUPS if new else made):
        meant = rights.keys() if GROUPS[group.name] == EVERYTHING else set(GROUPS[group.name]) & rights.keys()
        given = meant if group.name in made else meant & new
        group.permissions.add(*(rights[name] for name in given))


def _rights(using):
    """The primary keys of all permissions on our apps, by name: `members.change_member`."""
    from django.contrib.auth.models import Permission

    ours = Permission.objects.using(using).filter(content_type__app_label__in=OURS)
    names = ours.values_list("content_type__app_label", "codename", "pk")
    return {f"{app}.{codename}": pk for app, codename, pk in names}
