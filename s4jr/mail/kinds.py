"""Kinds of emails with rules of their own. Named as text: this part imports no other."""

#: Announcements: the only emails that a suppression with the scope "announcements" stops.
TO_MANY = "announcement"
#: A test email that an admin sends to themselves.
TEST = "test"
#: The automatic answer to a reply: emails are not read, and the contact page is.
AUTO_REPLY = "auto-reply"
#: Announcements to fewer people than this show no numbers: they would reveal who stopped emails.
TOLD_FROM = 5

#: The one email that is sent despite a suppression: someone with the code asks the inbox whether emails may resume.
#: If the inbox does not exist, or an admin suppressed it, this one is not sent either.
OWNER_ASKS = "emails-again"

#: Emails to an address that anyone may type on a page of the site. Whether one exists reveals whether the address is
#: known or suppressed, so they are listed only once they need an admin. Limits count them by inbox, so an empty row of
#: each that was sent outlasts the record it was about.
TO_TYPED_ADDRESSES = (
    "rsvp-confirm", "chapter-opened", "confirm", "confirm-address", "confirm-change", "confirm-list", "emails-again",
    "inquiry-answer", "message-answer", "message-erased", "message-not-read", "offer-not-now", "offer-taken-up",
    "open-details", "term-ended",
)  # fmt: skip
#: The dedupe key of these is itself a limit, per address and day; it names no one and stays.
ONCE_A_DAY = ("rsvp-confirm", "message-erased", "message-not-read")
