"""Representatives who stepped down, and the notes they left."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from chapters.models.representative import Representative
from chapters.representatives import data_inventory
from chapters.representatives.querysets import StepDownQuerySet
from s4jr.crypto.fields import EncryptedTextField
from s4jr.managers import manager_of


class StepDown(models.Model):
    """A term that its representative ended. It waits until an admin thanks them and looks for someone to follow.

    The note is for those who represent the place or chapter later, and for the admins who appoint.
    """

    inventory = data_inventory.STEP_DOWN

    term = models.OneToOneField(Representative, models.CASCADE, editable=False, related_name="step_down")
    note = EncryptedTextField(_("hand-over note"), context="step_down.note", blank=True, default="", editable=False)
    has_note = models.BooleanField(default=False, editable=False)
    on = models.DateField(_("stepped down"), editable=False)
    settled_on = models.DateField(_("settled"), null=True, editable=False, help_text=_("When an admin thanked them."))

    objects: ClassVar[StepDownQuerySet] = manager_of(StepDownQuerySet)

    class Meta:
        verbose_name = _("representative who stepped down")
        verbose_name_plural = _("representatives who stepped down")
        default_permissions = ()
        indexes = [
            models.Index(fields=["on"], name="step_downs_to_settle", condition=models.Q(settled_on=None)),
        ]

    def __str__(self) -> str:
        return f"hand-over note {self.pk}"
