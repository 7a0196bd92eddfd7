"""The admin of places. What a room has to decide about stands in the room itself."""

from django.contrib import admin

from chapters.models import Chapter
from chapters.representative_messages.admin import MessageAdmin, ReportAdmin
from chapters.representatives.admin import RepresentativeAdmin
from chapters.volunteer_offers.admin import VolunteerOfferAdmin

__all__ = ["ChapterAdmin", "MessageAdmin", "ReportAdmin", "RepresentativeAdmin", "VolunteerOfferAdmin"]


@admin.register(Chapter)
class ChapterAdmin(admin.ModelAdmin):
    """What a chapter says of itself is written at its own desk; here it is opened, rests, or is mended."""

    list_display = ["name", "place", "status"]
    list_filter = ["status"]
    search_fields = ["name", "slug", "area"]
    ordering = ["country", "region", "name"]
    prepopulated_fields = {"slug": ["name"]}
    actions = None
