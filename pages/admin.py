"""Statistics and the team in the admin; support lines are in `support_line_admin.py`."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pages import support_line_admin  # noqa: F401  registers support lines
from pages.forms import BIO_BOXES, NEW_PERSON, StatisticForm, TeamMemberForm, seen_name
from pages.models import Statistic, TeamMember
from pages.seeded_admin import SeededAdmin, button_in_list, post_only
from pages.services import BIOS, new_bio_key, remove_person, save_bio, show_person_again, take_down
from pages.team import shown_in_words, why_not_shown
from s4jr.accounts.edit_conflicts import SEEN
from s4jr.accounts.requests import signed_in_user
from s4jr.form_fields.photos import answer_with

if TYPE_CHECKING:
    from s4jr.accounts.requests import SignedInRequest


@admin.register(Statistic)
class StatisticAdmin(SeededAdmin):
    form = StatisticForm
    list_display = ["label", "text", "source_state", "on_the_site"]
    search_fields = ["label", "text", "source"]
    fieldsets = [
        (None, {"fields": ["label", "slug", "text", "counts", "place", "year", SEEN]}),
        (_("Source"), {"fields": ["source", "link", "checked_on", "source_words"], "description": _(
            "Without a source, leave all four empty. The site then says that the source is not known yet."
        )}),
        (_("Drawing and order"), {"fields": ["lit", "ticks", "order"], "classes": ["collapse"]}),
    ]  # fmt: skip

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, list[str]]:
        return {} if obj else {"slug": ["label"]}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["slug"] if obj else []  # people may have cited its anchor

    @admin.display(description=_("source"))
    def source_state(self, statistic: Statistic) -> str:
        if not statistic.is_sourced:
            return gettext("No source yet")
        return gettext("%(source)s, checked on %(day)s") % {
            "source": statistic.source, "day": self.in_words(statistic.checked_on),
        }  # fmt: skip

    @admin.display(description=_("on the site"))
    def on_the_site(self, statistic: Statistic) -> str:
        return self.see_link(statistic.link_address, statistic.label)

    def saved_in_words(self, row: Any) -> str:
        return gettext(
            "“%(name)s” is saved, and readers see it now. No email was sent. To undo, change it back here."
        ) % {"name": row.label}


@admin.register(TeamMember)
class TeamMemberAdmin(SeededAdmin):
    form = TeamMemberForm
    list_display = ["name", "role", "where_shown", "photo_state", "on_the_site", "take_down_or_show"]
    fieldsets = [
        (None, {"fields": ["name", "pronouns", "role", "order", SEEN, "page_token"]}),
        (_("Bio"), {"fields": [*BIO_BOXES, *map(seen_name, BIO_BOXES)]}),
        (_("Photo"), {"fields": ["photo_now", "new_photo", "photo_alt", "remove_photo"]}),
        (_("Where they agreed to be shown"), {
            "fields": ["is_on_site", "is_in_press_kit", "consent_until"],
            "description": _("Each is a permission of its own. Check only what this person has agreed to."),
        }),
    ]  # fmt: skip
    readonly_fields = ["photo_now"]
    change_form_template = "admin/pages/team_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[TeamMember]:
        return TeamMember.objects.with_state().order_by("order", "name")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().get_changeform_initial_data(request), "page_token": NEW_PERSON.new_token(request)}

    def get_urls(self) -> list[Any]:
        """Take down and show again are one press each."""
        views = {"take-down": self.take_down_view, "show-again": self.show_again_view, "photo": self.photo_view}
        name = "pages_teammember_{}".format
        own = [
            path(f"<int:pk>/{step}/", self.admin_site.admin_view(view), name=name(step.replace("-", "_")))
            for step, view in views.items()
        ]
        return [*own, *super().get_urls()]

    def save_model(self, request: "SignedInRequest", obj: TeamMember, form: TeamMemberForm, change: bool) -> None:
        """A form for a new person that is submitted twice saves nothing the second time."""
        if not change and (earlier := TeamMember.objects.filter(form_token=form.mark).first()):
            obj.pk = earlier.pk
            obj.refresh_from_db()
            return
        if not change:
            obj.form_token = form.mark
        if not obj.text_block_key.startswith(BIOS):
            obj.text_block_key = new_bio_key(obj.name)
        super().save_model(request, obj, form, change)
        for language, text in form.changed_bios.items():
            save_bio(obj, language, text, by=request.user)

    def delete_model(self, request: HttpRequest, obj: TeamMember) -> None:
        remove_person(obj)

    def saved_in_words(self, row: Any) -> str:
        person = TeamMember.objects.with_state().get(pk=row.pk)
        return gettext("%(name)s is saved. %(where)s. No email was sent. To undo, change it back here.") % {
            "name": row.name, "where": shown_in_words(person),
        }  # fmt: skip

    # --- one press

    @post_only
    def take_down_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        person = self.changeable(request, pk)
        said = (
            gettext("%(name)s is no longer shown on any page. No email was sent. To undo, select “Show again” here.")
            if take_down(person, by=signed_in_user(request))
            else gettext("Nothing changed: %(name)s is already taken down.")
        )
        return self.back_to_list(request, said % {"name": person.name})

    @post_only
    def show_again_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        person = self.changeable(request, pk)
        is_done = show_person_again(person, by=signed_in_user(request))
        where = shown_in_words(TeamMember.objects.with_state().get(pk=pk))
        said = (
            gettext("%(name)s is no longer taken down. %(where)s. No email was sent. To undo, select “Take down” here.")
            if is_done
            else gettext("Nothing changed: %(name)s is not taken down. %(where)s.")
        )
        return self.back_to_list(request, said % {"name": person.name, "where": where})

    def photo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The photo for admins, also of someone who is not shown."""
        person = get_object_or_404(TeamMember, pk=pk)
        self.check_view(request, person)
        return answer_with(person.photo, request)

    # --- columns

    @admin.display(description=_("where"))
    def where_shown(self, person: Any) -> str:
        return shown_in_words(person)

    @admin.display(description=_("photo"))
    def photo_state(self, person: Any) -> str:
        return person.photo_alt if person.has_photo else gettext("No photo")

    @admin.display(description=_("photo now"))
    def photo_now(self, person: TeamMember) -> str:
        if not person.pk or not person.photo:
            return gettext("No photo")
        address = reverse("admin:pages_teammember_photo", args=[person.pk])
        return format_html('<img src="{}" alt="{}" width="160" height="160">', address, person.photo_alt)

    @admin.display(description=_("on the site"))
    def on_the_site(self, person: TeamMember) -> str:
        if why_not_shown(person):
            return ""
        address = reverse("people") if person.is_on_site else reverse("press")
        return self.see_link(f"{address}#text-block-{person.text_block_key}", person.name)

    @admin.display(description=_("take down"))
    def take_down_or_show(self, person: Any) -> str:
        if person.is_taken_down:
            words, said = gettext("Show again"), gettext("Show again: %(name)s")
            return button_in_list("admin:pages_teammember_show_again", person.pk, words, said % {"name": person.name})
        words, said = gettext("Take down"), gettext("Take down %(name)s")
        said %= {"name": person.name}
        return button_in_list("admin:pages_teammember_take_down", person.pk, words, said, "button button--danger")
