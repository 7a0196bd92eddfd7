"""What a page shows where an encrypted value cannot be decrypted: words that say so, and that remember the value.

While a request is answered, reading such a field gives an `UnreadableText`, so that no page fails because of one cell.
Written back into its own column it is the encrypted value as it was; into another one it is refused, and no email is
filled in with it. Elsewhere, as in a task, reading such a field raises DecryptionError.
"""

from typing import Any

from django.utils.translation import gettext

from s4jr.crypto import decryption_guard


class DecryptionError(Exception):
    """An encrypted value does not open: wrong key, wrong column or a changed token. Never carries the value."""


class UnreadableText(str):
    """Words for a page, with the encrypted value that they stand for."""

    token: str
    context: str

    def token_for(self, context: str) -> str:
        """The encrypted value for the column it came from. Raises DecryptionError for any other column."""
        if context != self.context:
            raise DecryptionError(f"an encrypted value of {self.context} does not open, and is not copied to {context}")
        return self.token


def unreadable_text(token: str, context: str) -> UnreadableText:
    """What stands for this encrypted value on a page of the admin, or on any other page."""
    made = UnreadableText(words_for_admins() if decryption_guard.is_admin_page() else words_for_people())
    made.token, made.context = token, context
    return made


def words_for_people() -> str:
    return gettext("We can’t read this right now. The site tells the coalition automatically.")


def words_for_admins() -> str:
    return gettext(
        "This encrypted value can’t be decrypted. Tell the person who manages the server. A backup may have it."
    )


def is_words_of_a_page(value: Any) -> bool:
    """Whether a text is what `unreadable_text` says, and has lost what it stands for on its way through a form."""
    return value in (words_for_people(), words_for_admins())


def is_unreadable(value: Any) -> bool:
    return isinstance(value, UnreadableText)
