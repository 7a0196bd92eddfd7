"""The hosts of a meeting series."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from chapters.meetings.data_inventory import MEETING_HOST
from chapters.meetings.querysets import HostQuerySet
from chapters.models.meeting_series import MeetingSeries
from s4jr.managers import manager_of

if TYPE_CHECKING:
    from s4jr.accounts.models import User


class MeetingHost(models.Model):
    """A user who may manage one series, also one who does not represent its place or chapter.

    `shown_name` is public. Only the host may set it: that is their consent to be named. Empty, it names no one.
    """

    inventory = MEETING_HOST

    user_id: int

    series = models.ForeignKey(MeetingSeries, models.CASCADE, related_name="hosts")
    user: "models.ForeignKey[User]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="hosted_series"
    )
    shown_name = models.CharField(_("name shown on the meeting page"), max_length=80, blank=True)
    added_on = models.DateField(auto_now_add=True)

    objects: ClassVar[HostQuerySet] = manager_of(HostQuerySet)

    class Meta:
        verbose_name = _("host")
        verbose_name_plural = _("hosts")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["series", "user"], name="a_host_of_a_series_once")]

    def __str__(self) -> str:
        return f"host {self.pk}"
