"""What can happen to an email other than being sent."""


class NoConnection(Exception):
    """The mail server is unreachable or rejects our sign-in: no email can be sent now."""


class RefusedForNow(Exception):
    """This email was not sent; another attempt may succeed."""


class RefusedForGood(Exception):
    """This email will never be accepted."""


class NoMailbox(RefusedForGood):
    """The mail server knows no such inbox: any email to it would bounce."""


class NoAnswer(Exception):
    """The email was handed over and no answer came: it may or may not have been accepted."""
