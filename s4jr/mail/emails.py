"""An email before it is in the outbox, and its words from a text block."""

import logging
import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from s4jr.content.live_texts import Text
from s4jr.crypto.blind_index import blind_index
from s4jr.crypto.unreadable_text import DecryptionError, is_unreadable
from s4jr.mail.kinds import TO_MANY
from s4jr.mail.link_rules import link_problems
from s4jr.mail.mailbox import Mailbox, limit_index, mailbox_indexes
from s4jr.mail.models import OutgoingEmail, Suppression
from s4jr.security.link_tokens import SignedLinks

logger = logging.getLogger(__name__)
COLUMNS = 72
PLACEHOLDER = re.compile(r"\{(\w+)\}")
_BRACE = re.compile(r"[{}]")
_UNSUBSCRIBE_LINKS = SignedLinks("unsubscribe")


@dataclass(frozen=True)
class Email:
    """One plain text email to one address. `dedupe_key` names the event it is about; it is queued once for it.

    `discreetly` builds the discreet form, (subject, body), of one that is not: the outbox uses it if the owner of the
    address chose so (`s4jr.mail.contact_preference`). None means that there is no other form. After `not_after` it is
    canceled instead of sent: its link would hardly work anymore.
    """

    to: str
    subject: str
    body: str
    kind: str
    dedupe_key: str
    about: str = ""
    batch: str = ""
    language: str = "en"
    not_after: datetime | None = None
    in_reply_to: str | None = None
    discreetly: Callable[[], tuple[str, str]] | None = field(default=None, compare=False, repr=False)
    to_index: str = field(init=False)
    limit_index: str | None = field(init=False)

    def __post_init__(self) -> None:
        """An address that cannot be decrypted becomes empty: the outbox queues no email without one."""
        if is_unreadable(self.to):
            object.__setattr__(self, "to", "")
        object.__setattr__(self, "to_index", blind_index(self.to))
        object.__setattr__(self, "limit_index", limit_index(self.to))

    @property
    def mailbox(self) -> Mailbox:
        return mailbox_indexes(self.to)

    def row(self, model: type[OutgoingEmail]) -> OutgoingEmail:
        """This email as an unsaved row of the outbox, due now."""
        now = timezone.now()
        values = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "discreetly"}
        return model(**values, created_at=now, next_attempt_at=now)

    def in_form_for(self, discreet: set[str]) -> "Email":
        """This email in the form its address gets; `discreet` has the blind indexes that chose discreet emails."""
        if self.discreetly is None or self.to_index not in discreet:
            return self
        subject, body = self.discreetly()
        return replace(self, subject=subject, body=body, discreetly=None)


def in_both_forms(write: Callable[[bool], tuple[str, str]], *, discreet: bool) -> dict[str, Any]:
    """Arguments for `Email(**…)`: the words in the requested form, and the discreet ones in case they are needed.

    `write(discreet)` returns (subject, body) of one form.
    """
    subject, body = write(discreet)
    return {"subject": subject, "body": body, "discreetly": None if discreet else partial(write, True)}


def write_from(text: Text, **values: Any) -> tuple[str, str]:
    """(subject, body) of a text block with its `{placeholders}` filled in, wrapped at 72 columns.

    Raises KeyError for a placeholder without a value, and DecryptionError for one whose value cannot be decrypted: an
    email with a gap is never sent. A paragraph whose placeholders are all empty is left out.
    """
    text = _with_safe_links(text)
    paragraphs = (_wrapped(part, values) for part in text.markdown.split("\n\n"))
    return _fill(text.title, values), "\n\n".join(filter(None, paragraphs)) + "\n"


def _with_safe_links(text):
    """The text, or the file's if an edit that no form accepts anymore links elsewhere."""
    if not text.is_edited or not any(link_problems(f"{text.title}\n{text.markdown}")):
        return text
    logger.error("The edit of the email text %s (%s) leads elsewhere: the file's is sent.", text.key, text.language)
    return text.as_in_file()


def has_stray_braces(text: str) -> bool:
    """Whether the email would contain a literal curly bracket, as in `{ name }`."""
    return bool(_BRACE.search(PLACEHOLDER.sub("", text)))


def _fill(text, values):
    return PLACEHOLDER.sub(lambda match: _value_of(match.group(1), values), text)


def _value_of(name, values):
    if is_unreadable(values[name]):
        raise DecryptionError(f"{name} of an email cannot be decrypted")
    return str(values[name])


def _wrapped(paragraph, values):
    return in_columns(_fill(" ".join(paragraph.split()), values))


def in_columns(line: str) -> str:
    """One line wrapped at 72 columns, never inside a word or an address."""
    return textwrap.fill(line, COLUMNS, break_long_words=False, break_on_hyphens=False)


def email_link(name: str, language: str, **kwargs: Any) -> str:
    """The full URL of a named page on EMAIL_LINK_URL, in a language."""
    with translation.override(language):
        return settings.EMAIL_LINK_URL + reverse(name, kwargs=kwargs)


def stop_link(to_index: str, kind: str, language: str) -> str:
    """The URL at which a recipient stops emails of this kind. RFC 8058 makes mail programs POST there."""
    scopes = Suppression.Scope
    scope = scopes.ANNOUNCEMENTS if kind == TO_MANY else scopes.EVERY_EMAIL
    return email_link("unsubscribe", language, token=unsubscribe_token(to_index, scope))


def unsubscribe_token(to_index: str, scope: str = Suppression.Scope.EVERY_EMAIL) -> str:
    """Proves to `/unsubscribe/<token>/` that its reader had an email of ours, and names the emails it stops."""
    return _UNSUBSCRIBE_LINKS.token_of(f"{to_index}.{scope}")


def read_unsubscribe_token(token: str) -> tuple[str, Suppression.Scope] | None:
    """The blind index and `Suppression.Scope` in a token, or None. Its holder can change neither."""
    to_index, _, scope = (_UNSUBSCRIBE_LINKS.read(token) or "").rpartition(".")
    return (to_index, Suppression.Scope(scope)) if scope in Suppression.Scope else None
