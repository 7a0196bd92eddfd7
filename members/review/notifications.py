"""Short emails to admins, with counts only and no names. Admins need an address and the permission."""

import logging
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from members.models import Member
from members.review.dashboard import Waiting, lasting, waiting_for
from members.review.services import mark_as_told
from s4jr.accounts.models import User
from s4jr.accounts.permissions import staff_with_perm
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
#: Replaced after wrapping, so that each kind of work keeps its own line.
PLACE = "{waiting}"


@decrypts_unshown
def readers(right: str = "members.change_member") -> list[User]:
    """The admins with this permission who have an email address."""
    return [user for user in staff_with_perm(right) if readable(user, "address")]


def tell(kind: str, event: str, *, to: list[User] | None = None, but: User | None = None, **values: Any) -> int:
    """Queues the email `emails/admin-<kind>` to every reader, once per event. Returns how many."""
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
    """Queues the digest for each staff user with waiting work. Returns how many.

    A user whose row can't be decrypted is logged and skipped.
    """
    now = now or timezone.now()
    team = User.objects.filter(is_staff=True, is_active=True).order_by("pk").values_list("pk", flat=True)
    return sum(_write_digest_to(pk, now) for pk in team)


def _write_digest_to(pk: int, now: datetime) -> int:
    try:
        user = User.objects.get(pk=pk)
        waiting = lasting(waiting_for(user, now.date())) if user.address else []
    except (DecryptionError, User.DoesNotExist):
        logger.exception("the digest for user %s was not written", pk)
        return 0
    return tell("digest", now.date().isoformat(), to=[user], **_counted(waiting)) if waiting else 0


def _counted(waiting: list[Waiting]) -> dict[str, Any]:
    with translation.override(LANGUAGE):
        lines = [f"- {one.said}: {one.age}" for one in waiting]
    total, days = sum(one.count for one in waiting), max(one.days or 0 for one in waiting)
    return {"count": total, "days": days, "waiting": "\n".join(lines)}


def tell_of_undecided(today: date | None = None) -> None:
    """Tells admins about applications that have waited too long, once for each number of days.

    `purge` lapses them later.
    """
    today = today or timezone.now().date()
    for days in settings.REMIND_AFTER_DAYS:
        late = Member.objects.waiting_since(days, today)
        if count := late.count():
            tell("undecided", f"{days}:{today}", count=count, days=days, limit=settings.UNDECIDED_DAYS)
            mark_as_told(late, days)  # last, so that a crash repeats the email instead of losing it


def tell_of_flagged(today: date | None = None) -> int:
    """Tells admins, once a day, that applications are flagged because too many came within an hour."""
    today = today or timezone.now().date()
    count = Member.objects.filter(flag_reason=Member.FlagReason.TOO_MANY).count()
    return tell("flagged", today.isoformat(), count=count) if count else 0


def tell_of_refused(today: date | None = None) -> int:
    """Tells admins, once a day, that forms were refused because there was no room for them."""
    today = today or timezone.now().date()
    count = refused_today()
    return tell("no-room", today.isoformat(), count=count) if count else 0


def tell_of_doubts(now: datetime | None = None) -> int:
    """Tells admins who may decide about emails with an unknown outcome, once for each day one was tried.

    Leaves out emails to admins, which would repeat this forever.
    """
    now = now or timezone.now()
    doubtful = OutgoingEmail.objects.in_doubt().exclude(kind__startswith="admin-")
    if not doubtful.filter(next_attempt_at__gt=now - timedelta(days=1)).exists():
        return 0
    may_decide = readers("mail.change_outgoingemail")
    return tell("emails-in-doubt", now.date().isoformat(), to=may_decide, count=doubtful.count())


@record_access.tells_admins
def tell_of_limit(user: User, what: str, limit: int) -> int:
    """Tells the other admins that `user` opened, or undid, more than `limit` within an hour. Once per day and user."""
    today = timezone.now().date().isoformat()
    return tell(what, f"{user.pk}:{today}", but=user, who=user.get_username(), limit=limit)
