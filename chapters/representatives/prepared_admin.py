"""The admin pages of prepared terms: import a list of them, and send their invitations."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext, ngettext

from chapters.list_import.admin import ListImportMixin
from chapters.list_import.kinds import REPRESENTATIVES
from chapters.models import Representative
from chapters.representatives.prepared import discard_term, prepared_terms, send_invitations, terms_to_invite

if TYPE_CHECKING:
    from s4jr.accounts.requests import SignedInRequest


class PreparedTermsMixin(ListImportMixin):
    list_kind = REPRESENTATIVES
    invitations_view = "admin:chapters_representative_invitations"

    def prepared_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.for_those_who_add(self.invitations))
        return [*self.import_urls(), path("invitations/", view, name="chapters_representative_invitations")]

    def imported_in_words(self, count: int) -> str:
        said = ngettext(
            "%d term prepared. Nothing is public, and no email was sent. To begin, select “Send invitations.”",
            "%d terms prepared. Nothing is public, and no emails were sent. To begin, select “Send invitations.”",
            count,
        )
        return said % count

    def discard(self, request: "SignedInRequest", term: Representative) -> HttpResponse:
        if not discard_term(term, by=request.user):
            messages.warning(request, gettext("This term has begun, so nothing was deleted."))
            return redirect("admin:chapters_representative_change", term.pk)
        messages.success(request, gettext("The prepared term is deleted."))
        return redirect("admin:chapters_representative_changelist")

    def invitations(self, request: "SignedInRequest") -> HttpResponse:
        """GET lists who would get an email; POST sends the invitations."""
        terms = terms_to_invite()
        if request.method == "POST":
            sent = send_invitations(terms, by=request.user)
            said = ngettext("%d invitation is on its way.", "%d invitations are on their way.", sent) % sent
            messages.success(request, said)
            return redirect("admin:chapters_representative_changelist")
        users = {term.user_id for term in terms}
        others = prepared_terms().exclude(user__in=users).select_related("user", "chapter")
        context = {**self.admin_site.each_context(request), "title": gettext("Send invitations"), "opts": self.opts}
        return render(request, "admin/chapters/invitations.html", {**context, "terms": terms, "in_person": others})
