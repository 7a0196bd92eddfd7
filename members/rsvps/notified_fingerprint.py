"""Which changes of a meeting are worth an email: its time, a cancellation, its content and how to take part.

Its link and capacity are not: the link in an email redirects to the current one.
"""

from datetime import datetime

from chapters.models import Meeting
from s4jr.crypto.blind_index import keyed_hash

TOLD = (
    "starts_at", "ends_at", "zone", "title", "topic", "words", "content_notes", "captions", "sign_language", "breaks",
    "camera_optional", "speaking_optional", "format", "city", "languages", "access_notes",
)  # fmt: skip


def notified_of(meeting: Meeting) -> dict[str, int | str | datetime]:
    """The fields of an RSVP after its person was notified of the meeting as it is."""
    return {
        "notified_sequence": meeting.sequence,
        "notified_fingerprint": fingerprint_of(meeting),
        "notified_starts_at": meeting.starts_at,
    }


def fingerprint_of(meeting: Meeting) -> str:
    """A keyed hash of what people were told about a meeting, 64 hex digits. The same for any canceled meeting."""
    facts = ["off"] if meeting.is_canceled else [_plain(getattr(meeting, name)) for name in TOLD]
    return keyed_hash("meeting as notified", "\n".join(facts))


def _plain(fact: object) -> str:
    return str(int(fact.timestamp())) if isinstance(fact, datetime) else str(fact)
