"""The data inventory of skills, and of the questions about them."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.data_inventory.member import OF_A_MEMBER
from s4jr.erasure.rules import DataField, DataInventory, ErasureRule, Reader, RetentionRule, Subject, same, together


def _answered_or_old(now: datetime, days: int) -> Q:
    """Counts from the answer; without one, from the question."""
    day = now.date() - timedelta(days=days)
    return Q(answered_on__lte=day) | Q(answered_on=None, asked_on__lte=day)


SKILL = DataInventory(
    subject=Subject.MEMBERS,
    title=_("What you can teach or would like to learn"),
    purpose=_("So that members can learn from each other. We keep this only if you add it."),
    goes=(_("Deleted right away when you delete it, leave, or delete your information."),),
    erasure_rules=(
        ErasureRule(of=OF_A_MEMBER, what=_("What you can teach or would like to learn"), rows=same("member")),
    ),
    fields=together(
        "id member kind topic is_shared",
        DataField(
            _("Each topic, and whether you share it"),
            _("So that your representatives see the topics you share, without your name."),
            readers=(Reader.YOU, Reader.REPRESENTATIVE),
            is_personal=True,
        ),
    ),
)

SKILL_REQUEST = DataInventory(
    subject=Subject.MEMBERS,
    title=_("Questions of representatives about what you share"),
    purpose=_("So that they can plan a skill share with you without learning who you are."),
    goes=(
        RetentionRule(
            "SKILL_REQUEST_DAYS",
            _("Deleted %(days)s after your answer. Without one, we count from the day they asked."),
            _answered_or_old,
        ),
        _("Deleted right away when you delete the topic, leave, or delete your information."),
    ),
    erasure_rules=(
        ErasureRule(
            of=OF_A_MEMBER, what=_("Questions of representatives about what you share"), rows=same("skill__member")
        ),
    ),
    fields=together(
        "id skill by message state asked_on answered_on",
        DataField(
            _("What they asked about which topic, and your yes or no"),
            _("So that you can answer, and no one asks again soon after a no."),
            readers=(Reader.YOU, Reader.REPRESENTATIVE),
            is_personal=True,
        ),
    ),
)
