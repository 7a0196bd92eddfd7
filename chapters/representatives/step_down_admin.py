"""The admin pages of representatives who stepped down: shows their note, and takes them off the to-do list."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chapters.models import Representative, StepDown
from chapters.representatives.stepping_down import settle_step_down, unsettle_step_down
from s4jr.audit.reason_required import ReasonRequiredMixin

if TYPE_CHECKING:
    from s4jr.accounts.requests import SignedInRequest


class StepDownPagesMixin(ReasonRequiredMixin):
    """Goes before ModelAdmin. The note is encrypted: its page asks why, and the access log records who read it."""

    opened_fields, suggested_reason = ["note"], _("to find a new representative")

    def handover_note(self, request: "SignedInRequest", term: Representative) -> HttpResponse:
        step_down = _step_down_of(term)
        if step_down is None or not step_down.has_note:
            raise Http404
        if asked := self.ask_to_open(request, step_down):
            return asked
        title = gettext("Hand-over note about %(place)s") % {"place": term.place}
        context = {**self.admin_site.each_context(request), "title": title, "opts": self.opts}
        return render(request, "admin/chapters/handover_note.html", {**context, "term": term, "step_down": step_down})

    def settle(self, request: "SignedInRequest", term: Representative) -> HttpResponse:
        if settle_step_down(term, by=request.user):
            messages.success(request, _off_the_list(term))
        else:
            messages.warning(request, gettext("Nothing changed. Another admin did this already."))
        return redirect("admin:chapters_representative_change", term.pk)

    def unsettle(self, request: "SignedInRequest", term: Representative) -> HttpResponse:
        if unsettle_step_down(term, by=request.user):
            said = gettext(
                "%(place)s is on the to-do list again. No email was sent. To undo, select “We thanked them”."
            )
            messages.success(request, said % {"place": term.place})
        else:
            messages.warning(request, gettext("Nothing changed. Another admin did this already."))
        return redirect("admin:chapters_representative_change", term.pk)


def step_down_context(term: Representative) -> dict[str, Any]:
    """Whether this term was ended by its own representative, for the page of the term. It shows nothing encrypted."""
    return {"step_down": _step_down_of(term)}


def _step_down_of(term: Representative) -> StepDown | None:
    return StepDown.objects.filter(term=term).defer("note").first()


def _off_the_list(term: Representative) -> str:
    said = gettext(
        "%(place)s is off the to-do list of everyone who appoints. No email was sent. To undo, select “Put back on the "
        "to-do list”."
    )
    return said % {"place": term.place}
