"""Kinds of emails that some rule is about. Named as text: no part imports another."""

#: Announcements: the only emails that a stop of the scope "announcements" is about.
TO_MANY = "announcement"
#: Of an announcement to fewer people than this no numbers are shown: they would tell who stopped emails.
TOLD_FROM = 5

#: The one email that goes in spite of a stop: whoever has the code asks the mailbox whether emails may come again.
#: Where a mailbox does not exist, or an admin stopped it, that one does not go either.
OWNER_ASKS = "emails-again"

#: Emails to an address that anyone may type on a page of the site. That there is one, or none, tells whether it is
#: known here, or stopped; so they are listed only once they need somebody. Limits count them by inbox, so an empty mark
#: of each that has left outlasts whoever it was about.
TO_TYPED_ADDRESSES = (
    "rsvp-confirm", "confirm", "confirm-address", "confirm-change", "confirm-list", "emails-again", "inquiry-answer",
    "message-answer", "message-erased", "message-not-read", "offer-not-now", "offer-taken-up", "open-details",
    "term-ended",
)  # fmt: skip
#: Of these the dedupe key is itself a limit, of an address and a day; it names nobody, and stays.
ONCE_A_DAY = ("rsvp-confirm", "message-erased", "message-not-read")
