"""The admin of chapters. Each part of the app has its own admin module."""

from django.contrib import admin

from chapters.chapter_form import ChapterForm
from chapters.models import Chapter
from chapters.representative_messages.admin import MessageAdmin, ReportAdmin
from chapters.representatives.admin import RepresentativeAdmin
from chapters.volunteer_offers.admin import VolunteerOfferAdmin
from s4jr.accounts.edit_conflicts import SEEN, LockedRowAdmin, SeenVersionForm
from s4jr.accounts.repeated_form import RepeatedFormMixin

__all__ = ["ChapterAdmin", "MessageAdmin", "ReportAdmin", "RepresentativeAdmin", "VolunteerOfferAdmin"]


class ChapterForm(SeenVersionForm):
    watched = ("slug", "name", "status", "country", "region", "area", "languages", "rhythm", "words", "how_to_join")

    class Meta:
        model = Chapter
        fields = ["slug", "name", "status", "country", "region", "area", "languages", "rhythm", "words", "how_to_join",
                  SEEN]  # fmt: skip


@admin.register(Chapter)
class ChapterAdmin(RepeatedFormMixin, LockedRowAdmin):
    """Representatives write the texts of their chapter; an admin changes its status and corrects fields."""

    form = ChapterForm
    fields = ["slug", "name", "status", "place", "area", "languages", "rhythm", "words", "how_to_join"]
    may_add_again = True
    list_display = ["name", "place", "status"]
    list_filter = ["status"]
    search_fields = ["name", "slug", "area"]
    ordering = ["country", "region", "name"]
    prepopulated_fields = {"slug": ["name"]}
    actions = None
