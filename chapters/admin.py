"""The admin of chapters. Each part of the app has its own admin module."""

from django.contrib import admin
from django.urls import URLPattern
from django.utils.translation import ngettext

from chapters.chapter_form import ChapterForm
from chapters.list_import.admin import ListImportMixin
from chapters.list_import.kinds import CHAPTERS
from chapters.models import Chapter
from chapters.representative_messages.admin import MessageAdmin, ReportAdmin
from chapters.representatives.admin import RepresentativeAdmin
from chapters.volunteer_offers.admin import VolunteerOfferAdmin
from s4jr.accounts.edit_conflicts import SEEN, LockedRowAdmin
from s4jr.accounts.repeated_form import RepeatedFormMixin

__all__ = ["ChapterAdmin", "MessageAdmin", "ReportAdmin", "RepresentativeAdmin", "VolunteerOfferAdmin"]


@admin.register(Chapter)
class ChapterAdmin(RepeatedFormMixin, ListImportMixin, LockedRowAdmin):
    """Representatives write the texts of their chapter; an admin changes its status and corrects fields."""

    form = ChapterForm
    fields = ["slug", "name", "status", "place", "area", "languages", "rhythm", "words", "how_to_join", SEEN]
    may_add_again = True
    list_display = ["name", "place", "status"]
    list_filter = ["status"]
    search_fields = ["name", "slug", "area"]
    ordering = ["country", "region", "name"]
    prepopulated_fields = {"slug": ["name"]}
    actions = None
    list_kind = CHAPTERS

    def get_urls(self) -> list[URLPattern]:
        return [*self.import_urls(), *super().get_urls()]

    def imported_in_words(self, count: int) -> str:
        said = ngettext(
            "%d chapter imported. It isn’t public until you open it.",
            "%d chapters imported. They aren’t public until you open them.",
            count,
        )
        return said % count
