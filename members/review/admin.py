"""The review part of the members' ModelAdmin. Each view calls a service and reports the result."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from members.models import Member
from members.querysets import MemberQuerySet
from members.review import handouts, services
from members.review.duplicates import NAMED_AT_MOST, like
from members.review.forms import EndMembershipForm, NotNowForm
from members.review.outcome import remember_outcome, take_outcome, tell_nothing_changed, undo_address
from members.review.record_access import FACTS, PARTING, THEIR_WORDS, never_opened
from members.review.session import ReviewSession
from members.review.versions import changed_meanwhile, changed_since_seen, with_version
from s4jr.accounts.requests import SignedInRequest
from s4jr.audit import record_access
from s4jr.audit.models import AccessLog
from s4jr.audit.reason_required import ReasonRequiredMixin
from s4jr.audit.services import log_access
from s4jr.mail.models import OutgoingEmail

#: Actions without a form. `members.review.outcome` says what each did.
ACTIONS: dict[str, Callable[..., services.Decision]] = {
    "approve": services.approve,
    "keep-waiting": services.keep_waiting,
    "close": services.close,
    "reopen": services.reopen,
    "undo": services.undo,
    "note-next-step": services.note_next_step,
}
#: These need a read application. Otherwise an admin could skip unread ones to choose who comes next in the queue.
NEED_READING = ("approve", "keep-waiting", "close")
#: These undo a decision. An admin who does this often within an hour is reported to the others.
UNDOING = ("reopen", "undo")
#: These work even if the application changed since it was read.
WHATEVER_CHANGED = (*UNDOING, "note-next-step")


class ReviewAdmin(ReasonRequiredMixin, admin.ModelAdmin):
    """Mixin that goes before the members' ModelAdmin: reviews applications one by one."""

    def get_urls(self):
        views = [
            path("read/", self._door(require_POST(self.start_reading)), name="members_member_start_reading"),
            path("read/keys/", self._door(require_POST(self.turn_keys)), name="members_member_review_keys"),
            path("read/next/", self._door(require_safe(self.read_next)), name="members_member_read"),
            path("<int:pk>/not-now/", self._door(self.not_now), name="members_member_not_now"),
            path("<int:pk>/step-back/", self._door(self.end_membership), name="members_member_end_membership"),
            path("<int:pk>/unflag/", self._door(require_POST(self.unflag)), name="members_member_unflag"),
            path("<int:pk>/skip/", self._door(require_POST(self.skip)), name="members_member_skip"),
            path("<int:pk>/same-person/", self._door(require_POST(self.same_person)), name="members_member_same"),
            path("<int:pk>/<str:word>/action/", self._door(require_POST(self.action)), name="members_member_action"),
        ]
        return views + super().get_urls()

    def _door(self, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not self.has_change_permission(request):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return self.admin_site.admin_view(wrapper)

    # --- reading

    def start_reading(self, request: HttpRequest) -> HttpResponse:
        ReviewSession(request.session).begin()
        return redirect("admin:members_member_read")

    def turn_keys(self, request: HttpRequest) -> HttpResponse:
        """Turns the single-key shortcuts of the review on or off, for this sign-in."""
        ReviewSession(request.session).turn_keys(on="on" in request.POST)
        return redirect("admin:members_member_read")

    def read_next(self, request: SignedInRequest) -> HttpResponse:
        review_session = ReviewSession(request.session)
        if not review_session.is_open:
            return redirect("admin:index")
        member = review_session.hand_out(request.user)
        if member is None:
            context = self._context(request, gettext("No applications are waiting"))
            return render(request, "admin/members/nobody_waits.html", {**context, "outcome": take_outcome(request)})
        why, from_queue = gettext("reviewing applications"), record_access.Budget.QUEUE
        record_access.open_for(request, member, with_version(member, FACTS + THEIR_WORDS), why, from_queue)
        return render(request, "admin/members/read.html", self._read_context(request, member, review_session))

    def _read_context(self, request: SignedInRequest, member: Member, review_session: ReviewSession) -> dict[str, Any]:
        position, total = review_session.position()
        numbers = {"position": position, "total": total}
        return {
            **self._context(request, gettext("Application %(position)d of %(total)d") % numbers),
            "member": member,
            "facts": self._labelled(member, self._facts(member)),
            "words": self._labelled(member, {name: getattr(member, name) for name in THEIR_WORDS}),
            "has_keys": review_session.has_keys,
            "outcome": take_outcome(request),
            **self.flags(request, member),
        }

    def _facts(self, member: Member) -> dict[str, Any]:
        return {
            "name": member.name,
            "pronouns": member.pronouns,
            "region": member.place,
            "contact": member.get_contact_display(),
            "language": member.language_name,
        }

    def _labelled(self, member: Member, values: dict[str, Any]) -> list[tuple[Any, Any]]:
        return [(member._meta.get_field(name).verbose_name, value) for name, value in values.items() if value]

    def flags(self, request: SignedInRequest, member: Member) -> dict[str, Any]:
        """Template context for each page about one person: who else reads it, possible duplicates, and emails in the
        outbox."""
        return {
            "open_with": handouts.name_of_holder(member, request.user),
            "perhaps": self._likely_the_same(request, member),
            "emails_on_their_way": OutgoingEmail.objects.filter(about=member.about).on_their_way(),
        }

    def _likely_the_same(self, request: SignedInRequest, member: Member) -> list[Member]:
        """Returns the newest possible duplicates, and logs each of them.

        Logged, because an admin could apply under a guessed name to find out whether someone of that name is here.
        """
        found = like(member)[-NAMED_AT_MOST:]
        reason = gettext("possible duplicate of No. %(number)s") % {"number": member.number}
        log_access(
            who=request.user, action=AccessLog.Action.SEARCHED, records=found, field_names=["name"], reason=reason
        )
        return found

    def _context(self, request: HttpRequest, title: str) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "title": title, "opts": self.opts}

    # --- actions

    def action(self, request: SignedInRequest, pk: int, word: str) -> HttpResponse:
        if word not in ACTIONS:
            raise Http404
        member = get_object_or_404(Member, pk=pk)
        if word not in WHATEVER_CHANGED and changed_since_seen(request, member):
            return self._shown_again(request, member)
        if word in NEED_READING and never_opened(request.user, Member.objects.filter(pk=pk)):
            return self._unread(request, member)
        decision = ACTIONS[word](member.row if word in WHATEVER_CHANGED else member.as_read, by=request.user)
        if word in UNDOING and decision.won:
            record_access.note_undo(request.user, decision.won)
        return self._decided(request, member, decision, is_undone=word in UNDOING)

    def _unread(self, request: SignedInRequest, member: Member) -> HttpResponse:
        messages.warning(request, gettext("Open the record first."))
        return self._onward(request, member)

    def _decided(
        self, request: SignedInRequest, member: Member, decision: services.Decision, *, is_undone: bool = False
    ) -> HttpResponse:
        if not decision.won and changed_meanwhile(member):
            return self._shown_again(request, member)
        if not decision.won:
            tell_nothing_changed(request, member, is_undo=is_undone)
            return self._onward(request, member)
        remember_outcome(request.session, member, is_undone=is_undone)
        if is_undone:
            ReviewSession(request.session).take_back(member)
            return self._show_next(request)
        return self._onward(request, member)

    def _shown_again(self, request: HttpRequest, member: Member) -> HttpResponse:
        """Redirects to the application without a decision, because it changed after this admin opened it."""
        said = gettext("This changed since you opened it. No decision was saved. Read it again first.")
        messages.warning(request, said)
        if self._in_review_session(request):
            return redirect("admin:members_member_read")
        return redirect("admin:members_member_change", member.pk)

    def skip(self, request: SignedInRequest, pk: int) -> HttpResponse:
        return self._onward(request, get_object_or_404(Member, pk=pk))

    def same_person(self, request: SignedInRequest, pk: int) -> HttpResponse:
        """Closes this application as a duplicate, without an email, and keeps the other one."""
        member = get_object_or_404(Member, pk=pk)
        if changed_since_seen(request, member):
            return self._shown_again(request, member)
        if never_opened(request.user, Member.objects.filter(pk=pk)):
            return self._unread(request, member)
        kept = get_object_or_404(Member, number=request.POST.get("kept", ""))
        said = gettext("duplicate of No. %(number)s") % {"number": kept.number}
        decision = services.close_as_duplicate(member.as_read, kept, by=request.user, reason=said)
        return self._decided(request, member, decision)

    def unflag(self, request: SignedInRequest, pk: int) -> HttpResponse:
        member = get_object_or_404(Member, pk=pk)
        if changed_since_seen(request, member):
            return self._shown_again(request, member)
        self.unflag_and_report(request, member.as_read)
        return self._onward(request, member)

    def unflag_and_report(self, request: SignedInRequest, members: MemberQuerySet) -> None:
        """Unflags these and says which, and what leaves. The next run of the task queues their emails."""
        numbers = [f"No. {number}" for number in members.exclude(flag_reason="").values_list("number", flat=True)]
        count = services.unflag(members, by=request.user)
        if not count:
            messages.warning(request, gettext("Nothing changed: these are no longer marked as possible spam."))
            return
        said = ngettext(
            "%(count)d application marked as not spam.", "%(count)d applications marked as not spam.", count
        )
        which = ", ".join(numbers[:NAMED_AT_MOST]) + (", …" if len(numbers) > NAMED_AT_MOST else "")
        leaves = gettext("Emails that ask to confirm an address go out within a few minutes: %(numbers)s.")
        undo = gettext("This can’t be undone. You can still close an application.")
        messages.success(request, " ".join([said % {"count": count}, leaves % {"numbers": which}, undo]))

    def not_now(self, request: SignedInRequest, pk: int) -> HttpResponse:
        member = get_object_or_404(Member, pk=pk)
        is_read_version = not changed_since_seen(request, member)
        if is_read_version and member.is_undecided and never_opened(request.user, Member.objects.filter(pk=pk)):
            return self._unread(request, member)
        return self._with_words(request, pk, NotNowForm, services.decline, gettext("Not now?"))

    def end_membership(self, request: SignedInRequest, pk: int) -> HttpResponse:
        return self._with_words(request, pk, EndMembershipForm, services.end_membership, gettext("End membership?"))

    def _with_words(
        self,
        request: SignedInRequest,
        pk: int,
        form_class: type[NotNowForm] | type[EndMembershipForm],
        decide: Callable[..., services.Decision],
        title: str,
    ) -> HttpResponse:
        member = get_object_or_404(Member, pk=pk)
        if changed_since_seen(request, member):
            return self._shown_again(request, member)
        if not_open := self.ask_to_continue(request, member, with_version(member, PARTING)):
            return not_open
        form = form_class(request.POST or None, member=member)
        if not form.is_valid() or "preview" in request.POST:
            return self._ask_words(request, member, form, title)
        decision = decide(member.as_read, by=request.user, parting_email=form.parting_email(), **form.said())
        if self._was_proposed(request, member):
            said = gettext(
                "You proposed “Not now” for No. %(number)s. No email goes out yet. When another admin also selects "
                "“Not now”, the one-hour wait starts."
            )
            messages.success(request, said % {"number": member.number})
            return self._onward(request, member)
        return self._decided(request, member, decision)

    def _ask_words(
        self, request: SignedInRequest, member: Member, form: NotNowForm | EndMembershipForm, title: str
    ) -> HttpResponse:
        """The page of a decision that needs a text. With "preview" it shows the email as it will be sent."""
        if self._in_review_session(request):
            handouts.hand_out(member.row, to=request.user)
        context = {**self._context(request, title), "member": member, "form": form, **self.flags(request, member)}
        context["preview"] = form.preview() if "preview" in request.POST else None
        return render(request, "admin/members/with_words.html", context)

    def _was_proposed(self, request: SignedInRequest, member: Member) -> bool:
        return member.as_read.undecided().filter(proposed_by=request.user).exists()

    @admin.display(description=_("undo"))
    def undo_button(self, member: Member) -> str:
        """Undoes the decision in this row without opening the record. `change_list.html` has the form it belongs to."""
        if not (address := undo_address(member)):
            return ""
        label = gettext("Undo the decision about No. %(number)s") % {"number": member.number}
        button = '<button type="submit" form="undo-a-row" formaction="{}" aria-label="{}">{}</button>'
        return format_html(button, address, label, gettext("Undo"))

    def _onward(self, request: SignedInRequest, member: Member) -> HttpResponse:
        """Redirects to the next application of the review session, or to the changelist."""
        ReviewSession(request.session).see(member)
        handouts.give_back(member.row, by=request.user)
        return self._show_next(request)

    def _show_next(self, request: HttpRequest) -> HttpResponse:
        in_review_session = self._in_review_session(request)
        return redirect("admin:members_member_read" if in_review_session else "admin:members_member_changelist")

    def _in_review_session(self, request: HttpRequest) -> bool:
        return ReviewSession(request.session).is_open and (
            "review_session" in request.POST or "review_session" in request.GET
        )
