"""The queue and the record of one person. The admin is a door: the verbs are the members' own."""

from django.contrib import admin, messages
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from members.models import Member
from s4jr.privacy.models import AccessLog

#: What a record shows. The relation (survivor, ally) is not for who decides.
SHOWN = [
    "name",
    "pronouns",
    "place",
    "email",
    "contact",
    "language",
    "ways_to_help",
    "access_needs",
    "message",
]
ABOUT_IT = ["number", "status", "held", "received_on", "decided_by", "decided_at", "agreement_version", "agreed_at"]


class StatusFilter(admin.SimpleListFilter):
    """The queue opens on who is waiting; everybody else is one press away."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, request, model_admin):
        return [("all", _("everybody")), *Member.Status.choices]

    def value(self):
        return super().value() or Member.Status.WAITING

    def queryset(self, request, queryset):
        return queryset if self.value() == "all" else queryset.filter(status=self.value())

    def choices(self, changelist):
        return list(super().choices(changelist))[1:]


@admin.register(Member)
class MemberAdmin(admin.ModelAdmin):
    list_display = ["__str__", "place", "days_waiting", "status", "held"]
    list_filter = [StatusFilter]
    list_per_page = 50
    sortable_by = ()  # the oldest first, always
    show_full_result_count = False
    readonly_fields = [*SHOWN, *ABOUT_IT]
    fieldsets = [(_("Who asks to join"), {"fields": SHOWN}), (_("About this application"), {"fields": ABOUT_IT})]
    actions = ["approve_ticked"]
    change_form_template = "admin/members/record.html"

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).oldest_first()

    def get_ordering(self, request):
        return ["received_on", "pk"]

    @admin.display(description=_("days waiting"))
    def days_waiting(self, member):
        return (timezone.now().date() - member.received_on).days

    @admin.display(description=_("held"))
    def held(self, member):
        return member.get_held_for_display() or "-"

    # --- reading

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """One record. That it was opened is written down before it is shown."""
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        member = self.get_object(request, object_id)
        if member and self.has_view_permission(request, member):
            AccessLog.objects.note(
                who=request.user, action=AccessLog.Action.OPENED, records=[member], field_names=SHOWN
            )
        return super().change_view(
            request, object_id, form_url, {"title": gettext("One person"), **(extra_context or {})}
        )

    def changelist_view(self, request, extra_context=None):
        title = gettext("People who asked to join")
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    # --- deciding

    def get_urls(self):
        presses = {"approve": self.approve_one, "not-now": self.not_now, "stop": self.stop, "release": self.release_one}
        return [
            path(f"<int:pk>/{word}/", self.admin_site.admin_view(view), name=f"members_member_{word.replace('-', '_')}")
            for word, view in presses.items()
        ] + super().get_urls()

    @admin.action(description=_("Approve those ticked"), permissions=["change"])
    def approve_ticked(self, request, queryset):
        unopened = self._unopened(request, queryset)
        if unopened:
            numbers = ", ".join(f"No. {number}" for number in unopened)
            said = gettext("Nobody was approved. Please open each of them first; you have not opened: %(numbers)s.")
            return messages.warning(request, said % {"numbers": numbers})
        return self._report(request, queryset.approve(by=request.user), gettext("newly approved"))

    def _unopened(self, request, queryset):
        numbers = set(queryset.values_list("number", flat=True))
        opened = AccessLog.objects.filter(
            who=request.user.get_username(),
            action=AccessLog.Action.OPENED,
            object_kind=Member._meta.label_lower,
            object_id__in=numbers,
        )
        return sorted(numbers - set(opened.values_list("object_id", flat=True)))

    def approve_one(self, request, pk):
        return self._press(request, pk, lambda member: member.approve(by=request.user), gettext("newly approved"))

    def not_now(self, request, pk):
        if request.method != "POST":
            return self._ask_once_more(request, self._named(request, pk))
        return self._press(request, pk, lambda member: member.decline(by=request.user), gettext("newly “not now”"))

    def stop(self, request, pk):
        return self._press(request, pk, lambda member: member.stop_declining(by=request.user), gettext("read again"))

    def release_one(self, request, pk):
        member = self._posted(request, pk)
        count = member.release(by=request.user)
        said = ngettext("%(count)d application let through.", "%(count)d applications let through.", count)
        messages.success(request, said % {"count": count})
        return redirect("admin:members_member_changelist")

    def _ask_once_more(self, request, member):
        context = {**self.admin_site.each_context(request), "member": member, "title": gettext("Not now?")}
        return render(request, "admin/members/not_now.html", context)

    def _press(self, request, pk, verb, what):
        self._report(request, verb(self._posted(request, pk)), what)
        return redirect(reverse("admin:members_member_changelist"))

    def _posted(self, request, pk):
        if request.method != "POST":
            raise Http404
        return self._named(request, pk)

    def _named(self, request, pk):
        if not self.has_change_permission(request):
            raise Http404
        return get_object_or_404(Member, pk=pk)

    def _report(self, request, decision, what):
        said = gettext("%(won)d %(what)s. %(already)d had been decided already.")
        level = messages.SUCCESS if decision.won else messages.WARNING
        messages.add_message(
            request, level, said % {"won": len(decision.won), "what": what, "already": decision.already}
        )
