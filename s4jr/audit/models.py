"""The access log and its checkpoints."""

import uuid
from collections.abc import Callable
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from s4jr.audit import data_inventory
from s4jr.audit.querysets import AccessLogQuerySet
from s4jr.crypto.fields import EncryptedTextField
from s4jr.managers import manager_of


class AccessLog(models.Model):
    """Who opened or changed which record: field names and a reason, never values."""

    inventory = data_inventory.ACCESS_LOG

    class Action(models.TextChoices):
        OPENED = "opened", _("opened")
        CHANGED = "changed", _("changed")
        DECIDED = "decided", _("decided")
        ERASED = "erased", _("deleted")
        EXPORTED = "exported", _("exported")
        SENT = "sent", _("sent")
        SEARCHED = "searched", _("searched")
        UNDONE = "undone", _("undone")

    class Budget(models.TextChoices):
        """The budget of openings an entry was counted against: see `s4jr.audit.record_access`."""

        LISTS = "lists", _("opened from a list, a search or a web address")
        QUEUE = "queue", _("opened from the review queue")

    uuid = models.UUIDField(default=uuid.uuid4, editable=False)
    at = models.DateTimeField()
    who = models.CharField(max_length=150, help_text=_("The name they signed in with at the time."))
    user_id = models.BigIntegerField(
        null=True,
        help_text=_("Their user ID. It doesn’t change when they’re renamed, and it stays after they’re gone."),
    )
    action = models.CharField(max_length=20, choices=Action)
    object_kind = models.CharField(max_length=60)
    object_id = models.CharField(max_length=40)
    field_names = models.CharField(max_length=400, blank=True)
    budget = models.CharField(max_length=10, choices=Budget, blank=True, default="", db_default="")
    reason = EncryptedTextField(context="accesslog.reason", blank=True, default="")
    hmac = models.CharField(max_length=64)

    get_action_display: Callable[[], str]
    get_budget_display: Callable[[], str]

    objects: ClassVar[AccessLogQuerySet] = manager_of(AccessLogQuerySet)

    class Meta:
        default_permissions = ("view",)
        verbose_name = _("access log entry")
        verbose_name_plural = _("access log")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["object_kind", "object_id"], name="access_by_record"),
            models.Index(fields=["user_id", "at"], name="access_by_user"),
            models.Index(fields=["at"], name="access_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.who} {self.action} {self.object_kind} {self.object_id}"


class AccessLogCheckpoint(models.Model):
    """One closed day of the access log: first and last number, count, and an HMAC over its rows and the day before."""

    inventory = data_inventory.CHECKPOINT

    day = models.DateField(unique=True)
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    count = models.PositiveIntegerField()
    hmac = models.CharField(max_length=64)
    dropped_hmac = models.CharField(
        max_length=64,
        blank=True,
        help_text=_("Set when this day’s entries were deleted on purpose, because of their age."),
    )

    class Meta:
        default_permissions = ("view",)
        verbose_name = _("access log checkpoint")
        verbose_name_plural = _("access log checkpoints")

    def __str__(self) -> str:
        return self.day.isoformat()
