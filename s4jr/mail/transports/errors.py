"""What can happen to an email other than being sent."""

from s4jr.mail.models import SendingPause


class OurFault(Exception):
    """No email can be sent until something at our end is fixed. It says nothing about this email or its reader.

    `has_named_reader`: the server knew the recipient by then, so it may be about this one after all.
    """

    def __init__(self, cause: SendingPause.Cause, words: str, *, has_named_reader: bool = False) -> None:
        super().__init__(words)
        self.cause, self.has_named_reader = cause, has_named_reader


class PolicyRefusal(Exception):
    """The mail server doesn't like this email or us, and doesn't say which. See decision 26."""


class RefusedForNow(Exception):
    """This email was not sent; another attempt may succeed."""


class MailboxFull(RefusedForNow):
    """The reader's inbox is full: another attempt may succeed in hours, not in seconds."""


class RefusedForGood(Exception):
    """This email will never be accepted."""


class NoMailbox(RefusedForGood):
    """The mail server knows no such inbox: any email to it would bounce."""


class NoAnswer(Exception):
    """The email was handed over and no answer came: it may or may not have been accepted."""
