"""What a page shows for an encrypted value that cannot be decrypted: an explanation that remembers the value.

During a request, reading such a field returns an `UnreadableText`, so that no page fails because of one cell. Saved to
its own column it writes the encrypted value unchanged; saving it to another column is refused, and no email is filled
in with it. Elsewhere, as in a task, reading such a field raises DecryptionError.
"""

from typing import Any

from django.utils.translation import gettext

from s4jr.crypto import decryption_guard


class DecryptionError(Exception):
    """An encrypted value cannot be decrypted: wrong key, wrong column or a changed token. Never carries the value."""


class UnreadableText(str):
    """Text for a page, with the encrypted value it stands for."""

    token: str
    context: str

    def token_for(self, context: str) -> str:
        """The encrypted value for its own column. Raises DecryptionError for any other column."""
        if context != self.context:
            raise DecryptionError(f"an encrypted value of {self.context} does not open, and is not copied to {context}")
        return self.token


def unreadable_text(token: str, context: str) -> UnreadableText:
    """The placeholder for this encrypted value, worded for admins on admin pages and for visitors elsewhere."""
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
    """Whether a text is the placeholder itself, which has lost its encrypted value on its way through a form."""
    return value in (words_for_people(), words_for_admins())


def is_unreadable(value: Any) -> bool:
    return isinstance(value, UnreadableText)
