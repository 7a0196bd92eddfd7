"""The groups that come ready made. Their rights are a beginning: from then on they are the admins' to give and take.

A right is given once, when its group or the right itself comes into being; nothing is ever taken away, and what an
admin took away does not come back. Rights are named as text, since no part imports another for this; one whose model
does not exist yet is passed over until it does.
"""

from django.db import connections

OURS = ("crypto", "security", "audit", "erasure", "accounts", "content", "mail", "pages", "chapters", "members")
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

_there_before = {}


def note_rights(using, **kwargs):
    """Before a migration: remember which rights there are."""
    tables = connections[using].introspection.table_names()
    _there_before[using] = set(_rights(using)) if "auth_permission" in tables else set()


def make_groups(using, **kwargs):
    """After a migration: make the groups that are missing, and give every new right to the groups it is meant for."""
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
    """The primary keys of all rights over what is ours, by name: `members.change_member`."""
    from django.contrib.auth.models import Permission

    ours = Permission.objects.using(using).filter(content_type__app_label__in=OURS)
    names = ours.values_list("content_type__app_label", "codename", "pk")
    return {f"{app}.{codename}": pk for app, codename, pk in names}
