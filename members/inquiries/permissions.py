"""Who may read an inquiry: whoever has the right for its topic, and of safety or conduct only whom its writer let.

Who writes about safety or conduct sees the names of all who could read it, and ticks who should not. Those who are left
are its readers for good: whoever has the right later, or says later what they are known as, was not on that list. Whose
sign-in may have come into other hands reads it no more.
"""

from django.contrib.auth.models import Permission
from django.db.models import Q

from members.models import Inquiry
from s4jr.accounts.account_recovery import takes_trust_away
from s4jr.accounts.models import User
from s4jr.crypto.decryption_guard import decrypts_unshown
from s4jr.crypto.fields import readable

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"
Topic = Inquiry.Topic
SAFETY = Topic.SAFETY


def reads_any_topic(user: User) -> bool:
    """Whether this person reads about some topic; of safety or conduct perhaps nothing yet."""
    return any(user.has_perm(topic.right) for topic in Topic)


@decrypts_unshown
def may_read(topic: str) -> list[User]:
    """The people who may read about a topic now. Without a name to be known by, nobody reads of safety or conduct."""
    users = User.objects.with_perm(Topic(topic).right, backend=MODEL_BACKEND).filter(is_staff=True)
    return [user for user in users.order_by("pk") if topic != SAFETY or readable(user, "display_name")]


def topics_read() -> list[Inquiry.Topic]:
    """The topics about which somebody may read now: nobody is asked to write where nobody reads."""
    given = _rights_given()
    return [topic for topic in Topic if topic.right in given and (topic != SAFETY or may_read(SAFETY))]


def _rights_given() -> set[str]:
    """The rights to read that somebody who works here has, by name; a superuser has them all."""
    staff = User.objects.filter(is_staff=True, is_active=True)
    if staff.filter(is_superuser=True).exists():
        return {topic.right for topic in Topic}
    rights = Permission.objects.filter(content_type__app_label="members", codename__startswith="read_")
    held = rights.filter(Q(user__in=staff) | Q(group__user__in=staff))
    return {f"members.{codename}" for codename in held.values_list("codename", flat=True)}


def names_on_the_list() -> list[str]:
    """What those who could read of safety or conduct are known as, each name once."""
    names = {user.display_name.casefold(): user.display_name for user in may_read(SAFETY)}
    return [names[folded] for folded in sorted(names)]


def readers_chosen(shown: list[str], ticked: list[str]) -> list[User]:
    """Those whose names somebody was shown and did not tick, and who may still read. Two of one name go together."""
    chosen = {name.casefold() for name in shown} - {name.casefold() for name in ticked}
    return [user for user in may_read(SAFETY) if user.display_name.casefold() in chosen]


def readers_now(inquiry: Inquiry) -> list[User]:
    """The people who may read this inquiry now."""
    able = may_read(inquiry.topic)
    if inquiry.topic != SAFETY:
        return able
    chosen = set(inquiry.readers.values_list("pk", flat=True))
    return [user for user in able if user.pk in chosen]


@decrypts_unshown
def names_of_readers(inquiry: Inquiry) -> list[str]:
    """What its readers are known as: the names that its writer was shown, and that its other readers may see."""
    return [readable(user, "display_name") for user in readers_now(inquiry)]


@takes_trust_away
def reads_no_earlier_ones(user: User) -> None:
    """Their sign-in may be another's now, perhaps that of somebody who was ticked."""
    Inquiry.readers.through.objects.filter(user=user).delete()
