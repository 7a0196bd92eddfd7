"""The representative pages. Each one looks up its records through `permissions`."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from chapters.models import PhotoDraft, Representative
from chapters.representatives.appointments import next_term_of
from chapters.representatives.next_meeting import next_meeting
from chapters.representatives.notices import notices_for, profile_state
from chapters.representatives.onboarding import Onboarding, Step
from chapters.representatives.permissions import for_representatives, of_one_term, terms_of
from chapters.representatives.profile import ProfileForm
from chapters.representatives.providers import own_meetings_section, shared_members_section, skills_link
from chapters.representatives.querysets import RepresentativeQuerySet
from chapters.representatives.services import finish_step, hide_profiles, renew_consent
from chapters.representatives.text_forms import form_for
from s4jr.form_fields.photos import answer_with
from s4jr.security.headers import NO_STORE

if TYPE_CHECKING:
    from s4jr.accounts.requests import SignedInRequest

# --- home


@for_representatives
@require_safe
def home(request: "SignedInRequest") -> HttpResponse:
    """Redirects to the page of the only term, or lists the terms to choose from."""
    terms = list(terms_of(request.user))
    if len(terms) == 1:
        return redirect("representative_term", terms[0].pk)
    if terms:
        return render(request, "chapters/representatives/choose.html", {"terms": terms})
    seen = {"next_term": next_term_of(request.user)}
    return render(request, "chapters/representatives/none.html", seen, status=200 if seen["next_term"] else 404)


@of_one_term
@require_safe
def representative_term(request: "SignedInRequest", term: Representative) -> HttpResponse:
    step = Onboarding(term).first_needed
    if step:
        return redirect("representative_onboarding", term.pk, step)
    seen = {"term": term, "notices": notices_for(term), "own_meetings": own_meetings_section.call(request)}
    seen["skills_link"] = skills_link.call(request, term)
    return render(request, "chapters/representatives/home.html", seen)


# --- onboarding


@of_one_term
def first(request: "SignedInRequest", term: Representative, step: str) -> HttpResponse:
    if step not in Step.values:
        raise Http404
    visit, step = Onboarding(term), Step(step)
    if step == Step.PROFILE and not term.display_name:
        return redirect("representative_profile_change", term.pk)
    if request.method == "POST":
        return _go_on(request, visit, step)
    return render(request, f"chapters/representatives/onboarding/{step.name.lower()}.html", _step_context(visit, step))


def _go_on(request: "SignedInRequest", visit: Onboarding, step: Step) -> HttpResponse:
    if step == Step.PROFILE and request.POST.get("action") == "show":
        renew_consent(_this(visit.term))
    finish_step(visit.term, step)
    after = visit.after(step)
    return (
        redirect("representative_onboarding", visit.term.pk, after)
        if after
        else redirect("representative_term", visit.term.pk)
    )


def _step_context(visit: Onboarding, step: Step) -> dict[str, Any]:
    return {
        "term": visit.term,
        "step": step,
        "number": list(Step).index(step) + 1,
        "count": len(Step),
        "after": visit.after(step),
        "profile": profile_state(visit.term),
        "meeting": next_meeting() if step == Step.MEETING else None,
    }


# --- profile


@of_one_term
@require_safe
def profile(request: "SignedInRequest", term: Representative) -> HttpResponse:
    return render(request, "chapters/representatives/profile.html", {"term": term, "profile": profile_state(term)})


@of_one_term
def profile_change(request: "SignedInRequest", term: Representative) -> HttpResponse:
    form = ProfileForm(request.POST or None, request.FILES or None, term=term)
    if not form.is_valid() or request.POST.get("action") == "preview":
        form.keep_new_photo()
        return render(request, "chapters/representatives/profile_change.html", _profile_context(form, term))
    form.save()
    if Step.PROFILE in Onboarding(term).left:
        return redirect("representative_onboarding", term.pk, Step.PROFILE)
    messages.success(request, _("Saved."))
    return redirect("representative_profile", term.pk)


def _profile_context(form: ProfileForm, term: Representative) -> dict[str, Any]:
    return {
        "form": form,
        "term": term,
        "seen": form.seen() if form.is_bound and form.is_valid() else None,
        "photo_address": form.draft_address,
        "profile": profile_state(term),
        "is_first": Step.PROFILE in Onboarding(term).left,
        "number": list(Step).index(Step.PROFILE) + 1,
        "count": len(Step),
    }


@of_one_term
@require_safe
def photo_draft(request: "SignedInRequest", term: Representative, pk: UUID) -> HttpResponse:
    """The photo of a preview, for its owner only."""
    found = PhotoDraft.objects.fresh().filter(term=term, pk=pk).values_list("photo", flat=True).first()
    response = answer_with(found, request)
    response["Cache-Control"] = NO_STORE
    return response


@of_one_term
@require_POST
def profile_show(request: "SignedInRequest", term: Representative) -> HttpResponse:
    """Renews the consent, which makes the profile public."""
    renew_consent(_this(term))
    messages.success(request, _("Your profile is now shown."))
    return redirect("representative_profile", term.pk)


@of_one_term
@require_POST
def profile_hide(request: "SignedInRequest", term: Representative) -> HttpResponse:
    hide_profiles(_this(term))
    messages.success(request, _("Your profile is no longer shown."))
    return redirect("representative_profile", term.pk)


def _this(term: Representative) -> RepresentativeQuerySet:
    return Representative.objects.filter(pk=term.pk)


# --- the text about a place or chapter, and members


@of_one_term
def words(request: "SignedInRequest", term: Representative) -> HttpResponse:
    form = form_for(term)(request.POST or None, term=term, language=get_language())
    if not form.is_valid() or request.POST.get("action") == "preview":
        seen = form.seen_as() if form.is_bound and form.is_valid() else []
        return render(request, "chapters/representatives/text.html", {"form": form, "term": term, "seen": seen})
    form.save(by=request.user)
    messages.success(request, _("Saved. Anyone can read it now."))
    return redirect("representative_text", term.pk)


@of_one_term
@require_safe
def members(request: "SignedInRequest", term: Representative) -> HttpResponse:
    """The members who chose to share information with their representatives."""
    seen = {"term": term, "shared_members": shared_members_section.call(request, term)}
    return render(request, "chapters/representatives/members.html", seen)
