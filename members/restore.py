"""After a restore: what was underway when the backup was made, and whether the keys of here belong to it."""

from members.models import Member
from s4jr.accounts.models import Session
from s4jr.crypto.blind_index import blind_index
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.services import mark_unknown

RESTORED = "it waited when the backup was made: it may have left since"


def settle_what_was_underway() -> tuple[int, int]:
    """Nothing leaves a second time, and nobody is signed in whom a restored session would let in. Returns how many."""
    emails = mark_unknown(OutgoingEmail.objects.all(), RESTORED)
    return emails, Session.objects.all().delete()[0]


def index_key_fits() -> bool:
    """Whether somebody's address leads to them: their fingerprint was made with the INDEX_KEY of here."""
    member = Member.objects.exclude(email_index=None).first()
    return member is None or member.email_index == blind_index(member.email)
