"""Counters of rate limits."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from s4jr.security import data_inventory


class RateLimit(models.Model):
    """How often something was done under one key in one window. Keys are keyed hashes: no address, no IP address."""

    inventory = data_inventory.RATE_LIMIT

    name = models.CharField(max_length=40)
    key = models.CharField(max_length=64)
    period = models.BigIntegerField(help_text=_("The number of full periods of this limit since 1970."))
    count = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField(
        db_default=Now(), help_text=_("When this limit’s time is over and the row can be deleted.")
    )

    class Meta:
        default_permissions = ()
        verbose_name = _("rate limit")
        verbose_name_plural = _("rate limits")
        constraints = [models.UniqueConstraint(fields=["name", "key", "period"], name="one_count_a_period")]
        indexes = [models.Index(fields=["expires_at"], name="limits_expired")]

    def __str__(self) -> str:
        return self.name
