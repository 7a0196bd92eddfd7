"""An application as the join form submits it, before it is saved."""

import hmac
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from chapters.models import Chapter
from members.applications.agreement import VERSIONS
from members.models import Member
from s4jr.mail.mailbox import limit_index
from s4jr.security.submission import Submission


@dataclass(frozen=True, kw_only=True)
class Application(Submission):
    """The answers of a join form. An address typed with `contact` none is dropped unread.

    `previous_token` is the form that the same browser sent before this one within half an hour, and `earlier_token` the
    one it sent before within a week, if any.
    """

    pronouns: str = ""
    relation: str = ""
    ways_to_help: str = ""
    access_needs: str = ""
    message: str = ""
    country: str = ""
    region: str = ""
    chapter: Chapter | None = None
    newsletter: bool = False
    agreement_version: str = VERSIONS[0].name
    previous_token: str = ""
    earlier_token: str = ""

    ANSWERS: ClassVar[tuple[str, ...]] = (*Member.ANSWERS, "email_index", "limit_index")
    FIXED: ClassVar[tuple[str, ...]] = ("agreement_version",)

    @cached_property
    def limit_index(self) -> str | None:
        """What the limits on emails to this address count by, if that is not its blind index."""
        return limit_index(self.email) if self.email else None

    def same_name_as(self, member: Member) -> bool:
        return hmac.compare_digest(self.name.casefold().encode(), member.name.casefold().encode())
