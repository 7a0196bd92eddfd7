"""Members who want an email when something begins at their place."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from members import data_inventory
from members.models.member import Member
from members.place_alerts.querysets import PlaceAlertQuerySet
from s4jr.managers import manager_of


class PlaceAlert(models.Model):
    """A member's wish to hear once about each kind of news at their place. Without a row, no such email."""

    inventory = data_inventory.PLACE_ALERT

    class News(models.TextChoices):
        REPRESENTATIVE = "representative", _("a representative is listed")
        CHAPTER = "chapter", _("a chapter is open")
        MEETING = "meeting", _("a meeting is planned")

    member = models.OneToOneField(Member, models.CASCADE, related_name="place_alert")
    place = models.CharField(max_length=6, help_text=_("The code of the member’s state, province or country."))
    told = models.CharField(
        max_length=40,
        blank=True,
        help_text=_("News that was there when they asked, or that an email was about. Separated by spaces."),
    )
    since = models.DateField()

    member_id: int

    objects: ClassVar[PlaceAlertQuerySet] = manager_of(PlaceAlertQuerySet)

    class Meta:
        default_permissions = ()
        verbose_name = _("place alert")
        verbose_name_plural = _("place alerts")

    def __str__(self) -> str:
        return f"place alert {self.pk}"
