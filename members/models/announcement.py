"""Announcements."""

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chapters.models import Chapter
from members import data_inventory
from members.announcements.querysets import AnnouncementQuerySet
from s4jr.mail.kinds import TOLD_FROM
from s4jr.managers import manager_of

if TYPE_CHECKING:
    from s4jr.accounts.models import User


class Announcement(models.Model):
    """One announcement: written, previewed, then sent in batches through the outbox."""

    inventory = data_inventory.ANNOUNCEMENT

    class Audience(models.TextChoices):
        NEWS = "news", _("everyone who asked for news")
        REGION = "region", _("members in a state, province or country")
        CHAPTER = "chapter", _("members of a chapter")
        REPRESENTATIVES = "representatives", _("representatives")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SENDING = "sending", _("sending")
        PAUSED = "paused", _("paused")
        STOPPED = "stopped", _("stopped")
        SENT = "sent", _("all emails prepared")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    audience = models.CharField(_("who gets it"), max_length=16, choices=Audience)
    chapter = models.ForeignKey(Chapter, models.PROTECT, null=True, blank=True, verbose_name=_("chapter"))
    country = models.CharField(_("country"), max_length=2, blank=True)
    region = models.CharField(_("state or province"), max_length=6, blank=True)
    language = models.CharField(_("only people who read this language"), max_length=10, blank=True)
    subject = models.CharField(_("subject"), max_length=100)
    body = models.TextField(_("email"), max_length=10_000)
    discreet_subject = models.CharField(_("discreet subject"), max_length=100)
    discreet_body = models.TextField(_("discreet email"), max_length=10_000)
    state = models.CharField(_("status"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    made_by: "models.ForeignKey[User | None]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    made_at = models.DateTimeField(_("created"), auto_now_add=True)
    started_at = models.DateTimeField(_("started"), null=True, editable=False)
    meant_for = models.PositiveIntegerField(_("recipients"), default=0, editable=False)
    reached = models.PositiveBigIntegerField(
        default=0, editable=False, help_text=_("The last primary key that was handled. The next batch starts after it.")
    )
    written = models.PositiveIntegerField(_("emails prepared"), default=0, editable=False)

    chapter_id: int | None
    made_by_id: int | None
    get_audience_display: Callable[[], str]
    get_state_display: Callable[[], str]

    objects: ClassVar[AnnouncementQuerySet] = manager_of(AnnouncementQuerySet)

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        permissions = [("send_announcement", "Can send announcements")]
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(audience="chapter") | Q(chapter__isnull=False), name="a_chapters_email_names_it"
            ),
            models.CheckConstraint(
                condition=~Q(audience="region") | ~Q(country="") | ~Q(region=""), name="a_regions_email_names_it"
            ),
        ]

    def __str__(self) -> str:
        return f"announcement {str(self.pk)[:8]}"

    @property
    def is_of_few(self) -> bool:
        """Whether it goes to so few people that a number about it could identify one of them. Then none is shown."""
        return self.meant_for < TOLD_FROM

    @property
    def batch(self) -> str:
        """How the outbox labels the emails of this announcement."""
        return f"announcement {self.pk}"
