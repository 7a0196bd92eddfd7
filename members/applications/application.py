"""An application as the join form submits it, before it is saved."""

import hmac
from dataclasses import dataclass, field
from typing import Any

from chapters.models import Chapter
from members.applications.agreement import VERSIONS
from members.models import Member
from s4jr.crypto.blind_index import blind_index
from s4jr.mail.mailbox import limit_index


@dataclass(frozen=True)
class Application:
    """The answers of a join form. `email` is "" if `contact` is none: an address typed with that is dropped unread.

    `form_token` identifies the form, `previous_token` the one that the same browser sent before it within half an hour,
    and `earlier_token` the one it sent before within a week, if any.
    """

    name: str
    contact: str
    form_token: str
    email: str = ""
    pronouns: str = ""
    relation: str = ""
    ways_to_help: str = ""
    access_needs: str = ""
    message: str = ""
    country: str = ""
    region: str = ""
    chapter: Chapter | None = None
    newsletter: bool = False
    language: str = "en"
    agreement_version: str = VERSIONS[0].name
    flag_reason: str = ""
    previous_token: str = ""
    earlier_token: str = ""
    email_index: str | None = field(init=False)
    limit_index: str | None = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "email_index", blind_index(self.email) if self.email else None)
        object.__setattr__(self, "limit_index", limit_index(self.email) if self.email else None)

    def answers(self) -> dict[str, Any]:
        """The answers by field name, with the blind index and the limit index of the address."""
        return {name: getattr(self, name) for name in (*Member.ANSWERS, "email_index", "limit_index")}

    def same_as(self, member: Member) -> bool:
        return all(getattr(member, name) == getattr(self, name) for name in (*Member.ANSWERS, "email_index"))

    def same_name_as(self, member: Member) -> bool:
        return hmac.compare_digest(self.name.casefold().encode(), member.name.casefold().encode())
