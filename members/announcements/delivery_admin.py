"""Preview, test, send, schedule, pause and stop an announcement in the admin."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from members.announcements import messages as said
from members.announcements import services
from members.announcements.audience import audience_of
from members.announcements.audience_words import in_words
from members.announcements.delivery_status import in_ranges, progress_of
from members.announcements.discreet_proposal import propose
from members.announcements.emails import preview, trial_emails
from members.announcements.querysets import AnnouncementQuerySet
from members.announcements.reach import skipped_in_ranges
from members.announcements.send_forms import CHANGED, ScheduleForm, SendForm
from members.models import Announcement
from s4jr.accounts.requests import SignedInRequest
from s4jr.content.validators import PlainPreview
from s4jr.mail.test_email import own_address, write_test
from s4jr.security.ratelimit import limited

State = Announcement.State
#: The actions after it was sent or scheduled: the service, and the message after a change.
ACTIONS: dict[str, tuple[Callable[..., Any], Callable[[Announcement], str]]] = {
    "cancel": (services.cancel_schedule, said.canceled),
    "pause": (services.pause_sending, said.paused),
    "resume": (services.resume_sending, said.resumed),
    "stop": (services.stop_sending, said.stopped),
}


class DeliveryMixin(admin.ModelAdmin):
    """The pages of one announcement besides its form. Mix in before ModelAdmin."""

    def get_urls(self):
        test = limited("test email", "10/h")(self._door("change", require_POST(self.send_test)))
        pages = {
            "look": self._door("view", require_safe(self.look)),
            "test": test,
            "send": self._door("send", self.send),
            "schedule": self._door("send", self.schedule),
            "progress": self._door("view", require_safe(self.progress)),
        }
        action = path(
            "<uuid:pk>/<str:word>/action/", self._door("send", require_POST(self.action)),
            name="members_announcement_action",
        )  # fmt: skip
        views = [path(f"<uuid:pk>/{name}/", view, name=f"members_announcement_{name}") for name, view in pages.items()]
        return [*views, action, *super().get_urls()]

    def _door(self, verb: str, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        """Checks the permission and passes the announcement to the view."""

        def wrapper(request: HttpRequest, pk: uuid.UUID, **kwargs: Any) -> HttpResponse:
            if not getattr(self, f"has_{verb}_permission")(request):
                raise PermissionDenied
            return view(request, get_object_or_404(Announcement.objects.select_related("chapter"), pk=pk), **kwargs)

        return self.admin_site.admin_view(wrapper)

    def has_send_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("members.send_announcement")

    # --- preview

    def look(self, request: SignedInRequest, announcement: Announcement) -> HttpResponse:
        return self._show_preview(request, announcement)

    def _show_preview(
        self, request: SignedInRequest, announcement: Announcement, schedule_form: ScheduleForm | None = None
    ) -> HttpResponse:
        shown = {
            "previews": _both_forms(announcement),
            "reach": audience_of(announcement).reach(),
            "is_proposed": announcement.discreet_body == propose(announcement.body).body,
            "missed": said.moment(announcement, announcement.missed_at) if announcement.missed_at else "",
        }
        if announcement.state == State.DRAFT and self.has_send_permission(request):
            shown["form"] = SendForm(announcement=announcement)
            shown["schedule_form"] = schedule_form or ScheduleForm(announcement=announcement, auto_id="schedule_%s")
        title = gettext("Preview before sending")
        return self._page(request, "look", title, announcement, **shown, **own_address(request))

    def send_test(self, request: SignedInRequest, announcement: Announcement) -> HttpResponse:
        """Sends both versions to the signed-in user only: a typed address could be anyone's."""
        is_written = write_test(
            request,
            # LocaleMiddleware adds the attribute, which the stubs do not know.
            lambda to: trial_emails(announcement, to, request.LANGUAGE_CODE, uuid.uuid4()),  # pyright: ignore[reportAttributeAccessIssue]
            gettext("Both versions are in the outbox, on their way to you."),
        )
        if is_written:
            services.note_test(SendForm(announcement=announcement).seen_email())
        return redirect("admin:members_announcement_look", announcement.pk)

    # --- sending

    def send(self, request: SignedInRequest, announcement: Announcement) -> HttpResponse:
        if request.method != "POST":
            return redirect("admin:members_announcement_look", announcement.pk)
        form = SendForm(request.POST, announcement=announcement)
        if form.is_valid() and services.start_sending(form.seen_email(), by=request.user):
            announcement.refresh_from_db()
            messages.success(request, said.sending(announcement))
            return redirect("admin:members_announcement_progress", announcement.pk)
        return self._refuse(request, announcement)

    def schedule(self, request: SignedInRequest, announcement: Announcement) -> HttpResponse:
        if request.method != "POST":
            return redirect("admin:members_announcement_look", announcement.pk)
        if announcement.state != State.DRAFT:
            return self._refuse(request, announcement)
        form = ScheduleForm(request.POST, announcement=announcement, auto_id="schedule_%s")
        if not form.is_valid():
            return self._show_preview(request, announcement, form)
        if not self._schedule_as_seen(request, form.seen_email(), form.cleaned_data):
            return self._refuse(request, announcement)
        announcement.refresh_from_db()
        messages.success(request, said.scheduled(announcement))
        return redirect("admin:members_announcement_progress", announcement.pk)

    def _schedule_as_seen(self, request: SignedInRequest, seen: AnnouncementQuerySet, when: dict[str, Any]) -> bool:
        return bool(services.schedule(seen, send_at=when["send_at"], zone=when["zone"], by=request.user))

    def _refuse(self, request: SignedInRequest, announcement: Announcement) -> HttpResponse:
        """Another admin changed, sent or scheduled it first: nothing happens, and the page shows it as it is now."""
        announcement.refresh_from_db()
        if announcement.state == State.DRAFT:
            messages.warning(request, CHANGED)
            return redirect("admin:members_announcement_look", announcement.pk)
        messages.warning(request, said.too_late(announcement))
        return redirect("admin:members_announcement_progress", announcement.pk)

    def action(self, request: SignedInRequest, announcement: Announcement, word: str) -> HttpResponse:
        if word not in ACTIONS:
            raise Http404
        act, message = ACTIONS[word]
        if act(Announcement.objects.filter(pk=announcement.pk), by=request.user):
            messages.success(request, message(announcement))
        else:
            messages.warning(request, said.too_late(announcement))
        return redirect("admin:members_announcement_progress", announcement.pk)

    def progress(self, request: HttpRequest, announcement: Announcement) -> HttpResponse:
        if announcement.state == State.DRAFT:
            return redirect("admin:members_announcement_look", announcement.pk)
        context: dict[str, Any] = {"previews": _both_forms(announcement)}
        if announcement.send_at:
            context |= {
                "reach": audience_of(announcement).reach(), "moment": said.moment(announcement, announcement.send_at)
            }  # fmt: skip
        elif not announcement.is_of_few:
            progress = progress_of(announcement)
            context |= {"progress": progress, "numbers": in_ranges(progress, announcement)}
            context["skipped"] = skipped_in_ranges(announcement.skipped)
        return self._page(request, "progress", gettext("Delivery status"), announcement, **context)

    def _page(
        self, request: HttpRequest, name: str, title: str, announcement: Announcement, **context: Any
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "title": title,
            "record_name": str(announcement) if announcement.subject else "",
            "announcement": announcement, "whom": in_words(announcement), "may_send": self.has_send_permission(request),
            "may_change": self.has_change_permission(request, announcement), **context,
        }  # fmt: skip
        return render(request, f"admin/members/announcement/{name}.html", context)


def _both_forms(announcement: Announcement) -> list[PlainPreview]:
    return [
        preview(announcement, discreet=False, heading=gettext("The email")),
        preview(announcement, discreet=True, heading=gettext("The same email, discreet version")),
    ]
