"""One function for each email about a meeting. The way in is always the recipient's own link on our host.

`texts` returns the LiveTexts of a language; callers that write many emails pass a cached one.
"""

from django.utils import timezone, translation

from members.models import Rsvp
from members.rsvps.links import rsvp_link, way_in_link
from members.rsvps.reader_zones import zone_of_reader
from s4jr.content.live_texts import LiveTexts, TextsOf
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
    return _write_email(
        row, texts, "rsvp-meeting-link", f"{row.pk.hex}:{_begins_at(row)}", way_in_link=way_in_link(row)
    )


def changed(row: Rsvp, texts: TextsOf = LiveTexts) -> Email:
    return _write_email(row, texts, _kind_of_change(row), f"{row.pk.hex}:{row.meeting.sequence}")


def _kind_of_change(row: Rsvp) -> str:
    if row.meeting.is_canceled:
        return "meeting-canceled"
    is_all = row.meeting.realigned_sequence == row.meeting.sequence == row.notified_sequence + 1
    return "meeting-clock-rules" if is_all else "meeting-changed"


def _begins_at(row: Rsvp) -> int:
    return int(row.meeting.starts_at.timestamp())


def _write_email(row: Rsvp, texts: TextsOf, kind: str, event: str, **links: str) -> Email:
    with translation.override(row.speaks):
        when = row.meeting.when_for(zone_of_reader(row))
    values = {"title": row.meeting.title, "when": when, "rsvp_link": rsvp_link(row), **links}

    def write(discreet: bool) -> tuple[str, str]:
        text = texts(row.speaks).text(f"emails/{kind}-discreet" if discreet else f"emails/{kind}")
        return write_from(text, **values)

    return Email(
        to=row.address,
        **in_both_forms(write, discreet=row.is_discreet),
        kind=kind,
        dedupe_key=f"{kind}:{event}",
        about=row.about,
        language=row.speaks,
    )
