"""Evenings the coalition meets."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chapters.models.chapter import Chapter
from s4jr.privacy.sealed import SealedTextField


class MeetingQuerySet(models.QuerySet):
    def upcoming(self, now=None):
        """Published evenings that are not over, the next one first; those called off among them."""
        return self.filter(is_published=True, ends_at__gt=now or timezone.now()).order_by("starts_at", "pk")

    def taking_place(self):
        return self.filter(is_cancelled=False)

    def for_everybody(self):
        return self.filter(audience=Meeting.Audience.PUBLIC)

    def for_members(self, region="", chapter=None):
        """What a member may come to: evenings for all or for members; of the coalition, their place, their chapter."""
        near = Q(region="", chapter=None) | Q(region=region, chapter=None)
        near |= Q(chapter=chapter) if chapter else Q(pk=None)
        return self.filter(near, audience__in=[Meeting.Audience.PUBLIC, Meeting.Audience.MEMBERS])


class Meeting(models.Model):
    """One dated evening."""

    class Kind(models.TextChoices):
        ORGANIZING = "organizing", _("organizing meeting")
        SKILL_SHARE = "skill_share", _("skill share")
        REPRESENTATIVES = "representatives", _("representatives' meeting")
        CHAPTER = "chapter", _("chapter meeting")
        GATHERING = "gathering", _("gathering")

    class Audience(models.TextChoices):
        PUBLIC = "public", _("everybody")
        MEMBERS = "members", _("members")
        REPRESENTATIVES = "representatives", _("representatives")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    audience = models.CharField(_("for whom"), max_length=16, choices=Audience)
    chapter = models.ForeignKey(Chapter, models.CASCADE, null=True, blank=True, related_name="meetings")
    region = models.CharField(_("place"), max_length=6, blank=True)
    title = models.CharField(_("title"), max_length=120)
    words = models.TextField(_("about it"), max_length=4000, blank=True)
    zone = models.CharField(_("time zone"), max_length=50)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    join_link = SealedTextField(_("link to join"), context="meeting.join_link", blank=True, default="")
    is_published = models.BooleanField(_("published"), default=False)
    is_cancelled = models.BooleanField(_("called off"), default=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")), name="a_meeting_ends_after_it_began"
            ),
            models.CheckConstraint(condition=Q(region="") | Q(chapter__isnull=True), name="a_meeting_of_one_place"),
        ]
        indexes = [
            models.Index(fields=["starts_at"], name="meetings_to_come", condition=Q(is_published=True)),
        ]

    def __str__(self):
        return f"{self.title}, {self.starts_at:%Y-%m-%d}"
