"""Who speaks for a place or a chapter."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chapters.models.chapter import Chapter
from chapters.regions import place_name


class RepresentativeQuerySet(models.QuerySet):
    def serving(self, today=None):
        """Those whose term has begun and has not ended."""
        today = today or timezone.now().date()
        begun = self.filter(begins_on__lte=today, user__is_active=True)
        return begun.filter(Q(ends_on=None) | Q(ends_on__gte=today))

    def of(self, region, chapter):
        """Those of a place, by its code, or of a chapter; either may be blank."""
        of_place = Q(region=region) if region else Q(pk=None)
        return self.filter(of_place | (Q(chapter=chapter) if chapter else Q(pk=None)))


class Representative(models.Model):
    """One term of one person for one place or one chapter. It points to who signs in, never to a member."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="terms")
    country = models.CharField(_("country"), max_length=2, blank=True)
    region = models.CharField(
        _("place"), max_length=6, blank=True, help_text=_("Its ISO code: of a state or province, or of a country.")
    )
    chapter = models.ForeignKey(Chapter, models.CASCADE, null=True, blank=True, related_name="representatives")
    begins_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = RepresentativeQuerySet.as_manager()

    class Meta:
        verbose_name = _("representative")
        verbose_name_plural = _("representatives")
        constraints = [
            models.CheckConstraint(
                condition=(Q(region="") & Q(chapter__isnull=False)) | (~Q(region="") & Q(chapter__isnull=True)),
                name="represents_a_place_or_a_chapter",
            ),
        ]
        indexes = [models.Index(fields=["country", "region"], name="representatives_by_place")]

    def __str__(self):
        return f"representative {str(self.pk)[:8]}"

    @property
    def place(self):
        """What they represent, in words."""
        return str(self.chapter) if self.chapter_id else place_name(self.country, self.region)
