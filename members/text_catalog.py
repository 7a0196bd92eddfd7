"""Which pages show the texts in `content/`, and what its emails are called, for the lists of texts in the admin."""

from django.utils.translation import gettext_lazy as _

from s4jr.content.catalog import register_emails, register_page

register_page(_("Join"), "what-is-next", "how-we-decide", url_name="join")
register_page(
    _("After someone asks to join"),
    "received", "received-no-email",
    notes={"received-no-email": _("for people who never get email from us")},
)  # fmt: skip
register_page(_("Your information"), "first-meeting")
register_page(_("Contact"), "contact", url_name="contact")
register_page(_("After someone contacts us"), "contact-sent")

register_emails({
    "confirm": _("Confirm your email address"),
    "confirm-list": _("Confirm your email address, several forms"),
    "welcome": _("Welcome email"),
    "not-now": _("Not right now"),
    "lapsed": _("We didn’t answer in time"),
    "membership-ended": _("Membership ended"),
    "open-details": _("Sign-in link to Your information"),
    "confirm-change": _("Confirm a new email address"),
    "address-changed": _("Email address changed"),
    "emails-again": _("Do you want our emails again?"),
    "inquiry-answer": _("Answer to an inquiry"),
    "rsvp-confirm": _("Confirm your RSVP"),
    "rsvp-reminder": _("Meeting reminder"),
    "rsvp-meeting-link": _("Meeting link"),
    "rsvp-spot-opened": _("A spot opened up"),
    "meeting-message": _("Message from a host to everyone who is going"),
    "meeting-notes": _("Notes of a meeting are published"),
    "question-waits": _("A question waits in Your information"),
    "meeting-changed": _("Meeting changed"),
    "meeting-canceled": _("Meeting canceled"),
    "meeting-clock-rules": _("Check the time of your meeting"),
    "place-news": _("Something new at a member’s place"),
    "announcement-foot": _("The end of every announcement"),
    "admin-digest": _("What is waiting, to admins"),
    "admin-undecided": _("Applications are waiting, to admins"),
    "admin-flagged": _("Too many forms in an hour, to admins"),
    "admin-no-room": _("The site turned forms away, to admins"),
    "admin-inquiry": _("New inquiry, to the admins who may read it"),
    "admin-emails-in-doubt": _("Emails that may not have arrived, to admins"),
    "admin-openings": _("An admin opened too many records, to admins"),
    "admin-undone": _("Many decisions were undone, to admins"),
})  # fmt: skip
