"""What can become of an email on its way out, beside that it left."""


class NoConnection(Exception):
    """The mail server is away or does not let us in: no email can leave now."""


class RefusedForNow(Exception):
    """This email did not leave; another try may go through."""


class RefusedForGood(Exception):
    """This email will never be taken."""


class NoMailbox(RefusedForGood):
    """The mail server knows of no such mailbox: this email and any other to it would come back."""


class NoAnswer(Exception):
    """The email was handed over and nothing came back: it may or may not have been taken."""
