"""Announcements in the admin: the list, and the form to write one."""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.announcements import messages as said
from members.announcements import services
from members.announcements.audience_words import in_words
from members.announcements.delivery_admin import DeliveryMixin
from members.announcements.forms import FIELDS_OF, NEW_ANNOUNCEMENT, AnnouncementForm
from members.models import Announcement
from s4jr.accounts.requests import SignedInRequest

State = Announcement.State
Audience = Announcement.Audience
#: One line about each audience on the page that asks for it.
ABOUT = {
    Audience.NEWS: _("Members who asked for news when they joined, or later."),
    Audience.PLACES: _("Members in one or more places, whether or not they asked for news."),
    Audience.CHAPTER: _("Members of one chapter, whether or not they asked for news."),
    Audience.WAYS: _("Members who checked a way to help, whether or not they asked for news."),
    Audience.REPRESENTATIVES: _("Everyone who is a representative now."),
}


@admin.register(Announcement)
class AnnouncementAdmin(DeliveryMixin, admin.ModelAdmin):
    form = AnnouncementForm
    list_display = ["subject", "whom", "state", "goes_out", "getting_it"]
    list_per_page = 50
    list_select_related = ["chapter"]
    show_full_result_count = False
    actions = None
    change_form_template = "admin/members/announcement/write.html"

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or obj.state == State.DRAFT)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or obj.state == State.DRAFT)

    # --- the list

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": gettext("Announcements"), **(extra_context or {})})

    @admin.display(description=_("who gets it"), ordering="audience")
    def whom(self, announcement: Announcement) -> str:
        return in_words(announcement)

    @admin.display(description=_("goes out"))
    def goes_out(self, announcement: Announcement) -> Any:
        if announcement.send_at:
            return said.moment(announcement, announcement.send_at)
        return announcement.started_at or "-"

    @admin.display(description=_("recipients"))
    def getting_it(self, announcement: Announcement) -> str:
        """How many people, unless the number could reveal something about one of them."""
        if announcement.state in (State.DRAFT, State.SCHEDULED):
            return "-"
        return gettext("not shown") if announcement.is_of_few else str(announcement.recipients)

    # --- writing

    def get_fieldsets(self, request, obj=None):
        """Without the audience, which is hidden: the template renders it."""
        whom = FIELDS_OF.get(_audience_in(request) or (obj.audience if obj else ""), ["language"])
        return [
            *([(_("Who gets it"), {"fields": whom})] if whom else []),
            (_("The email"), {"fields": ["subject", "body"]}),
            (_("The same email, discreet version"), {"fields": ["discreet_subject", "discreet_body"]}),
        ]

    def get_changeform_initial_data(self, request):
        return {**super().get_changeform_initial_data(request), "form_token": NEW_ANNOUNCEMENT.new_token(request)}

    def get_form(self, request, obj=None, change=False, **kwargs):
        shown = kwargs.pop("fields", None) or flatten_fieldsets(self.get_fieldsets(request, obj))
        form = super().get_form(request, obj, change, fields=["audience", *shown], **kwargs)
        cast("type[AnnouncementForm]", form).chosen_audience = _audience_in(request)
        return form

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        context = {"title": gettext("Write an announcement"), "subtitle": "", **(extra_context or {})}
        return super().changeform_view(request, object_id, form_url, context)

    def add_view(self, request, form_url="", extra_context=None):
        """Asks who gets it first: the form that follows has only the fields of that audience."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method != "POST" and not _audience_in(request):
            return self._ask_audience(request)
        return super().add_view(request, form_url, extra_context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        announcement = self.get_object(request, object_id)
        if announcement and announcement.state != State.DRAFT and self.has_view_permission(request):
            return redirect("admin:members_announcement_progress", announcement.pk)
        if announcement and "choose" in request.GET and self.has_change_permission(request, announcement):
            return self._ask_audience(request, announcement)
        return super().change_view(request, object_id, form_url, extra_context)

    def _ask_audience(self, request: HttpRequest, announcement: Announcement | None = None) -> HttpResponse:
        page = reverse("admin:members_announcement_add")
        if announcement:
            page = reverse("admin:members_announcement_change", args=[announcement.pk])
        choices = [(f"{page}?audience={value}", label, ABOUT[Audience(value)]) for value, label in Audience.choices]
        title = gettext("Who gets it?")
        return self._page(request, "choose", title, announcement or Announcement(), choices=choices)

    def save_model(self, request: SignedInRequest, obj: Announcement, form: AnnouncementForm, change: bool) -> None:
        """Changes nothing if the announcement was sent, scheduled or changed from another window meanwhile."""
        if not change:
            obj.pk = NEW_ANNOUNCEMENT.read_token(form.cleaned_data.get("form_token", "")).new_pk
            if not services.create_draft(obj, by=request.user):
                messages.warning(request, said.sent_before(Announcement.objects.get(pk=obj.pk)))
                return
        elif not services.rewrite(Announcement.objects.filter(pk=obj.pk, **form.watched), **form.changes()):
            messages.warning(request, said.not_a_draft(obj))
            return
        messages.success(request, said.saved(obj))

    def delete_model(self, request: HttpRequest, obj: Announcement) -> None:
        is_deleted = services.discard_drafts(Announcement.objects.filter(pk=obj.pk))
        if is_deleted:
            messages.success(request, said.deleted(obj))
        else:
            messages.warning(request, said.not_a_draft(obj))

    def response_delete(self, request, obj_display, obj_id):
        """Without Django's message: `delete_model` says what happened."""
        return redirect("admin:members_announcement_changelist")

    def response_add(self, request, obj, post_url_continue=None):
        return redirect("admin:members_announcement_look", obj.pk)

    def response_change(self, request, obj):
        return redirect("admin:members_announcement_look", obj.pk)


def _audience_in(request: HttpRequest) -> str:
    """The audience that the page was opened for, or that its form names; "" if there is none."""
    named = request.POST.get("audience") or request.GET.get("audience", "")
    return named if named in Audience else ""
