"""All information about a member as one piece of data, for the page and for the files to download."""

from operator import attrgetter
from typing import Any

from django.db import models
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from chapters.regions import country_of, place_name
from members.models import (
    Member,
    MemberLink,
    MemberNote,
    OwnCalendar,
    PlaceAlert,
    Rsvp,
    Sharing,
    Skill,
    SkillRequest,
)
from members.self_service import visibility
from members.self_service.access_levels import Reach, left_out_of, why_hidden
from members.sent_emails.kinds import name_of_kind
from s4jr.crypto.fields import readable_rows, shown
from s4jr.erasure.inventory import entries_of, erasure_rules_for
from s4jr.erasure.rules import ErasureRule
from s4jr.mail.models import OutgoingEmail

#: Title and records of each section. A record maps labels to words.
Records = list[dict[str, str]]

#: The models that a section or a row above covers.
TOLD = (MemberLink, MemberNote, OutgoingEmail, PlaceAlert, Sharing, Skill, SkillRequest)


def file_name(extension: str) -> str:
    """A neutral name, since anyone can see the downloads folder."""
    return f"details-{timezone.now():%Y-%m-%d}.{extension}"


def json_file(data: dict[str, Records]) -> HttpResponse:
    """The data as a JSON file to download, for programs."""
    return _download(JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 2}), "json")


def page_file(data: dict[str, Records]) -> HttpResponse:
    """The data as a self-contained, neutral HTML file to download, for people."""
    return _download(HttpResponse(render_to_string("members/data_export_file.html", {"data": data})), "html")


def _download(response: HttpResponse, extension: str) -> HttpResponse:
    response["Content-Disposition"] = f'attachment; filename="{file_name(extension)}"'
    return response


def as_data(member: Member, reach: Reach, *, is_proved: bool) -> dict[str, Records]:
    """Sections by title, each a list of flat records in words, for people and programs alike.

    `is_proved`: they have proved the inbox. Nothing may show about an address that was only typed: not whether an email
    or a link went there, nor whether its owner stopped emails. Someone who is never emailed gets these sections only if
    they hold something from before.
    """
    return {
        _("Created on"): [{_("date"): date_format(timezone.now())}],
        _("The information we have about you"): _held(member, reach, is_proved),
        _("What your representatives can see"): _sharings(member),
        _("What you can teach or would like to learn"): _skills(member, reach),
        _("Questions of representatives about it"): _questions(member, reach),
        **_sent(member, reach, is_proved),
        _("Your meeting RSVPs"): _meetings(member, reach),
        _("Your calendar address"): _calendars(member),
        _("What volunteers noted about you"): _notes(member, reach),
        _("Elsewhere on this site"): _elsewhere(member, is_proved=is_proved),
        _("What only the site itself uses (not included here)"): _marks(),
    }


def _sent(member: Member, reach: Reach, is_proved: bool) -> dict[str, Records]:
    if not (is_proved or member.email_index):
        return {}
    not_proved = [{_("what"): why_hidden(reach)}]
    sections = {
        _("One-time links we sent you"): _links(member) if is_proved else not_proved,
        _("Emails to you"): _emails(member) if is_proved else not_proved,
    }
    return {title: records for title, records in sections.items() if records or member.email_index}


def _held(member: Member, reach: Reach, is_proved: bool) -> Records:
    """What this session shows, after one line about what it leaves out."""
    left_out = left_out_of(member, reach)
    return ([{_("what"): left_out, _("you"): why_hidden(reach)}] if left_out else []) + [
        {
            _("what"): str(row.label),
            _("you"): row.you,
            _("volunteers who decide"): row.deciding or "",
            _("your representative"): row.representative or "",
            _("the public"): row.public or "",
        }
        for row in visibility.everything(member, reach, is_proved=is_proved)
        if not row.is_left_out
    ]


def _sharings(member: Member) -> Records:
    return [
        {
            _("shared with"): str(sharing.chapter or place_name(country_of(sharing.region), sharing.region)),
            _("what"): ", ".join(str(label) for name, label in Sharing.Field.choices if name in sharing.fields.split()),
            _("since"): date_format(sharing.since),
        }
        for sharing in member.sharings.select_related("chapter").order_by("pk")
    ]


def _skills(member: Member, reach: Reach) -> Records:
    """A code or a link alone does not show them, nor whether there are any."""
    if reach is not Reach.WHOLE:
        return [{_("what"): why_hidden(reach)}]
    return [
        {
            _("what"): skill.get_kind_display(),
            _("topic"): shown(skill, "topic"),
            _("shared"): _("yes") if skill.is_shared else _("no"),
        }
        for skill in member.skills.order_by("-kind", "pk")
    ]


def _questions(member: Member, reach: Reach) -> Records:
    if reach is not Reach.WHOLE:
        return [{_("what"): why_hidden(reach)}]
    asked = SkillRequest.objects.of([member]).select_related("skill", "by__chapter").order_by("asked_on", "pk")
    return [
        {
            _("who asked"): _("The representative of %(place)s") % {"place": one.by.place},
            _("topic"): shown(one.skill, "topic"),
            _("message"): shown(one, "message"),
            _("asked on"): date_format(one.asked_on),
            _("answer"): one.get_state_display(),
        }
        for one in asked
    ]


def _links(member: Member) -> Records:
    return [
        {
            _("purpose"): link.get_purpose_display(),
            _("created"): date_format(link.created_at),
            _("works until"): date_format(link.expires_at),
            _("used on"): date_format(link.used_at) if link.used_at else "",
        }
        for link in member.links.exclude(purpose=MemberLink.Purpose.CHANGE).order_by("pk")
    ]


def _emails(member: Member) -> Records:
    """Only emails to their own address."""
    return [
        {
            _("type"): name_of_kind(email.kind),
            _("created"): date_format(email.created_at),
            _("status"): email.get_state_display(),
        }
        for email in OutgoingEmail.objects.filter(about=member.about, to_index=member.email_index or "").order_by(
            "created_at"
        )
    ]


def _meetings(member: Member, reach: Reach) -> Records:
    """As on the page of each meeting: a code alone does not show what would help them."""
    needs = _needs_by_row(member) if reach is Reach.WHOLE else {}
    rows = member.rsvps.with_meeting().order_by("meeting__starts_at")
    return [
        {
            _("what"): row.meeting.title,
            _("when"): row.meeting.when,
            _("status"): row.get_state_display(),
            _("reminder"): _("yes") if row.wants_reminder else _("no"),
            **({_("what would help you take part"): needs.get(row.pk, "")} if reach is Reach.WHOLE else {}),
        }
        for row in rows
    ]


def _needs_by_row(member: Member) -> dict[Any, str]:
    return {row.pk: row.needs for row in readable_rows(member.rsvps.only("member", "needs"), attrgetter("needs"))}


def _calendars(member: Member) -> Records:
    found = OwnCalendar.objects.filter(member=member)
    return [{_("what it shows"): one.get_shows_display(), _("created"): date_format(one.made_on)} for one in found]


def _notes(member: Member, reach: Reach) -> Records:
    """Without the authors. An email link or a code alone doesn't show them, nor whether there are any."""
    if reach is not Reach.WHOLE:
        return [{_("what"): why_hidden(reach)}]
    return [
        {_("what"): shown(note, "note"), _("written on"): date_format(note.at)}
        for note in MemberNote.objects.of([member]).order_by("at", "pk")
    ]


def _elsewhere(member: Member, *, is_proved: bool) -> Records:
    """What else the data inventory finds and would erase with them; by their address only if it is proved."""
    erasure_rules = [(holder, rule) for holder, rule in erasure_rules_for(Member) if not _is_told(holder, rule)]
    theirs = [(holder, rule) for holder, rule in erasure_rules if is_proved or not rule.by_address]
    counts = [(rule.what, holder._meta.base_manager.filter(rule.rows([member])).count()) for holder, rule in theirs]
    return [{_("what"): str(what), _("how many"): str(count)} for what, count in counts if count]


def _is_told(holder: type[models.Model], rule: ErasureRule) -> bool:
    """Whether another section covers it. RSVPs as a guest are found by address only, so they are counted here."""
    return bool(rule.stays) or holder in TOLD or (holder in (Rsvp, OwnCalendar) and not rule.by_address)


def _marks() -> Records:
    """The fields that no row above covers, by the data inventory: internal keys, timestamps and reviewers' notes."""
    told = {name for thing in visibility.THINGS.values() for name in thing.fields}
    entries = {str(entry.what): entry for entry in entries_of(Member) if entry.name not in told}
    return [{_("what"): what, _("why"): str(entry.why)} for what, entry in entries.items()]
