"""Announcements."""

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chapters.models import Chapter
from members import data_inventory
from members.announcements.querysets import AnnouncementQuerySet
from members.ranges import Range, range_of
from s4jr.mail.kinds import TOLD_FROM
from s4jr.managers import manager_of

if TYPE_CHECKING:
    from s4jr.accounts.models import User


#: A subject line of this length shows whole in most inboxes.
SUBJECT_AT_MOST = 65


class Announcement(models.Model):
    """One announcement: written, previewed, then sent in batches through the outbox."""

    inventory = data_inventory.ANNOUNCEMENT

    class Audience(models.TextChoices):
        NEWS = "news", _("everyone who asked for news")
        PLACES = "places", _("members in states, provinces or countries")
        CHAPTER = "chapter", _("members of a chapter")
        WAYS = "ways", _("members who offered to help")
        REPRESENTATIVES = "representatives", _("representatives")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SCHEDULED = "scheduled", _("scheduled")
        SENDING = "sending", _("sending")
        PAUSED = "paused", _("paused")
        STOPPED = "stopped", _("stopped")
        SENT = "sent", _("all emails prepared")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    audience = models.CharField(_("who gets it"), max_length=16, choices=Audience)
    chapter = models.ForeignKey(Chapter, models.PROTECT, null=True, blank=True, verbose_name=_("chapter"))
    places = models.CharField(
        _("states, provinces and countries"), max_length=2000, blank=True,
        help_text=_("Region and country codes with spaces between."),
    )  # fmt: skip
    ways = models.CharField(_("ways to help"), max_length=100, blank=True, help_text=_("Keys with spaces between."))
    language = models.CharField(_("only people who read this language"), max_length=10, blank=True)
    subject = models.CharField(_("subject"), max_length=SUBJECT_AT_MOST)
    body = models.TextField(_("email"), max_length=10_000)
    discreet_subject = models.CharField(_("discreet subject"), max_length=SUBJECT_AT_MOST)
    discreet_body = models.TextField(_("discreet email"), max_length=10_000)
    state = models.CharField(_("status"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    made_by: "models.ForeignKey[User | None]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    made_at = models.DateTimeField(_("created"), auto_now_add=True)
    tested_at = models.DateTimeField(
        null=True, editable=False, help_text=_("When an admin last got a test of the current text.")
    )
    send_at = models.DateTimeField(_("goes out"), null=True, editable=False)
    zone = models.CharField(_("time zone"), max_length=50, blank=True, editable=False)
    missed_at = models.DateTimeField(
        null=True, editable=False, help_text=_("The time it was scheduled for, if the site didn’t run then.")
    )
    started_at = models.DateTimeField(_("started"), null=True, editable=False)
    meant_for = models.PositiveIntegerField(_("recipients"), default=0, editable=False)
    skipped = models.JSONField(
        _("skipped"), default=dict, editable=False, help_text=_("How many, by reason, when sending started.")
    )
    shown_range = models.JSONField(
        default=list, editable=False,
        help_text=_("The lowest and highest number of recipients that admins see, if several groups get it."),
    )  # fmt: skip
    hides_numbers = models.BooleanField(
        default=False, editable=False, help_text=_("Whether the group had fewer than 5 people, with those skipped.")
    )
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
            models.CheckConstraint(condition=~Q(audience="places") | ~Q(places=""), name="a_places_email_names_them"),
            models.CheckConstraint(condition=~Q(audience="ways") | ~Q(ways=""), name="a_helpers_email_names_ways"),
            models.CheckConstraint(
                condition=(Q(state="scheduled", send_at__isnull=False) & ~Q(zone=""))
                | (~Q(state="scheduled") & Q(send_at__isnull=True)),
                name="scheduled_means_a_moment",
            ),
        ]

    def __str__(self) -> str:
        """Its subject, and the day it went or goes out, or the day of the draft."""
        when = self.started_at or self.send_at or self.made_at or timezone.now()
        day = date_format(timezone.localtime(when), "DATE_FORMAT")
        return gettext("%(subject)s, %(day)s") % {"subject": self.subject, "day": day}

    @property
    def recipients(self) -> Range:
        """How many people it goes to, as admins see it."""
        return Range(*self.shown_range) if self.shown_range else range_of(self.meant_for)

    @property
    def is_of_few(self) -> bool:
        """Whether it goes to so few people that a number about it could identify one of them. Then none is shown."""
        return self.hides_numbers or self.recipients.least < TOLD_FROM

    @property
    def has_several_groups(self) -> bool:
        return len(self.places.split()) > 1 or len(self.ways.split()) > 1

    @property
    def batch(self) -> str:
        """How the outbox labels the emails of this announcement."""
        return f"announcement {self.pk}"
