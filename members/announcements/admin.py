"""Announcements in the admin: write, preview in both versions, send, pause, stop."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from members.announcements import services
from members.announcements.audience import audience_of, in_words
from members.announcements.delivery_status import progress_of
from members.announcements.emails import preview, trial_emails
from members.announcements.forms import WHOM, AnnouncementForm, SendForm
from members.models import Announcement
from s4jr.accounts.requests import SignedInRequest
from s4jr.content.validators import PlainPreview
from s4jr.mail.kinds import TOLD_FROM
from s4jr.mail.test_email import own_address, write_test
from s4jr.security.ratelimit import limited

State = Announcement.State
#: The actions while an announcement is being sent: the service, and the message after a change.
ACTIONS: dict[str, tuple[Callable[..., Any], str]] = {
    "pause": (services.pause_sending, _("Paused. Emails already in the outbox still go out. No more are prepared.")),
    "resume": (services.resume_sending, _("Sending continues from where it paused.")),
    "stop": (services.stop_sending, _("Stopped. Emails that weren’t being sent yet are canceled.")),
}


@admin.register(Announcement)
class AnnouncementAdmin(admin.ModelAdmin):
    form = AnnouncementForm
    list_display = ["subject", "audience", "state", "getting_it", "emails_written", "made_at"]
    list_filter = ["state", "audience"]
    list_per_page = 50
    show_full_result_count = False
    actions = None
    change_form_template = "admin/members/announcement/write.html"
    fieldsets = [
        (_("Who gets it"), {"fields": WHOM}),
        (_("The email"), {"fields": ["subject", "body"]}),
        (_("The same email, discreet version"), {"fields": ["discreet_subject", "discreet_body"]}),
    ]

    def get_urls(self):
        test = limited("test email", "10/h")(self._door("change", require_POST(self.send_test)))
        views = [
            path("<uuid:pk>/look/", self._door("view", require_safe(self.look)), name="members_announcement_look"),
            path("<uuid:pk>/test/", test, name="members_announcement_test"),
            path("<uuid:pk>/send/", self._door("send", self.send), name="members_announcement_send"),
            path(
                "<uuid:pk>/progress/", self._door("view", require_safe(self.progress)),
                name="members_announcement_progress",
            ),
            path(
                "<uuid:pk>/<str:word>/action/", self._door("send", require_POST(self.action)),
                name="members_announcement_action",
            ),
        ]  # fmt: skip
        return views + super().get_urls()

    def _door(self, verb: str, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        """Checks the permission and passes the announcement to the view."""

        def wrapper(request: HttpRequest, pk: uuid.UUID, **kwargs: Any) -> HttpResponse:
            if not getattr(self, f"has_{verb}_permission")(request):
                raise PermissionDenied
            return view(request, get_object_or_404(Announcement, pk=pk), **kwargs)

        return self.admin_site.admin_view(wrapper)

    def has_send_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("members.send_announcement")

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or obj.state == State.DRAFT)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or obj.state == State.DRAFT)

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": gettext("Announcements"), **(extra_context or {})})

    @admin.display(description=_("recipients"))
    def getting_it(self, announcement: Announcement) -> str | int:
        return _told(announcement, announcement.meant_for)

    @admin.display(description=_("emails prepared"))
    def emails_written(self, announcement: Announcement) -> str | int:
        return _told(announcement, announcement.written)

    # --- writing

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        context = {"title": gettext("Write an announcement"), "subtitle": "", **(extra_context or {})}
        return super().changeform_view(request, object_id, form_url, context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        announcement = self.get_object(request, object_id)
        if announcement and announcement.state != State.DRAFT and self.has_view_permission(request):
            return redirect("admin:members_announcement_progress", announcement.pk)
        return super().change_view(request, object_id, form_url, extra_context)

    def save_model(self, request: SignedInRequest, obj: Announcement, form: AnnouncementForm, change: bool) -> None:
        """Changes nothing if the announcement was sent from another window meanwhile."""
        if not change:
            services.create_draft(obj, by=request.user)
        elif not services.rewrite(Announcement.objects.filter(pk=obj.pk), **form.cleaned_data):
            messages.warning(request, _("Someone already started sending this announcement. Nothing was changed."))

    def delete_model(self, request: HttpRequest, obj: Announcement) -> None:
        services.discard_drafts(Announcement.objects.filter(pk=obj.pk))

    def response_add(self, request, obj, post_url_continue=None):
        return redirect("admin:members_announcement_look", obj.pk)

    def response_change(self, request, obj):
        return redirect("admin:members_announcement_look", obj.pk)

    # --- preview

    def look(self, request: SignedInRequest, announcement: Announcement) -> HttpResponse:
        shown = {"previews": _both_forms(announcement), "reach": audience_of(announcement).reach()}
        return self._page(
            request, "look", gettext("Preview before sending"), announcement, **shown, **own_address(request)
        )

    def send_test(self, request: SignedInRequest, announcement: Announcement) -> HttpResponse:
        """Sends both versions to the signed-in user only: a typed address could be anyone's."""
        write_test(
            request,
            # LocaleMiddleware adds the attribute, which the stubs do not know.
            lambda to: trial_emails(announcement, to, request.LANGUAGE_CODE, uuid.uuid4()),  # pyright: ignore[reportAttributeAccessIssue]
            gettext("Both versions are in the outbox, on their way to you."),
        )
        return redirect("admin:members_announcement_look", announcement.pk)

    # --- sending

    def send(self, request: SignedInRequest, announcement: Announcement) -> HttpResponse:
        if announcement.state != State.DRAFT:
            return redirect("admin:members_announcement_progress", announcement.pk)
        form = SendForm(request.POST if request.method == "POST" else None, announcement=announcement)
        if form.is_valid() and services.start_sending(form.seen_email(), by=request.user):
            messages.success(request, _("Sending has started."))
            return redirect("admin:members_announcement_progress", announcement.pk)
        if form.is_bound:
            messages.warning(
                request, _("Someone changed this announcement while you were looking at it. Check it again.")
            )
            return redirect("admin:members_announcement_look", announcement.pk)
        reach = audience_of(announcement).reach()
        seen = {"form": form, "reach": reach, "previews": _both_forms(announcement)}
        return self._page(request, "send", gettext("Send this announcement?"), announcement, **seen)

    def action(self, request: SignedInRequest, announcement: Announcement, word: str) -> HttpResponse:
        if word not in ACTIONS:
            raise Http404
        service, done = ACTIONS[word]
        if service(Announcement.objects.filter(pk=announcement.pk), by=request.user):
            messages.success(request, done)
        else:
            messages.warning(request, _("Someone else acted first. Check the delivery status."))
        return redirect("admin:members_announcement_progress", announcement.pk)

    def progress(self, request: HttpRequest, announcement: Announcement) -> HttpResponse:
        title, previews = gettext("Delivery status"), []
        for discreet, heading in ((False, gettext("The email")), (True, gettext("Discreet version"))):
            previews.append(preview(announcement, discreet=discreet, heading=heading))
        progress = None if announcement.is_of_few else progress_of(announcement)
        return self._page(request, "progress", title, announcement, progress=progress, previews=previews)

    def _page(
        self, request: HttpRequest, name: str, title: str, announcement: Announcement, **context: Any
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "title": title,
            "announcement": announcement, "whom": in_words(announcement), "may_send": self.has_send_permission(request),
            "may_change": self.has_change_permission(request, announcement), **context,
        }  # fmt: skip
        return render(request, f"admin/members/announcement/{name}.html", context)


def _told(announcement: Announcement, count: int) -> str | int:
    """A number about an announcement, unless it is so small that it would reveal individuals."""
    if announcement.state == State.DRAFT:
        return "-"
    return gettext("fewer than %(count)d") % {"count": TOLD_FROM} if announcement.is_of_few else count


def _both_forms(announcement: Announcement) -> list[PlainPreview]:
    return [
        preview(announcement, discreet=False, heading=gettext("The email")),
        preview(announcement, discreet=True, heading=gettext("The same email, discreet version")),
    ]
