"""What admins call the emails that members get."""

from django.utils.translation import gettext_lazy as _

NAMES = {
    "confirm": _("Confirm your email address"),
    "confirm-list": _("Confirm your email address: several requests"),
    "welcome": _("Welcome"),
    "not-now": _("Not right now"),
    "lapsed": _("Not answered in time"),
    "membership-ended": _("Your membership has ended"),
    "open-details": _("Sign-in link"),
    "confirm-change": _("Confirm a new email address"),
    "address-changed": _("Your email address changed"),
    "emails-again": _("May we email you again?"),
    "rsvp-confirm": _("Confirm an RSVP"),
    "rsvp-meeting-link": _("Meeting link"),
    "rsvp-reminder": _("Meeting reminder"),
    "rsvp-spot-opened": _("A spot opened up"),
    "meeting-message": _("Message from a meeting’s host"),
    "meeting-notes": _("Notes of a meeting are published"),
    "meeting-canceled": _("A meeting is canceled"),
    "meeting-changed": _("A meeting changed"),
    "meeting-clock-rules": _("A meeting’s clock time changed"),
    "question-waits": _("A question waits in Your information"),
    "place-news": _("Something new at a member’s place"),
    "announcement": _("Announcement"),
    "auto-reply": _("Automatic answer to a reply"),
}


def name_of_kind(kind: str) -> str:
    """The name of a kind of email; the kind itself if it has none."""
    return str(NAMES.get(kind, kind))
