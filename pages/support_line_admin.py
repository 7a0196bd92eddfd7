"""Support lines in the admin: drafts that no reader sees, and lines that someone checked and published."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pages.models import SupportLine
from pages.seeded_admin import SeededAdmin, post_only
from pages.services import publish_line, unpublish_line
from pages.support_line_forms import PublishForm, SupportLineForm
from s4jr.accounts.edit_conflicts import SEEN
from s4jr.accounts.requests import signed_in_user
from s4jr.conflicts import ChangedMeanwhileError

FACTS = ["name", "slug", "country", "reach", "hours", "languages", "may_call_police"]
SOURCE = ["link", "source_words", "checked_on"]


@admin.register(SupportLine)
class SupportLineAdmin(SeededAdmin):
    """A new line is a draft. Only `publish_view` makes it public."""

    form = SupportLineForm
    list_display = ["name", "country", "state", "on_the_site"]
    list_select_related = ["proposed_by", "published_by"]
    ordering = ["is_published", "order", "name"]
    change_form_template = "admin/pages/support_line_form.html"

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        about_check = ["checked_today"] if obj and obj.is_published else ["to_check"]
        return [
            (None, {"fields": [*FACTS, SEEN]}),
            (_("Where the line says so itself"), {"fields": [*SOURCE, *about_check]}),
            (_("Order"), {"fields": ["order"], "classes": ["collapse"]}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["checked_on"] if obj and obj.is_published else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, list[str]]:
        return {} if obj else {"slug": ["name"]}

    def get_urls(self) -> list[Any]:
        own = [
            path("<int:pk>/publish/", self.admin_site.admin_view(self.publish_view), name="pages_supportline_publish"),
            path(
                "<int:pk>/unpublish/",
                self.admin_site.admin_view(self.unpublish_view),
                name="pages_supportline_unpublish",
            ),
        ]
        return [*own, *super().get_urls()]

    def save_model(self, request: HttpRequest, obj: SupportLine, form: SupportLineForm, change: bool) -> None:
        if not change:
            obj.proposed_by = signed_in_user(request)
        super().save_model(request, obj, form, change)

    def saved_in_words(self, row: Any) -> str:
        said = (
            gettext("“%(name)s” is saved, and readers see it now. No email was sent. To undo, change it back here.")
            if row.is_published
            else gettext("“%(name)s” is saved as a draft. Only admins see it. No email was sent.")
        )
        return said % {"name": row.name}

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        return self._after_save(request, obj)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self._after_save(request, obj)

    def _after_save(self, request, line):
        """“Save and publish” goes on to the page that asks whether the line was checked today."""
        back = self.back_to_list(request, self.saved_in_words(line))
        if "_publish" not in request.POST or line.is_published:
            return back
        return HttpResponseRedirect(reverse("admin:pages_supportline_publish", args=[line.pk]))

    # --- publishing

    def publish_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Shows the draft as readers would see it; POST publishes it, once someone says it was checked today."""
        line = self.changeable(request, pk)
        form = PublishForm(request.POST or None, line=line)
        if form.is_valid():
            return self._publish(request, line, form.cleaned_data["seen"])
        context = {"title": gettext("Publish “%(name)s”") % {"name": line.name}, "line": line, "form": form}
        return render(request, "admin/pages/publish.html", {**self.admin_site.each_context(request), **context})

    def _publish(self, request, line, seen):
        try:
            is_done = publish_line(line, seen=seen, by=signed_in_user(request))
        except ChangedMeanwhileError:
            messages.warning(
                request,
                gettext("“%(name)s” is not published: someone changed it while you checked it. Check it again.")
                % {"name": line.name},
            )
            return HttpResponseRedirect(reverse("admin:pages_supportline_publish", args=[line.pk]))
        said = (
            gettext(
                "“%(name)s” is published, and everyone can see it. No email was sent. To undo, open it here and "
                "select “Take down.”"
            )
            if is_done
            else gettext("Nothing changed: “%(name)s” is already published.")
        )
        return self.back_to_list(request, said % {"name": line.name})

    @post_only
    def unpublish_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        line = self.changeable(request, pk)
        said = (
            gettext(
                "“%(name)s” is a draft again, and readers no longer see it. No email was sent. To undo, publish it "
                "again."
            )
            if unpublish_line(line, by=signed_in_user(request))
            else gettext("Nothing changed: “%(name)s” is already a draft.")
        )
        return self.back_to_list(request, said % {"name": line.name})

    # --- columns

    @admin.display(description=_("status"))
    def state(self, line: SupportLine) -> str:
        return _published_in_words(line) if line.is_published else _draft_in_words(line)

    @admin.display(description=_("on the site"))
    def on_the_site(self, line: SupportLine) -> str:
        return self.see_link(f"{reverse('support')}#{line.slug}", line.name) if line.is_published else ""


def _published_in_words(line: SupportLine) -> str:
    values = {"day": SeededAdmin.in_words(line.checked_on), "who": line.published_by}
    if line.published_by:
        return gettext("Published by %(who)s, checked on %(day)s") % values
    return gettext("Published, checked on %(day)s") % values


def _draft_in_words(line: SupportLine) -> str:
    values = {"who": line.proposed_by, "what": line.to_check}
    if line.proposed_by and line.to_check:
        return gettext("Draft, proposed by %(who)s. To check: %(what)s") % values
    if line.proposed_by:
        return gettext("Draft, proposed by %(who)s") % values
    if line.to_check:
        return gettext("Draft. To check: %(what)s") % values
    return gettext("Draft")
