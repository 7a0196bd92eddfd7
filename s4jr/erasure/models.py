"""Tombstones of erased records."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from s4jr.erasure import data_inventory


class Tombstone(models.Model):
    """The number of an erased record and the day: enough to erase it again after a restore, and no more."""

    inventory = data_inventory.TOMBSTONE

    number = models.CharField(max_length=12, unique=True)
    erased_on = models.DateField()

    class Meta:
        default_permissions = ()
        verbose_name = _("deletion record")
        verbose_name_plural = _("deletion records")

    def __str__(self) -> str:
        return f"No. {self.number}"
