"""The part of the members' ModelAdmin for notes: they stand on the opened record."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from members.models import Member, MemberNote
from members.notes import services
from members.notes.forms import NoteForm
from s4jr.accounts.requests import SignedInRequest
from s4jr.audit.reason_required import ReasonRequiredMixin

#: What the record page opens besides the fields of the member: see `MemberNote.opened_with`.
NOTE = "note"


class NotesAdmin(ReasonRequiredMixin):
    """Mixin that goes before the members' ModelAdmin."""

    def get_urls(self) -> list[Any]:
        add, delete = require_POST(self.add_note), require_POST(self.delete_note)
        views = [
            path("<int:pk>/notes/add/", self.admin_site.admin_view(add), name="members_member_add_note"),
            path(
                "<int:pk>/notes/<int:note>/delete/",
                self.admin_site.admin_view(delete),
                name="members_member_delete_note",
            ),
        ]
        return views + super().get_urls()

    def notes_context(self, request: SignedInRequest, member: Member) -> dict[str, Any]:
        """Template context of the record page: one query, however many notes there are."""
        return {
            "notes": list(MemberNote.objects.of([member]).newest_first()),
            "note_form": NoteForm.blank(request),
            "can_write_notes": self.has_change_permission(request),
        }

    def add_note(self, request: SignedInRequest, pk: int) -> HttpResponse:
        member = self._member(request, pk)
        if not_open := self.ask_to_continue(request, member):
            return not_open
        form = NoteForm(request.POST)
        if not form.is_valid():
            return self._note_page(request, member, form)
        if services.add_note(member.row, form.cleaned_data["note"], by=request.user, form_token=form.mark):
            said = gettext("Your note about %(member)s is saved. No email was sent. To undo, delete the note.")
            messages.success(request, said % {"member": member})
        return redirect("admin:members_member_change", member.pk)

    def delete_note(self, request: SignedInRequest, pk: int, note: int) -> HttpResponse:
        """Deletes a note of one's own. It needs no opening: nothing is shown."""
        member = self._member(request, pk)
        if services.delete_note(MemberNote.objects.filter(pk=note), member, by=request.user):
            said = gettext("Your note about %(member)s is deleted. This can’t be undone.")
            messages.success(request, said % {"member": member})
        else:
            said = gettext("Nothing was deleted: the note about %(member)s is gone, or someone else wrote it.")
            messages.warning(request, said % {"member": member})
        return redirect("admin:members_member_change", member.pk)

    def _member(self, request: HttpRequest, pk: int) -> Member:
        if not self.has_change_permission(request):
            raise PermissionDenied
        return get_object_or_404(Member, pk=pk)

    def _note_page(self, request: HttpRequest, member: Member, form: NoteForm) -> HttpResponse:
        shown = {"title": str(member), "form": form, "button": gettext("Save note")}
        return render(request, "admin/one_form.html", {**self.admin_site.each_context(request), **shown})
