"""The roles that an owner can give, in words: "Owner" is a superuser, every other role is a group.

A group whose rights are only to read messages about a topic can also be added to another role.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from s4jr.accounts.models import User
from s4jr.accounts.right_words import RIGHT_WORDS
from s4jr.accounts.roles import EVERYTHING, GROUPS, OURS
from s4jr.accounts.services import NO_ROLE, Role

#: Values of the form field; every other value is the primary key of a group.
NONE, OWNER, AS_NOW = "none", "owner", "as-now"
READS_A_TOPIC = "members.read_"
_ORDER = ["Coordinator", "Reader", "Editor", "Care", "Press"]
_LABELS: dict[str, str | Promise] = {
    "Coordinator": _("Coordinator"),
    "Reader": _("Reviewer"),
    "Editor": _("Editor"),
    "Care": _("Care"),
    "Press": _("Media"),
}
#: True as long as a group has its default rights.
_SENTENCES = {
    "Coordinator": _("Can do everything except assign roles, and can export the member list."),
    "Reader": _("Reads applications and decides about them."),
    "Editor": _(
        "Edits the website’s text, statistics, team, support lines and meetings. Answers messages about the website. "
        "Doesn’t see members."
    ),
    "Care": _("Reads and answers messages about safety or conduct."),
    "Press": _("Reads and answers messages from the media."),
}


def label_of(group: Group) -> str:
    return str(_LABELS.get(group.name, group.name))


def role_words(user: User) -> str:
    """The role of a user with `groups` prefetched, in a word or two for lists and messages."""
    if user.is_superuser:
        return gettext("Owner")
    if groups := sorted(user.groups.all(), key=_rank):
        return ", ".join(map(label_of, groups))
    return gettext("No role, but can open the admin") if user.is_staff else gettext("No role")


class RoleChoices:
    """The choices of the user form for one user, who may be new."""

    def __init__(self, user: User) -> None:
        self.user = user
        groups = Group.objects.prefetch_related("permissions__content_type")
        self.groups = sorted(groups, key=_rank)
        self.had = set(user.groups.values_list("pk", flat=True)) if user.pk else set()

    @cached_property
    def topics(self) -> list[Group]:
        """The groups that only read messages about a topic."""
        return [group for group in self.groups if _reads_topics_only(_rights_of(group.permissions.all()))]

    @property
    def current(self) -> str:
        """The value of the choice that the user has now."""
        mains = self._mains()
        if self.user.is_superuser:
            return OWNER if self.user.is_staff else AS_NOW
        if len(mains) > 1 or bool(mains) != self.user.is_staff:
            return AS_NOW
        return str(mains[0].pk) if mains else NONE

    @property
    def current_topics(self) -> list[str]:
        """The values of the topics that the user reads besides their role."""
        theirs = [str(group.pk) for group in self.topics if group.pk in self.had]
        return [value for value in theirs if value != self.current]

    @property
    def topic_choices(self) -> list[tuple[str, str]]:
        """(value, label) of each topic that may be added to a role."""
        return [self._choice_of(group) for group in self.topics]

    @property
    def choices(self) -> list[tuple[str, str]]:
        """(value, label) of each choice, the one with the most rights first."""
        owner = _choice(OWNER, gettext("Owner"), gettext("Can do everything. Only an owner assigns roles."))
        nothing = _choice(NONE, gettext("No role"), gettext("Can’t sign in to the admin."))
        return [*self._as_now(), owner, *map(self._choice_of, self.groups), nothing]

    def role(self, value: str, topics: Iterable[str]) -> Role:
        """The role that a submitted choice and its topics stand for."""
        extra = set(map(int, topics))
        if value == AS_NOW or value == self.current == OWNER:
            kept = self.had - {group.pk for group in self.topics}
            return Role(self.user.is_superuser, frozenset(kept | extra))
        if value == OWNER:
            return Role(True, frozenset(extra))
        return NO_ROLE if value == NONE else Role(False, frozenset({int(value)} | extra))

    def _mains(self):
        """The user's groups that count as their role: a topic counts only if they have nothing else."""
        theirs = [group for group in self.groups if group.pk in self.had]
        return [group for group in theirs if group not in self.topics] or theirs[:1]

    def _as_now(self):
        """One more choice for a user whose rights no other choice describes: nothing is lost by saving the form."""
        if self.current != AS_NOW:
            return []
        return [_choice(AS_NOW, gettext("As it is now:"), role_words(self.user))]

    def _choice_of(self, group):
        return _choice(str(group.pk), label_of(group), sentence_of(group))


def sentence_of(group: Group, *, names_rights: bool = False) -> str:
    """What the role may do, with `permissions__content_type` prefetched; a custom one can list its rights instead."""
    rights = _rights_of(group.permissions.all())
    if rights == _default_rights(group.name):
        return str(_SENTENCES[group.name])
    if names_rights and (words := [str(said) for name, said in RIGHT_WORDS.items() if name in rights]):
        return "; ".join(words)
    return gettext("An owner chose what this role can do.") if rights else gettext("Can’t do anything yet.")


def _default_rights(name: str) -> set[str] | None:
    default = GROUPS.get(name)
    return _all_rights() if default == EVERYTHING else None if default is None else set(default)


def _all_rights() -> set[str]:
    ours = Permission.objects.filter(content_type__app_label__in=OURS)
    return _rights_of(ours.select_related("content_type"))


def _choice(value: str, label: str, sentence: str) -> tuple[str, str]:
    return value, format_html("<strong>{}</strong> {}", label, sentence)


def _rights_of(permissions: Iterable[Any]) -> set[str]:
    return set(map(right_name, permissions))


def right_name(right: Permission) -> str:
    """With `content_type` selected."""
    return f"{right.content_type.app_label}.{right.codename}"


def _reads_topics_only(rights: set[str]) -> bool:
    return bool(rights) and all(right.startswith(READS_A_TOPIC) for right in rights)


def _rank(group: Group) -> tuple[int, str]:
    return (_ORDER.index(group.name) if group.name in _ORDER else len(_ORDER), group.name)
