"""The information about a member as one piece of data: for the page to read, and for the files to download."""

from operator import attrgetter

from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from chapters.regions import country_of, place_name
from members.models import Member, MemberLink, OwnCalendar, Rsvp, Sharing
from members.self_service import visibility
from members.self_service.access_levels import Reach, left_out_of, why_hidden
from s4jr.crypto.fields import readable_rows
from s4jr.erasure.inventory import entries_of, erasure_rules_for
from s4jr.mail.models import OutgoingEmail

#: What has a section of its own.
TOLD = (MemberLink, OutgoingEmail, Sharing)


def file_name(extension: str) -> str:
    """Anyone who opens the folder of downloads sees it, so it names no cause."""
    return f"details-{timezone.now():%Y-%m-%d}.{extension}"


def json_file(data: dict) -> HttpResponse:
    """The data for a program, as a file to download."""
    return _download(JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 2}), "json")


def page_file(data: dict) -> HttpResponse:
    """The data for a reader, as a page that needs nothing from this site and names no cause."""
    return _download(HttpResponse(render_to_string("members/data_export_file.html", {"data": data})), "html")


def _download(response, extension):
    response["Content-Disposition"] = f'attachment; filename="{file_name(extension)}"'
    return response


def as_data(member, reach, *, is_proved):
    """Sections by title, each a list of flat records in words, for a reader as for a program.

    `is_proved`: the inbox is theirs. Of an address that was only typed nothing may show: not whether an email or a link
    went there, nor whether somebody there stopped them. Who is never emailed has no such section, unless one holds
    something from before.
    """
    return {
        _("Created on"): [{_("date"): str(timezone.now().date())}],
        _("The information we have about you"): _held(member, reach, is_proved),
        _("What your representatives can see"): _sharings(member),
        **_sent(member, reach, is_proved),
        _("Your meeting RSVPs"): _meetings(member, reach),
        _("Your calendar address"): _calendars(member),
        _("Elsewhere on this site"): _elsewhere(member, is_proved=is_proved),
        _("What only the site itself uses (not included here)"): _marks(),
    }


def _sent(member, reach, is_proved):
    if not (is_proved or member.email_index):
        return {}
    not_proved = [{_("what"): why_hidden(reach)}]
    sections = {
        _("One-time links we sent you"): _links(member) if is_proved else not_proved,
        _("Emails to you"): _emails(member) if is_proved else not_proved,
    }
    return {title: records for title, records in sections.items() if records or member.email_index}


def _held(member, reach, is_proved):
    """What this visit shows, and in one line what it leaves out."""
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


def _sharings(member):
    return [
        {
            _("shared with"): str(sharing.chapter or place_name(country_of(sharing.region), sharing.region)),
            _("what"): ", ".join(str(label) for name, label in Sharing.Field.choices if name in sharing.fields.split()),
            _("since"): str(sharing.since),
        }
        for sharing in member.sharings.select_related("chapter").order_by("pk")
    ]


def _links(member):
    return [
        {
            _("purpose"): link.get_purpose_display(),
            _("created"): str(link.created_at.date()),
            _("works until"): str(link.expires_at.date()),
            _("used on"): str(link.used_at.date()) if link.used_at else "",
        }
        for link in member.links.exclude(purpose=MemberLink.Purpose.CHANGE).order_by("pk")
    ]


def _emails(member):
    """Those to their own address."""
    return [
        {_("type"): email.kind, _("created"): str(email.created_at.date()), _("status"): email.get_state_display()}
        for email in OutgoingEmail.objects.filter(about=member.about, to_index=member.email_index or "").order_by(
            "created_at"
        )
    ]


def _meetings(member, reach):
    """As the page of each meeting shows it: what would help them is not shown to a code alone."""
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


def _needs_by_row(member):
    return {row.pk: row.needs for row in readable_rows(member.rsvps.only("needs"), attrgetter("needs"))}


def _calendars(member):
    found = OwnCalendar.objects.filter(member=member)
    return [{_("what it shows"): one.get_shows_display(), _("created"): str(one.made_on)} for one in found]


def _elsewhere(member, *, is_proved):
    """What else the data inventory finds of them, and would erase with them; by their address once it is proved."""
    erasure_rules = [(holder, rule) for holder, rule in erasure_rules_for(Member) if not _is_told(holder, rule)]
    theirs = [(holder, rule) for holder, rule in erasure_rules if is_proved or not rule.by_address]
    counts = [(rule.what, holder._base_manager.filter(rule.rows([member])).count()) for holder, rule in theirs]
    return [{_("what"): str(what), _("how many"): str(count)} for what, count in counts if count]


def _is_told(holder, rule):
    """Meetings as a guest are found by the address only, so they are counted here and not told one by one."""
    return rule.stays or holder in TOLD or (holder in (Rsvp, OwnCalendar) and not rule.by_address)


def _marks():
    """Fields that a row above does not stand for: marks, stamps and the desk's own notes, by the data inventory."""
    told = {name for thing in visibility.THINGS.values() for name in thing.fields}
    entries = {str(entry.what): entry for entry in entries_of(Member) if entry.name not in told}
    return [{_("what"): what, _("why"): str(entry.why)} for what, entry in entries.items()]
