"""Short emails to admins: numbers and what waits, never a name. Who has no address, or no right to read, gets none."""

import logging
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone, translation

from members.models import Member
from members.review.dashboard import Waiting, waiting_for
from members.review.services import mark_as_told
from s4jr.accounts.models import User
from s4jr.audit import record_access
from s4jr.content.live_texts import text_block
from s4jr.crypto.decryption_guard import decrypts_unshown
from s4jr.crypto.fields import DecryptionError, readable
from s4jr.mail.emails import Email, write_from
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.services import queue_emails
from s4jr.security.storage_limits import refused_today

logger = logging.getLogger(__name__)
LANGUAGE = "en"
#: Filled in last: each kind of what waits keeps a line of its own.
PLACE = "{waiting}"
MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


@decrypts_unshown
def readers(right: str = "members.change_member") -> list[User]:
    """The people who may read applications, or have another right, and left an address to be told at."""
    have_it = get_user_model().objects.with_perm(right, backend=MODEL_BACKEND)
    return [user for user in have_it.filter(is_staff=True) if readable(user, "address")]


def tell(kind: str, event: str, *, to: list[User] | None = None, but: User | None = None, **values: Any) -> int:
    """Write the email `emails/admin-<kind>` to every reader, once for each event. Returns how many were written."""
    values["link"] = settings.SITE_URL + reverse("admin:index")
    lines = values.pop("waiting", "")
    subject, body = write_from(text_block(f"emails/admin-{kind}", LANGUAGE), waiting=PLACE, **values)
    return queue_emails(
        Email(
            to=user.address,
            subject=subject,
            body=body.replace(PLACE, lines),
            kind=f"admin-{kind}",
            dedupe_key=f"admin-{kind}:{event}:{user.pk}",
            language=LANGUAGE,
        )
        for user in (readers() if to is None else to)
        if user != but
    )


def write_digest(now: datetime | None = None) -> int:
    """Tell everybody on the team what waits for them, and for how long. Who has nothing waiting gets no email.

    Returns how many were written. An account that cannot be read is logged and keeps nobody else's email back.
    """
    now, users = now or timezone.now(), get_user_model().objects
    team = users.filter(is_staff=True, is_active=True).order_by("pk").values_list("pk", flat=True)
    return sum(_write_digest_to(pk, now) for pk in team)


def _write_digest_to(pk: int, now: datetime) -> int:
    try:
        user = get_user_model().objects.get(pk=pk)
        waiting = waiting_for(user, now.date()) if user.address else []
    except (DecryptionError, get_user_model().DoesNotExist):
        logger.exception("the digest for user %s was not written", pk)
        return 0
    return tell("digest", now.date().isoformat(), to=[user], **_counted(waiting)) if waiting else 0


def _counted(waiting: list[Waiting]) -> dict[str, Any]:
    with translation.override(LANGUAGE):
        lines = [f"- {one.said}: {one.age}" for one in waiting]
    total, days = sum(one.count for one in waiting), max(one.days for one in waiting)
    return {"count": total, "days": days, "waiting": "\n".join(lines)}


def tell_of_undecided(today: date | None = None) -> None:
    """Tell admins of those who have waited too long, once for each number of days. `purge` lets go of them later."""
    today = today or timezone.now().date()
    for days in settings.REMIND_AFTER_DAYS:
        late = Member.objects.waiting_since(days, today)
        if count := late.count():
            tell("undecided", f"{days}:{today}", count=count, days=days, limit=settings.UNDECIDED_DAYS)
            mark_as_told(late, days)  # only now: whoever is stopped here tells of them once more, rather than never


def tell_of_flagged(today: date | None = None) -> int:
    """Very many applications came within an hour: they are held. Told once a day."""
    today = today or timezone.now().date()
    count = Member.objects.filter(flag_reason=Member.FlagReason.TOO_MANY).count()
    return tell("flagged", today.isoformat(), count=count) if count else 0


def tell_of_refused(today: date | None = None) -> int:
    """So many forms came that some found no room, and their senders were told so. Told once a day."""
    today = today or timezone.now().date()
    count = refused_today()
    return tell("no-room", today.isoformat(), count=count) if count else 0


def tell_of_doubts(now: datetime | None = None) -> int:
    """Emails of which nobody knows whether they arrived: who may decide is told, once a day on which one was tried.

    Emails to admins are left out: telling of those would never end.
    """
    now = now or timezone.now()
    doubtful = OutgoingEmail.objects.in_doubt().exclude(kind__startswith="admin-")
    if not doubtful.filter(next_attempt_at__gt=now - timedelta(days=1)).exists():
        return 0
    may_decide = readers("mail.change_outgoingemail")
    return tell("emails-in-doubt", now.date().isoformat(), to=may_decide, count=doubtful.count())


@record_access.tells_admins
def tell_of_limit(user: User, what: str, limit: int) -> int:
    """Somebody opened, or undid, more than `limit` within an hour. The others are told, once a day and person."""
    today = timezone.now().date().isoformat()
    return tell(what, f"{user.pk}:{today}", but=user, who=user.get_username(), limit=limit)
