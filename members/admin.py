"""The members' changelist and the page of one record. The actions call `members.review.services`."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from members import users_admin  # noqa: F401 (registers itself)
from members.announcements import admin as announcements_admin  # noqa: F401 (registers itself)
from members.applications.ways_to_help import ways_in_words
from members.find.admin import FindAdmin
from members.find.filters import EVERYONE
from members.import_export.admin import ListAdmin
from members.inquiries import admin as inquiries_admin  # noqa: F401 (registers itself)
from members.inquiries import saved_replies_admin  # noqa: F401 (registers itself)
from members.models import Member
from members.notes.admin import NOTE, NotesAdmin
from members.querysets import MemberQuerySet
from members.review import notifications  # noqa: F401 (registers what tells the other admins)
from members.review.admin import ReviewAdmin
from members.review.outcome import take_outcome
from members.review.record_access import RECORD
from members.review.versions import with_version
from members.sent_emails.admin import SentEmailsAdmin
from s4jr.accounts.requests import SignedInRequest
from s4jr.mail.models import Suppression
from s4jr.pagination import LongListAdmin

ABOUT_IT = [
    "number", "status", "flagged", "received_on", "decided_by", "decided_at", "agreement_version", "agreed_at",
    "emails",
]  # fmt: skip


@admin.display(description=_("language"))
def language(member: Member) -> str:
    return member.language_name


@admin.display(description=_("ways to help"))
def ways_to_help(member: Member) -> str:
    return ways_in_words(member.ways_to_help)


#: Fields that the record page shows as text, because they store codes. The label is the field's own.
IN_WORDS = {"language": language, "ways_to_help": ways_to_help}
SEEN: list[Any] = [IN_WORDS.get(name, name) for name in RECORD]
#: The columns that the changelist loads.
QUEUE_SHOWS = ["number", "country", "region", "language", "received_on", "status", "flag_reason", "decided_at"]
#: What the status filter shows together with a button that undoes.
WITH_UNDO = {*Member.IN_GRACE_PERIOD, Member.Status.CLOSED, "in_grace_period", "closed_this_week", EVERYONE}


class Queue(ChangeList):
    """Loads no encrypted columns, because the list shows none."""

    def get_queryset(self, *args, **kwargs):
        return super().get_queryset(*args, **kwargs).only(*QUEUE_SHOWS)


@admin.register(Member)
class MemberAdmin(FindAdmin, ListAdmin, NotesAdmin, SentEmailsAdmin, ReviewAdmin, LongListAdmin, admin.ModelAdmin):
    list_display = ["__str__", "place", "tongue", "waiting", "status", "flagged"]
    sortable_by = ()  # always oldest first
    readonly_fields = [*SEEN, *ABOUT_IT]
    fieldsets = [(_("About the person"), {"fields": SEEN}), (_("About this application"), {"fields": ABOUT_IT})]
    actions = ["unflag_selected"]
    change_form_template = "admin/members/record.html"

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_changelist(self, request, **kwargs):
        return Queue

    def get_list_display(self, request: HttpRequest) -> list[str]:
        """With a button in each row, first where a phone shows it, in lists of decisions that can be undone."""
        shown = list(super().get_list_display(request))
        is_undoable = request.GET.get("status") in WITH_UNDO
        return [*shown[:1], "undo_button", *shown[1:]] if is_undoable else shown

    def get_ordering(self, request):
        return ["received_on", "pk"]

    @admin.display(description=_("language"))
    def tongue(self, member: Member) -> str:
        return member.language_name

    @admin.display(description=_("waiting"))
    def waiting(self, member: Member) -> str:
        if not member.is_undecided:
            return "-"
        days = (timezone.now().date() - member.received_on).days
        said = ngettext("%(days)d day", "%(days)d days", days) % {"days": days}
        if days <= settings.OVERDUE_AFTER_DAYS:
            return said
        return format_html('<strong class="overdue">{}</strong>', gettext("%(said)s, overdue") % {"said": said})

    @admin.display(description=_("flagged"))
    def flagged(self, member: Member) -> str:
        return member.get_flag_reason_display() or "-"

    @admin.display(description=_("emails"))
    def emails(self, member: Member) -> str:
        if not member.gets_emails:
            return gettext("never email")
        if member.paused_at:
            return gettext("paused")
        stopped = member.email_index and Suppression.objects.reason_for(member.email_index)
        return stopped.label if stopped else gettext("can be sent")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        shown = {"title": gettext("People"), "outcome": take_outcome(request)}
        return super().changelist_view(request, {**shown, **(extra_context or {})})

    # --- one record

    def get_opened_fields(self, record: Member) -> list[str]:
        return with_version(record, [NOTE, *RECORD])

    def get_record_context(self, request: SignedInRequest, record: Member) -> dict[str, Any]:
        below = {**self.emails_context(request, record), **self.notes_context(request, record)}
        shown = {"title": gettext("Application"), "outcome": take_outcome(request)}
        return {**shown, **self.flags(request, record), **below}

    # --- bulk actions

    def has_decide_many_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("members.decide_many") and self.has_change_permission(request)

    @admin.action(description=_("Mark selected applications as not spam"), permissions=["decide_many"])
    def unflag_selected(self, request: SignedInRequest, queryset: MemberQuerySet) -> None:
        self.unflag_and_report(request, queryset)
