"""What members share with representatives."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chapters.models import Chapter
from members import data_inventory
from members.models.member import Member
from members.self_service.querysets import SharingQuerySet
from s4jr.managers import manager_of


class Sharing(models.Model):
    """What a member lets the representatives of their place, or of their chapter, see. Without a row, nothing."""

    inventory = data_inventory.SHARING

    class Field(models.TextChoices):
        NAME = "name", _("name to use")
        PRONOUNS = "pronouns", _("pronouns")
        WAYS_TO_HELP = "ways_to_help", _("ways to help")
        ACCESS_NEEDS = "access_needs", _("what helps them take part")

    member = models.ForeignKey(Member, models.CASCADE, related_name="sharings")
    region = models.CharField(
        max_length=6,
        blank=True,
        help_text=_("The code of the member’s state, province or country. Blank for a chapter."),
    )
    chapter = models.ForeignKey(Chapter, models.CASCADE, null=True, related_name="+")
    fields = models.CharField(max_length=100, help_text=_("Field names, separated by spaces. Never an address."))
    since = models.DateField()

    member_id: int
    chapter_id: int | None

    objects: ClassVar[SharingQuerySet] = manager_of(SharingQuerySet)

    class Meta:
        default_permissions = ()
        verbose_name = _("sharing choice")
        verbose_name_plural = _("sharing choices")
        constraints = [
            models.CheckConstraint(
                condition=(Q(region="") & Q(chapter__isnull=False)) | (~Q(region="") & Q(chapter__isnull=True)),
                name="shared_with_a_place_or_a_chapter",
            ),
            models.UniqueConstraint(
                fields=["member", "region"], condition=Q(chapter__isnull=True), name="shared_once_with_a_place"
            ),
            models.UniqueConstraint(
                fields=["member", "chapter"], condition=Q(chapter__isnull=False), name="shared_once_with_a_chapter"
            ),
        ]

    def __str__(self) -> str:
        return f"sharing {self.pk}"
