"""Local groups of the coalition."""

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chapters import data_inventory
from chapters.querysets import LONGEST_SLUG, START, ChapterQuerySet
from chapters.regions import country_name, place_name
from s4jr.managers import manager_of

if TYPE_CHECKING:
    from chapters.meetings.querysets import MeetingQuerySet, SeriesQuerySet
    from chapters.representatives.querysets import RepresentativeQuerySet
    from chapters.volunteer_offers.querysets import VolunteerOfferQuerySet


class Chapter(models.Model):
    """A local group. Its fields are public once the chapter is open; they name no one."""

    inventory = data_inventory.CHAPTER

    class Status(models.TextChoices):
        ASKED = "asked", _("requested, not open yet")
        OPEN = "open", _("open")
        RESTING = "resting", _("on a break")

    id: int
    meetings: "MeetingQuerySet"
    meeting_series: "SeriesQuerySet"
    offers: "VolunteerOfferQuerySet"
    representatives: "RepresentativeQuerySet"

    slug = models.SlugField(_("web address"), max_length=LONGEST_SLUG, unique=True)
    name = models.CharField(_("name"), max_length=80, unique=True)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.ASKED)
    country = models.CharField(_("country"), max_length=2)
    region = models.CharField(_("state or province"), max_length=6, blank=True)
    area = models.CharField(
        _("area"), max_length=120, blank=True, help_text=_("Public. The towns or region the chapter is for.")
    )
    languages = models.CharField(_("languages"), max_length=80, blank=True, help_text=_("Public."))
    rhythm = models.CharField(
        _("how often it meets"),
        max_length=120,
        blank=True,
        help_text=_("Public. How often it meets, in your own words."),
    )
    words = models.TextField(
        _("description"), max_length=4000, blank=True, help_text=_("Public. You can use Markdown.")
    )
    how_to_join = models.TextField(
        _("how to join"), max_length=2000, blank=True, help_text=_("Public. You can use Markdown.")
    )
    created_on = models.DateField(auto_now_add=True)

    objects: ClassVar[ChapterQuerySet] = manager_of(ChapterQuerySet)

    class Meta:
        verbose_name = _("chapter")
        verbose_name_plural = _("chapters")
        constraints = [
            models.CheckConstraint(condition=~Q(slug=START), name="start_is_the_address_of_a_form"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def country_name(self) -> str:
        return country_name(self.country)

    @property
    def place(self) -> str:
        return place_name(self.country, self.region)
