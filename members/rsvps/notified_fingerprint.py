"""What of a meeting is worth an email when it changes: when it is, that it is off, what it is and how one takes part.

Its link and the number of its places are not: the link in an email leads to whatever link there is.
"""

from datetime import datetime

from chapters.models import Meeting
from s4jr.crypto.blind_index import keyed_hash

TOLD = (
    "starts_at", "ends_at", "zone", "title", "topic", "words", "content_notes", "captions", "sign_language", "breaks",
    "camera_optional", "speaking_optional",
)  # fmt: skip


def notified_of(meeting: Meeting) -> dict[str, int | str]:
    """What an RSVP keeps of a meeting once somebody was told of it, by field name."""
    return {"notified_sequence": meeting.sequence, "notified_fingerprint": fingerprint_of(meeting)}


def fingerprint_of(meeting: Meeting) -> str:
    """A fingerprint of what people were told of a meeting, 64 hex digits. One that is off is off, whatever it was."""
    facts = ["off"] if meeting.is_canceled else [_plain(getattr(meeting, name)) for name in TOLD]
    return keyed_hash("meeting as notified", "\n".join(facts))


def _plain(fact: object) -> str:
    return str(int(fact.timestamp())) if isinstance(fact, datetime) else str(fact)
