"""The part of the members' ModelAdmin for the emails to one person: kind, status and day, never the content."""

import uuid
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from members.models import Member
from members.sent_emails import services
from members.sent_emails.kinds import name_of_kind
from s4jr.accounts.requests import SignedInRequest
from s4jr.mail.models import OutgoingEmail, Suppression

#: How many emails the record page lists.
LISTED_AT_MOST = 50


class SentEmailsAdmin(admin.ModelAdmin):
    """Mixin that goes before the members' ModelAdmin."""

    def get_urls(self) -> list[Any]:
        bounced = require_http_methods(["GET", "POST"])(self.mark_bounced)
        undo, here = require_POST(self.undo_bounced), "<int:pk>/emails/<uuid:email>"
        views = [
            path(f"{here}/bounced/", self.admin_site.admin_view(bounced), name="members_member_bounced"),
            path(f"{here}/bounced/undo/", self.admin_site.admin_view(undo), name="members_member_undo_bounced"),
        ]
        return views + super().get_urls()

    def emails_context(self, request: SignedInRequest, member: Member) -> dict[str, Any]:
        """Template context of the record page, in one query."""
        newest = list(services.emails_to(member)[: LISTED_AT_MOST + 1])
        return {
            "emails_to_them": [(email, name_of_kind(email.kind)) for email in newest[:LISTED_AT_MOST]],
            "has_older_emails": len(newest) > LISTED_AT_MOST,
            "can_mark_bounced": self._can_settle(request),
        }

    def mark_bounced(self, request: SignedInRequest, pk: int, email: uuid.UUID) -> HttpResponse:
        """The page that says what "It bounced" does; its button does it."""
        member = self._member_of_emails(request, pk)
        if request.method != "POST":
            return self._confirm_page(request, member, get_object_or_404(services.emails_to(member), pk=email))
        if services.mark_bounced(member, email, by=request.user):
            said = gettext(
                "The email to %(member)s is marked as bounced. Their address gets no more emails. No email was sent. "
                "To undo, select “It didn’t bounce” next to the email."
            )
            messages.success(request, said % {"member": member})
        else:
            _say_too_late(request, member)
        return redirect("admin:members_member_change", member.pk)

    def undo_bounced(self, request: SignedInRequest, pk: int, email: uuid.UUID) -> HttpResponse:
        member = self._member_of_emails(request, pk)
        if services.undo_bounced(member, email, by=request.user):
            messages.success(request, _what_holds_now(member))
        else:
            _say_too_late(request, member)
        return redirect("admin:members_member_change", member.pk)

    def _can_settle(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request) and request.user.has_perm("mail.change_outgoingemail")

    def _member_of_emails(self, request: HttpRequest, pk: int) -> Member:
        if not self._can_settle(request):
            raise PermissionDenied
        return get_object_or_404(Member, pk=pk)

    def _confirm_page(self, request: HttpRequest, member: Member, email: OutgoingEmail) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Did this email bounce?"),
            "opts": self.opts,
            "member": member,
            "email": email,
            "kind": name_of_kind(email.kind),
            "was_sent": email.state == OutgoingEmail.State.SENT,
        }
        return render(request, "admin/members/bounced.html", context)


def _say_too_late(request: HttpRequest, member: Member) -> None:
    said = gettext("Nothing changed for %(member)s: someone else changed this email first, or it wasn’t sent.")
    messages.warning(request, said % {"member": member})


def _what_holds_now(member: Member) -> str:
    stop = Suppression.objects.reason_for(member.email_index)
    if stop is None:
        said = gettext("Undone: the email to %(member)s counts as sent, and their address gets emails again.")
        return said % {"member": member}
    said = gettext(
        "Undone: the email to %(member)s counts as sent. Their address still gets no emails. The reason: %(reason)s."
    )
    return said % {"member": member, "reason": stop.label}
