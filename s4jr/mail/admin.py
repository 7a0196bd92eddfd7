"""Emails in the admin: their delivery status, never their content or recipient."""

import uuid
from collections.abc import Callable
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from s4jr.audit import record_access
from s4jr.audit.models import AccessLog
from s4jr.audit.services import log_access
from s4jr.content.catalog import email_name
from s4jr.content.files import all_files
from s4jr.content.live_texts import text_block
from s4jr.crypto.blind_index import blind_index
from s4jr.mail import services
from s4jr.mail.deliverability.check import check_sender
from s4jr.mail.deliverability.forms import CheckSettingsForm
from s4jr.mail.emails import Email, write_from
from s4jr.mail.forms import SuppressionForm
from s4jr.mail.kinds import TEST, TO_MANY
from s4jr.mail.listed_emails import emails_listed_for
from s4jr.mail.models import OutgoingEmail, Suppression
from s4jr.mail.pause_services import try_again_now
from s4jr.mail.querysets import OutgoingEmailQuerySet, SuppressionQuerySet
from s4jr.mail.test_email import own_address, write_test
from s4jr.pagination import ListedFilter, LongListAdmin
from s4jr.security.ratelimit import limited

FOUND = "found_suppressions"
#: Key prefix of email texts.
EMAILS = "emails/"
#: How long the check of the email settings may take: it keeps one of few threads busy.
SECONDS_A_PAGE = 5


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that only the site itself writes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def kind_in_words(kind: str) -> str:
    """The plain name of the text that an email of this kind is written from."""
    if kind == TO_MANY:
        return gettext("Announcement")
    return email_name(f"{EMAILS}{kind}") or kind


class KindFilter(ListedFilter):
    title = OutgoingEmail._meta.get_field("kind").verbose_name
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """An email's kind is the name of its text, except for announcements and the test email."""
        names = [key.removeprefix(EMAILS) for key, _language in all_files() if key.startswith(EMAILS)]
        kinds = {name.removesuffix("-discreet") for name in names if not name.startswith(TO_MANY)}
        return sorted(((kind, kind_in_words(kind)) for kind in kinds | {TO_MANY, TEST}), key=itemgetter(1))


@admin.register(OutgoingEmail)
class OutgoingEmailAdmin(LongListAdmin, ReadOnlyAdmin):
    list_display = [
        "which",
        "state",
        "created_at",
        "attempts",
        "next_attempt_at",
        "sent_at",
        "bounced_at",
        "last_error",
    ]
    list_filter = ["state", KindFilter]
    fields = [*list_display, "in_language"]
    readonly_fields = ["which", "in_language"]
    actions = ["send_again", "it_arrived", "it_bounced"]

    def get_urls(self) -> list[Any]:
        view = limited("test email", "10/h")(self.test_email)
        test = path("test/", self.admin_site.admin_view(view), name="mail_test_email")
        again = limited("sending again", "20/h")(require_POST(self.try_again))
        check = limited("check email settings", "10/h")(require_POST(self.check_settings))
        urls = [
            test,
            path("test/check/", self.admin_site.admin_view(check), name="mail_check_settings"),
            path("try-again/", self.admin_site.admin_view(again), name="mail_try_again"),
        ]
        return [*urls, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return emails_listed_for(request.user)

    @admin.display(description=_("email"))
    def which(self, email: OutgoingEmail) -> str:
        return self.name_of(email)

    @admin.display(description=_("language"))
    def in_language(self, email: OutgoingEmail) -> str:
        return dict(settings.LANGUAGES).get(email.language, email.language)

    def name_of(self, row: OutgoingEmail) -> str:
        return kind_in_words(row.kind)

    def has_send_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("mail.change_outgoingemail")

    @admin.action(description=_("Send again"), permissions=["send"])
    def send_again(self, request: HttpRequest, queryset: OutgoingEmailQuerySet) -> None:
        self._report(request, queryset, services.send_again)

    @admin.action(description=_("Mark as arrived"), permissions=["send"])
    def it_arrived(self, request: HttpRequest, queryset: OutgoingEmailQuerySet) -> None:
        self._report(request, queryset, services.mark_arrived)

    @admin.action(description=_("Mark as bounced, and stop emails to that address"), permissions=["send"])
    def it_bounced(self, request: HttpRequest, queryset: OutgoingEmailQuerySet) -> None:
        self._report(request, queryset, services.mark_bounced)

    def _report(
        self, request: HttpRequest, queryset: OutgoingEmailQuerySet, service: Callable[[OutgoingEmailQuerySet], int]
    ) -> None:
        emails = list(queryset.only("pk"))
        count = service(queryset)
        log_access(who=request.user, action=AccessLog.Action.SENT, records=emails, field_names=["state"])
        said = ngettext("%(count)d email changed.", "%(count)d emails changed.", count) % {"count": count}
        self.message_user(request, said, messages.SUCCESS if count else messages.WARNING)

    def try_again(self, request: HttpRequest) -> HttpResponse:
        """End the wait of a pause in sending: one email tries as soon as beat looks, in two seconds."""
        if not self.has_send_permission(request):
            raise PermissionDenied
        if try_again_now():
            said = gettext("One email is being tried now. Reload this page in a minute to see whether it worked.")
            messages.success(request, said)
        return redirect("admin:index")

    def test_email(self, request: HttpRequest) -> HttpResponse:
        if not self.has_send_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            said = gettext("The test email is in the outbox. This list shows its status.")
            write_test(request, lambda to: [_test_email(to, get_language())], said)
            return redirect(reverse("admin:mail_outgoingemail_changelist"))
        return self._test_page(request, CheckSettingsForm())

    def check_settings(self, request: HttpRequest) -> HttpResponse:
        """Show what other mail servers will find about our sender. This changes nothing, so it doesn't redirect."""
        if not self.has_send_permission(request):
            raise PermissionDenied
        form = CheckSettingsForm(request.POST)
        if not form.is_valid():
            return self._test_page(request, form)
        return self._test_page(request, form, findings=check_sender(form.selectors, seconds=SECONDS_A_PAGE))

    def _test_page(self, request, form, **shown):
        context = {**self.admin_site.each_context(request), "title": gettext("Test email"), "form": form}
        return render(request, "admin/mail/test.html", {**context, **own_address(request), **shown})


def _test_email(to, language):
    subject, body = write_from(text_block("emails/test", language))
    return Email(to=to, subject=subject, body=body, kind=TEST, dedupe_key=f"test:{uuid.uuid4()}")


class FoundFilter(admin.SimpleListFilter):
    """The result of the last search, by the primary keys in the session."""

    title = _("search")
    parameter_name = "found"

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.found = request.session.get(FOUND, [])
        super().__init__(request, *args, **kwargs)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("found by the last search"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(pk__in=self.found) if self.value() else queryset


@admin.register(Suppression)
class SuppressionAdmin(LongListAdmin, admin.ModelAdmin):
    """The do-not-email list. It stores no addresses, only keyed hashes by which they are found again."""

    list_title = _("Do-not-email list")
    list_display = ["reason", "scope", "created_on"]
    list_filter = ["scope", "reason", FoundFilter]
    search_fields = ["to_index"]  # shows the search box, which posts to `find_address`
    search_help_text = _("The full email address. Each search is logged and counted.")
    finds_at = "admin:mail_suppression_find"
    actions = ["lift"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["reason", "scope", "created_on"]

    def has_lift_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("mail.delete_suppression")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """No address appears in a URL: see `find_address`."""
        return (queryset.none() if search_term else queryset), False

    def get_urls(self) -> list[Any]:
        find = path("find/", self.admin_site.admin_view(require_POST(self.find_address)), name="mail_suppression_find")
        return [find, *super().get_urls()]

    def find_address(self, request: HttpRequest) -> HttpResponse:
        """Look up an address. The session stores the result as primary keys."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        term = request.POST.get("term", "").strip()
        found = list(Suppression.objects.filter(to_index=blind_index(term)).only("pk")) if term else []
        record_access.note_search(request.user, Suppression, found, ["to_index"], gettext("looking up an address"))
        request.session[FOUND] = [row.pk for row in found]
        return redirect(f"{reverse('admin:mail_suppression_changelist')}?found=1")

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Give the same answer whether or not the address is already on the list, and keep an existing entry as it is.

        The list reveals it all the same, before and after: each address is logged and counted like a search.
        """
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = SuppressionForm(request.POST or None)
        if not form.is_valid():
            title = gettext("Stop emails to an address")
            context = {**self.admin_site.each_context(request), "title": title, "form": form, "button": title}
            return render(request, "admin/one_form.html", context)
        self._stop(request, form)
        messages.success(request, gettext("This address gets no emails from us."))
        return redirect("admin:mail_suppression_changelist")

    def _stop(self, request, form):
        record_access.refuse_past_budget(request.user)
        with transaction.atomic():
            row = form.stop_emails()
            record_access.note_address(request.user, row, "to_index", gettext("stopping emails to an address"))

    @admin.action(description=_("Allow emails to selected addresses again"), permissions=["lift"])
    def lift(self, request: HttpRequest, queryset: SuppressionQuerySet) -> None:
        rows = list(queryset.only("pk", "reason"))
        lifted = [row for row in rows if row.reason != Suppression.Reason.NEVER]
        count = services.lift_stops(queryset)
        self._note(request, lifted)
        said = ngettext(
            "Emails can go to %(count)d address again.", "Emails can go to %(count)d addresses again.", count
        )
        self.message_user(request, said % {"count": count}, messages.SUCCESS if count else messages.WARNING)
        if count < len(rows):
            self.message_user(
                request, _("If someone asked us never to email, that address stays on the list."), messages.WARNING
            )

    def _note(self, request, rows):
        log_access(who=request.user, action=AccessLog.Action.CHANGED, records=rows, field_names=["reason"])
