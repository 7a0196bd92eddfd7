"""How a page or an email identifies an application without showing anything written in it."""

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext as _

from chapters.meetings.timezones import in_full
from s4jr.security.status_code import code_hash, code_of_form

if TYPE_CHECKING:
    from members.models import Member

#: The time zone shown to someone whose own zone is unknown. The text names it.
ZONE = "America/Toronto"
LAST_CHARACTERS = 3


class Sent(NamedTuple):
    """When an application was sent, and the last characters of its code; "" if another code replaced it."""

    at: datetime
    code_ends_in: str

    @property
    def when(self) -> str:
        return in_full(ZONE, self.at)

    def __str__(self) -> str:
        words = {"when": self.when, "code": self.code_ends_in}
        return (
            _("Sent on %(when)s. The code ends in %(code)s.") if self.code_ends_in else _("Sent on %(when)s.")
        ) % words


def as_sent(member: "Member") -> Sent:
    """Identifies the application of this member."""
    code = code_of_form(member.form_token)
    return Sent(member.agreed_at, code[-LAST_CHARACTERS:] if member.code_hash == code_hash(code) else "")
