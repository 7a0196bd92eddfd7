"""One function for each email about a meeting. The way in is always the recipient's own link on our host.

`texts` returns the LiveTexts of a language; callers that write many emails pass a cached one.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from django.utils import timezone, translation
from django.utils.translation import gettext

from chapters.meetings import timezones
from chapters.models import Meeting
from members.models import MeetingMessage, Rsvp
from members.rsvps.links import rsvp_link, way_in_link
from members.rsvps.reader_zones import zone_of_reader
from s4jr.content.live_texts import LiveTexts, Text, TextsOf
from s4jr.mail.emails import Email, in_both_forms, write_from


def confirm(row: Rsvp, texts: TextsOf = LiveTexts) -> Email:
    """Asks a guest to confirm. The address may be a stranger's: at most one per meeting, address and day.

    Raises ValueError for an RSVP without an address.
    """
    if row.email_index is None:
        raise ValueError(f"{row} has no address to confirm.")
    key = f"{row.meeting_id.hex}:{row.email_index[:24]}:{timezone.now().date()}"
    return _write_email(row, texts, "rsvp-confirm", key)


def place_free(row: Rsvp, texts: TextsOf = LiveTexts) -> Email:
    """A spot opened up for a person on the waitlist."""
    return _write_email(row, texts, "rsvp-spot-opened", f"{row.pk.hex}:{row.place_in_line}")


def reminder(row: Rsvp, texts: TextsOf = LiveTexts) -> Email:
    return _write_email(row, texts, "rsvp-reminder", f"{row.pk.hex}:{_begins_at(row)}")


def way_in(row: Rsvp, texts: TextsOf = LiveTexts) -> Email:
    links = {"way_in_link": way_in_link(row)}
    return _write_email(row, texts, "rsvp-meeting-link", f"{row.pk.hex}:{_begins_at(row)}", links)


def changed(row: Rsvp, texts: TextsOf = LiveTexts, next_after: "NextAfter | None" = None) -> Email:
    """Says what a host changed: the old and the new time, the reason, and the next date after a canceled one.

    `next_after` finds that date; callers that write many emails pass a cached one.
    """
    kind, event = _kind_of_change(row), f"{row.pk.hex}:{row.meeting.sequence}"
    with translation.override(row.speaks):
        facts = {"was": _old_time_of(row), "reason": _reason_of(row.meeting)}
        facts["next_date"] = _next_date_of(row, next_after or next_meeting_after)
    return _write_email(row, texts, kind, event, facts)


def notes(row: Rsvp, texts: TextsOf = LiveTexts) -> Email:
    """Says that the notes of a meeting are there. One per person and meeting."""
    return _write_email(row, texts, "meeting-notes", row.pk.hex)


def message(row: Rsvp, written: MeetingMessage, texts: TextsOf = LiveTexts) -> Email:
    """A host's message. The discreet form only says that there is one, and where to read it."""
    lines = [line for line in written.text.splitlines() if line.strip()]
    values = {f"line_{number}": line for number, line in enumerate(lines)}
    paragraphs = "\n\n".join(f"{{{name}}}" for name in values)
    event = f"{written.pk}:{row.pk.hex}"
    return _write_email(row, texts, "meeting-message", event, values, _with_message(paragraphs))


NextAfter = Callable[[Meeting], Meeting | None]


def next_meeting_after(meeting: Meeting) -> Meeting | None:
    """The next meeting of the same series; one query."""
    return Meeting.objects.after(meeting).first()


def _old_time_of(row: Rsvp) -> str:
    """ "It was on …" if its time changed since this person was told; otherwise ""."""
    told, meeting = row.notified_starts_at, row.meeting
    if told is None or told == meeting.starts_at or meeting.is_canceled:
        return ""
    when = timezones.in_both(meeting.zone, zone_of_reader(row), told)
    return gettext("It was on %(when)s.") % {"when": when}


def _reason_of(meeting: Meeting) -> str:
    return gettext("Reason: %(reason)s") % {"reason": meeting.change_reason} if meeting.change_reason else ""


def _next_date_of(row: Rsvp, next_after: NextAfter) -> str:
    later = next_after(row.meeting) if row.meeting.is_canceled else None
    return gettext("The next one is on %(when)s.") % {"when": later.when_for(zone_of_reader(row))} if later else ""


def _kind_of_change(row: Rsvp) -> str:
    if row.meeting.is_canceled:
        return "meeting-canceled"
    is_all = row.meeting.realigned_sequence == row.meeting.sequence == row.notified_sequence + 1
    return "meeting-clock-rules" if is_all else "meeting-changed"


def _begins_at(row: Rsvp) -> int:
    return int(row.meeting.starts_at.timestamp())


def _write_email(
    row: Rsvp,
    texts: TextsOf,
    kind: str,
    event: str,
    facts: dict[str, str] | None = None,
    change: Callable[[Text], Text] = lambda text: text,
) -> Email:
    """Fills in the text block of this kind with the usual facts and these, in the form that is safe for this person.

    `change` changes the text first.
    """
    with translation.override(row.speaks):
        when = row.meeting.when_for(zone_of_reader(row))
    values = {"title": row.meeting.title, "when": when, "rsvp_link": rsvp_link(row), **(facts or {})}

    def write(discreet: bool) -> tuple[str, str]:
        text = texts(row.speaks).text(f"emails/{kind}-discreet" if discreet else f"emails/{kind}")
        return write_from(change(text), **values)

    return Email(
        to=row.address,
        **in_both_forms(write, discreet=row.is_discreet),
        kind=kind,
        dedupe_key=f"{kind}:{event}",
        about=row.about,
        language=row.speaks,
        not_after=_latest_sending(row.meeting, kind),
    )


def _latest_sending(meeting: Meeting, kind: str) -> datetime | None:
    """When the link of such an email stops being of use; None if it has no such time."""
    if kind in ("rsvp-confirm", "rsvp-spot-opened", "rsvp-reminder"):
        return meeting.starts_at
    return meeting.ends_at if kind == "rsvp-meeting-link" else None


def _with_message(paragraphs: str) -> Callable[[Text], Text]:
    """Replaces `{message}` by one placeholder for each line, so that each stays a line of its own."""
    return lambda text: replace(text, markdown=text.markdown.replace("{message}", paragraphs))
