"""After a restore: settles what was in progress at the time of the backup, and checks the keys."""

from members.models import Member
from s4jr.accounts.models import Session
from s4jr.crypto.blind_index import blind_index
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.services import mark_unknown

RESTORED = "it waited when the backup was made: it may have left since"


def settle_what_was_underway() -> tuple[int, int]:
    """Marks unsent emails as unknown, so that none is sent twice, and ends all sessions. Returns both counts."""
    emails = mark_unknown(OutgoingEmail.objects.all(), RESTORED)
    return emails, Session.objects.all().delete()[0]


def index_key_fits() -> bool:
    """Whether a member's blind index matches their address under the current INDEX_KEY."""
    member = Member.objects.exclude(email_index=None).first()
    return member is None or member.email_index == blind_index(member.email)
