"""Builds the pages about one's own information."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from chapters.models import Representative
from members.applications.status_code import may_ask_again, public_status
from members.models import Member
from members.rsvps.own_list import next_of
from members.self_service import meetings, sharing, visibility, volunteer_offer
from members.self_service.access_levels import is_guarded, left_out_of
from members.self_service.forms import CodeBesideForm, CodeForm, DoorForm, LinkForm, NewWordForm, WordForm
from members.self_service.leave_receipt import back_until
from members.self_service.section_forms import FORMS, Part, SectionForm
from members.self_service.session import MemberSession, Reach
from members.skills.page_context import has_questions

#: Never carried over from a page whose session had ended: secrets, and the name of the button.
NOT_CARRIED = {"csrfmiddlewaretoken", "word", "again", "code", "do", "format"}


def ways_in(
    request: HttpRequest, code_form: CodeForm | None = None, link_form: LinkForm | None = None, **context: Any
) -> HttpResponse:
    """The page with the forms for a code and for a sign-in link."""
    ways = {"code_form": code_form or CodeForm(), "link_form": link_form or LinkForm()}
    return render(request, "members/ways_in.html", {**ways, "form": code_form or link_form, **context})


def over(request: HttpRequest, part: str = "") -> HttpResponse:
    """The page for a POST after the session ended. It carries what was typed, to continue after a code is given."""
    typed = {name: values for name, values in request.POST.lists() if name not in NOT_CARRIED and any(values)}
    code_form = CodeForm(initial={"part": part, "typed": typed}) if part and typed else CodeForm()
    return ways_in(request, code_form=code_form, is_over=True, typed=_in_words(typed))


def _in_words(typed: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(name.replace("_", " "), ", ".join(values)) for name, values in typed.items()]


def onward(request: HttpRequest, visit: MemberSession, door_form: DoorForm) -> HttpResponse:
    """The first page of a session: the section that they had typed into before, else the member's page."""
    part, typed = door_form.cleaned_data["part"], door_form.cleaned_data["typed"]
    if visit.reach is Reach.PUBLIC_STATUS and part:
        word_form = WordForm(visit=visit, initial={"part": part, "typed": typed})
        return whole(request, visit, word_form=word_form)
    if part in FORMS and typed and may_change(visit, Part(part)):
        return part_page(request, visit, Part(part), typed_before(visit, Part(part), typed))
    return redirect("my_details")


def whole(
    request: HttpRequest,
    visit: MemberSession,
    word_form: WordForm | None = None,
    beside_form: CodeBesideForm | None = None,
) -> HttpResponse:
    """The member's page: next steps and the information about them, as far as this session shows it."""
    if visit.reach is Reach.PUBLIC_STATUS:
        forms = {"form": word_form or WordForm(visit=visit), "beside_form": beside_form or CodeBesideForm(visit=visit)}
        return public_status_page(request, "members/word_needed.html", visit.member, visit=visit, **forms)
    rows = visibility.everything(visit.member, visit.reach, is_proved=visit.has_proved_inbox)
    listed = [row for row in rows if not row.is_left_out]
    seen = {"visit": visit, "parts": listed_parts(visit), "rows": [row for row in listed if row.holds_something]}
    seen["empty"] = [row.label for row in listed if not row.holds_something]
    seen |= {"left_out": left_out_of(visit.member, visit.reach), "may_end_pause": may_end_pause(visit)}
    seen |= {"may_give_address": Part.ADDRESS in parts(visit)}
    return public_status_page(request, "members/my_details.html", visit.member, **seen, **next_for(visit))


def ways_to_open(request: HttpRequest, visit: MemberSession, beside_form: CodeBesideForm | None = None) -> HttpResponse:
    """What secret word, code and link open, with the form for a code in addition to a link."""
    seen = {"visit": visit, "beside_form": beside_form or CodeBesideForm(visit=visit)}
    seen |= {"is_never_emailed": is_never_emailed(visit.member), "may_set_word": Part.WORD in parts(visit)}
    seen |= {"left_out": left_out_of(visit.member, Reach.LINK) if is_guarded(visit.member) else "", "form": beside_form}
    return render(request, "members/ways_to_open.html", seen)


def with_code_beside(request: HttpRequest, visit: MemberSession, beside_form: CodeBesideForm) -> HttpResponse:
    """The page that has the form for a code in addition to a link, with its errors."""
    show = whole if visit.reach is Reach.PUBLIC_STATUS else ways_to_open
    return show(request, visit, beside_form=beside_form)


def pause_or_leave(request: HttpRequest, visit: MemberSession) -> HttpResponse:
    """Pause, leave and delete, as far as this member has them. Without emails there is nothing to pause."""
    member = visit.member
    is_in = public_status(member) == "welcomed"
    choices = {"may_pause": is_in and not member.paused_at and bool(member.email_index), "may_leave": is_in}
    return public_status_page(request, "members/pause_or_leave.html", member, visit=visit, **choices)


def public_status_page(request: HttpRequest, template: str, member: Member, **context: Any) -> HttpResponse:
    """A page with the public status. Its links are absolute: on the host for email links there is no other page."""
    seen = {
        "member": member,
        "public_status": public_status(member),
        "may_ask_again": may_ask_again(member),
        "site": settings.SITE_URL,
        "is_never_emailed": is_never_emailed(member),
    }
    seen |= {"left_days": settings.LEFT_DAYS, "back_until": back_until(member.left_on) if member.left_on else None}
    return render(request, template, {**seen, "join_address": settings.SITE_URL + reverse("join"), **context})


def next_for(visit: MemberSession) -> dict[str, Any]:
    """Context for an approved member: meetings, representatives, volunteer offer, sharing choices."""
    member = visit.member
    if public_status(member) != "welcomed":
        return {}
    # The others show only their country. One who serves a whole country reveals nothing more here.
    shown = Representative.objects.public().filter(Q(shows_region=True) | Q(region=F("country")))
    serving = shown.of(member.region or member.country, member.chapter_id)
    to_join = meetings.next_for(member)
    return {
        "meetings": [(meeting, meeting.when) for meeting in to_join],
        "own_meetings": next_of(member) if to_join else None,
        "representatives": serving.select_related("chapter"),
        "may_offer": volunteer_offer.may_offer(visit),
        "has_offered": volunteer_offer.has_offered(member),
        "has_questions": has_questions(member, visit.reach),
        "audiences": [(a, sharing.shared_with(a, member)) for a in sharing.audiences_of(member)],
    }


# --- one section


def parts(visit: MemberSession) -> list[Part]:
    """The sections that this session can change now."""
    member = visit.member
    hidden = set() if public_status(member) == "being_read" else {Part.MESSAGE}
    hidden |= set() if public_status(member) == "welcomed" else {Part.SHARING}
    hidden |= set() if visit.is_more_than_a_code else {Part.WORD}
    hidden |= set() if _may_give_address(visit) else {Part.ADDRESS}
    return [part for part in Part if part not in hidden]


def listed_parts(visit: MemberSession) -> list[Part]:
    """The sections that the member's page links to. The secret word has its own page, and someone who is never emailed
    does not need the sections about emails."""
    elsewhere = {Part.WORD, Part.EMAILS, Part.ADDRESS} if is_never_emailed(visit.member) else {Part.WORD}
    return [part for part in parts(visit) if part not in elsewhere]


def is_never_emailed(member: Member) -> bool:
    """Whether they chose "never email me" and have no address since."""
    return member.contact == member.Contact.NONE and not member.email_index


def _may_give_address(visit: MemberSession) -> bool:
    """A code alone changes no address. An email link alone, or a code that it made, adds none for someone who must
    never be emailed."""
    if visit.member.email_index:
        return visit.reach in (Reach.WHOLE, Reach.LINK)
    return visit.is_strong or visit.is_by_code


def may_end_pause(visit: MemberSession) -> bool:
    """Whether this session may end a pause. Without an address no email comes anyway."""
    return visit.is_more_than_a_code or not visit.member.email_index


def may_lift_stops(visit: MemberSession) -> bool:
    """Whether this session may resume stopped emails directly; otherwise an email asks the inbox first."""
    return visit.is_strong and visit.has_proved_inbox


def may_change(visit: MemberSession, part: Part) -> bool:
    return part in parts(visit)


def part_page(request: HttpRequest, visit: MemberSession, part: Part, form: forms.Form) -> HttpResponse:
    seen = {"visit": visit, "part": part, "form": form, "by_code_alone": visit.reach is Reach.CODE}
    seen |= {"may_lift_stops": may_lift_stops(visit), "is_member": public_status(visit.member) == "welcomed"}
    return render(request, "members/change.html", seen)


def form_for(visit: MemberSession, part: Part, *args: Any, **kwargs: Any) -> SectionForm | NewWordForm:
    """The form of one section."""
    if part == Part.WORD:
        return NewWordForm(*args, **kwargs)
    return FORMS[part](*args, visit=visit, **kwargs)


def typed_before(visit: MemberSession, part: Part, typed: dict[str, list[str]]) -> SectionForm | NewWordForm:
    """A section's form with what was typed into it before the session ended. Nothing is saved yet."""
    form = form_for(visit, part)
    several = forms.MultipleChoiceField
    for name, field in form.fields.items():
        values = typed.get(name, [])
        form.initial[name] = values if isinstance(field, several) else "".join(values[:1])
    return form
