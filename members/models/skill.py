"""What members can teach or would like to learn, and the questions of representatives about it."""

import uuid
from collections.abc import Callable
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chapters.models import Representative
from members import data_inventory
from members.models.member import Member
from members.skills.querysets import SkillQuerySet, SkillRequestQuerySet
from s4jr.crypto.fields import EncryptedTextField
from s4jr.managers import manager_of


class SkillRequest(models.Model):
    """A question of a representative about one shared topic. The member says yes or no; neither learns an address.

    It stands before `Skill`, so that an erasure counts the questions before their topics take them along.
    """

    inventory = data_inventory.SKILL_REQUEST

    class State(models.TextChoices):
        ASKED = "asked", _("not answered yet")
        YES = "yes", _("yes")
        NO = "no", _("no thanks")
        WITHDRAWN = "withdrawn", _("taken back")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    skill: "models.ForeignKey[Skill]" = models.ForeignKey("members.Skill", models.CASCADE, related_name="requests")
    by = models.ForeignKey(Representative, models.CASCADE, related_name="+", help_text=_("The term that it is for."))
    message = EncryptedTextField(context="skill_request.message")
    state = models.CharField(max_length=9, choices=State, default=State.ASKED, editable=False)
    asked_on = models.DateField(editable=False)
    answered_on = models.DateField(null=True, editable=False, help_text=_("Or taken back."))

    by_id: uuid.UUID
    skill_id: uuid.UUID
    get_state_display: Callable[[], str]

    objects: ClassVar[SkillRequestQuerySet] = manager_of(SkillRequestQuerySet)

    class Meta:
        default_permissions = ()
        verbose_name = _("question about a skill")
        verbose_name_plural = _("questions about skills")
        constraints = [
            models.UniqueConstraint(
                fields=["skill", "by"], condition=Q(state="asked"), name="one_open_question_about_a_skill"
            ),
            models.CheckConstraint(
                condition=Q(state="asked", answered_on=None) | (~Q(state="asked") & Q(answered_on__isnull=False)),
                name="an_answered_question_has_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"question about a skill {str(self.pk)[:8]}"


class Skill(models.Model):
    """One topic of a member. Only while it is shared, their representatives see it, without a name.

    The primary key is random: two numbers in a row would show that two topics are of one person.
    """

    inventory = data_inventory.SKILL

    class Kind(models.TextChoices):
        TEACH = "teach", _("I can teach")
        LEARN = "learn", _("I’d like to learn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey(Member, models.CASCADE, related_name="skills")
    kind = models.CharField(max_length=5, choices=Kind)
    topic = EncryptedTextField(context="skill.topic", help_text=_("One line of at most 120 characters."))
    is_shared = models.BooleanField(default=False)

    member_id: int
    get_kind_display: Callable[[], str]

    objects: ClassVar[SkillQuerySet] = manager_of(SkillQuerySet)

    class Meta:
        default_permissions = ()
        verbose_name = _("skill")
        verbose_name_plural = _("skills")

    def __str__(self) -> str:
        return f"skill {str(self.pk)[:8]}"
