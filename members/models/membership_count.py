"""How many members there are, by place, month and way to help, as a nightly task counted them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members import data_inventory


class MembershipCount(models.Model):
    """One count. No row counts fewer than FEWEST people, so neither the table nor a backup of it can reveal one.

    The total is exact, and shown so only to users who may read the list of members. All others are rounded down to a
    multiple of BAND: several of them and the total together never say exactly how many are left.
    """

    inventory = data_inventory.MEMBERSHIP_COUNT

    FEWEST = BAND = 5

    class Kind(models.TextChoices):
        TOTAL = "total", _("all members")
        MONTH = "month", _("approved in this month")
        PLACE = "place", _("live in this place")
        WAY = "way", _("offered this way to help")

    kind = models.CharField(max_length=10, choices=Kind)
    key = models.CharField(max_length=20, blank=True, help_text=_("A month as 2026-11, a place or a way to help."))
    count = models.PositiveIntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("count of members")
        verbose_name_plural = _("counts of members")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="one_count_of_each_kind"),
            models.CheckConstraint(condition=Q(count__gte=5), name="no_count_of_fewer_than_five"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}".strip()
