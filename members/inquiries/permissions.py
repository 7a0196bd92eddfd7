"""Who may read an inquiry: users with the right for its topic; for safety or conduct, only its chosen readers.

The sender of an inquiry about safety or conduct sees the names of everyone who could read it, and checks who must not.
The others are its readers for good: a user who gets the right, or a display name, later was not on that list. A user
whose sign-in may be compromised loses access.
"""

from django.contrib.auth.models import Permission
from django.db.models import Q

from members.models import Inquiry
from s4jr.accounts.models import User
from s4jr.accounts.permissions import staff_with_perm
from s4jr.accounts.trust import takes_trust_away
from s4jr.crypto.decryption_guard import decrypts_unshown
from s4jr.crypto.fields import readable

Topic = Inquiry.Topic
SAFETY = Topic.SAFETY
#: The step of the checklist for a new site that asks for someone who reads about safety and conduct.
SAFETY_STEP = "say-who-reads-messages-about-safety"


def reads_any_topic(user: User) -> bool:
    """Whether this user has the right for any topic. For safety or conduct there may be nothing to read."""
    return any(user.has_perm(topic.right) for topic in Topic)


@decrypts_unshown
def may_read(topic: str) -> list[User]:
    """The users who may read a topic now. Safety and conduct also need a display name."""
    users = staff_with_perm(Topic(topic).right)
    return [user for user in users.order_by("pk") if topic != SAFETY or readable(user, "display_name")]


def topics_read() -> list[Inquiry.Topic]:
    """The topics that at least one user may read now. The form offers no others."""
    given = _rights_given()
    return [topic for topic in Topic if topic.right in given and (topic != SAFETY or may_read(SAFETY))]


def _rights_given() -> set[str]:
    """The names of the rights to read that active staff have. Superusers have them all."""
    staff = User.objects.filter(is_staff=True, is_active=True)
    if staff.filter(is_superuser=True).exists():
        return {topic.right for topic in Topic}
    rights = Permission.objects.filter(content_type__app_label="members", codename__startswith="read_")
    held = rights.filter(Q(user__in=staff) | Q(group__user__in=staff))
    return {f"members.{codename}" for codename in held.values_list("codename", flat=True)}


def names_on_the_list() -> list[str]:
    """The display names of everyone who could read about safety or conduct, without duplicates."""
    names = {user.display_name.casefold(): user.display_name for user in may_read(SAFETY)}
    return [names[folded] for folded in sorted(names)]


def readers_chosen(shown: list[str], ticked: list[str]) -> list[User]:
    """The users whose names were shown and not checked, and who may still read.

    Users with the same name are excluded together.
    """
    chosen = {name.casefold() for name in shown} - {name.casefold() for name in ticked}
    return [user for user in may_read(SAFETY) if user.display_name.casefold() in chosen]


def readers_now(inquiry: Inquiry) -> list[User]:
    """The users who may read this inquiry now."""
    able = may_read(inquiry.topic)
    if inquiry.topic != SAFETY:
        return able
    chosen = set(inquiry.readers.values_list("pk", flat=True))
    return [user for user in able if user.pk in chosen]


@decrypts_unshown
def names_of_readers(inquiry: Inquiry) -> list[str]:
    """The display names of its readers, which its sender was shown."""
    return [readable(user, "display_name") for user in readers_now(inquiry)]


@takes_trust_away
def reads_no_earlier_ones(user: User) -> None:
    """Removes the user from all inquiries: another person, maybe an excluded one, may control their sign-in."""
    Inquiry.readers.through.objects.filter(user=user).delete()
    Inquiry.objects.filter(claimed_by=user).update(claimed_by=None, claimed_on=None)
