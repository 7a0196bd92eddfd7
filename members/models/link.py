"""The one-time links that members act with."""

from collections.abc import Callable
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from members import data_inventory
from members.models.member import Member
from members.querysets import MemberLinkQuerySet
from s4jr.managers import manager_of


class MemberLink(models.Model):
    """A one-time link: 128 random bits, stored as a keyed hash. GET shows a page, POST acts."""

    inventory = data_inventory.LINK

    class Purpose(models.TextChoices):
        CONFIRM = "confirm", _("confirm an address")
        DETAILS = "details", _("see your status and delete your information")
        OPEN = "open", _("see and change your information")
        CHANGE = "change", _("confirm a new address")
        EMAILS_AGAIN = "emails_again", _("start emails again")

    member = models.ForeignKey(Member, models.CASCADE, related_name="links")
    purpose = models.CharField(max_length=20, choices=Purpose)
    token_hash = models.CharField(max_length=64, unique=True)
    to_index = models.CharField(
        max_length=64,
        help_text=_("The address it was sent to. It works only while that is still the member’s address."),
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    by_link_alone = models.BooleanField(
        default=False, db_default=False, help_text=_("For a new address: requested with a sign-in link alone.")
    )

    member_id: int
    get_purpose_display: Callable[[], str]

    objects: ClassVar[MemberLinkQuerySet] = manager_of(MemberLinkQuerySet)

    class Meta:
        verbose_name = _("one-time link")
        verbose_name_plural = _("one-time links")
        indexes = [models.Index(fields=["expires_at"], name="links_by_their_end")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"
