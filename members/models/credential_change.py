"""Credential changes made with an email link alone. They take effect after 30 days."""

from collections.abc import Callable
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from members import data_inventory
from members.models.member import Member
from members.self_service.querysets import CredentialChangeQuerySet
from s4jr.crypto.fields import EncryptedTextField
from s4jr.managers import manager_of


class CredentialChange(models.Model):
    """A new credential that was set with an email link alone. The earlier one keeps working for 30 days.

    Then `members.self_service.credentials.settle_changes` replaces the earlier one. Until then, each visit with the
    earlier code or secret word shows the change and can cancel it. An email address changes right away, and canceling
    restores the earlier one.
    """

    inventory = data_inventory.CREDENTIAL_CHANGE

    class Kind(models.TextChoices):
        WORD = "word", _("a secret word")
        CODE = "code", _("a new code")
        CALENDAR = "calendar", _("a calendar address")
        ADDRESS = "address", _("a new email address")

    member = models.ForeignKey(Member, models.CASCADE, related_name="credential_changes")
    kind = models.CharField(max_length=10, choices=Kind)
    value_hash = models.CharField(
        max_length=128, unique=True, help_text=_("A hash, stored the same way as the earlier one.")
    )
    shows = models.CharField(max_length=10, blank=True, help_text=_("For a calendar: what it shows."))
    earlier_email = EncryptedTextField(
        context="credential_change.earlier_email", null=True, help_text=_("For an email address: the one before.")
    )
    made_at = models.DateTimeField()

    member_id: int
    get_kind_display: Callable[[], str]

    objects: ClassVar[CredentialChangeQuerySet] = manager_of(CredentialChangeQuerySet)

    class Meta:
        default_permissions = ()
        verbose_name = _("change made with a sign-in link alone")
        verbose_name_plural = _("changes made with a sign-in link alone")
        constraints = [models.UniqueConstraint(fields=["member", "kind"], name="one_change_of_a_kind")]
        indexes = [models.Index(fields=["made_at"], name="credential_changes_by_age")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
