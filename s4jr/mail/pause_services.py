"""The queue waits while something at our end is at fault, and no email is charged for it. Decision 26 says why.

no pause --our fault--> paused --its time is over: one email tries--> an accepted email ends it, else it waits longer
no pause --refused, and the server doesn't say whether us or the email--> suspected --another address, too--> paused
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from s4jr.mail.models import OutgoingEmail, SendingPause

#: The longest time until one email tries again: what was fixed should work within the coffee break that follows.
LONGEST_SECONDS = 900
#: After an accepted email ended a pause that nothing explained, the same reply is held against the email for this long.
ABOUT_THE_EMAIL = timedelta(days=1)


def how_many_may_try(at_most: int) -> int:
    """How many emails a sender may claim: `at_most`; none during a pause; one when its time is over, for one sender."""
    pause = SendingPause.objects.active().first()
    if pause is None or pause.next_try_at is None:
        return at_most
    now = timezone.now()
    if pause.next_try_at > now or not OutgoingEmail.objects.due().exists():
        return 0
    this = SendingPause.objects.active().filter(next_try_at=pause.next_try_at)
    return this.update(tries=pause.tries + 1, next_try_at=now + _delay_after(pause.tries + 1))


def _delay_after(tries: int) -> timedelta:
    """How long the queue waits after so many tries, the first of which began the pause."""
    back_off = settings.MAIL_BACK_OFF_SECONDS
    return timedelta(seconds=min(back_off[min(tries, len(back_off)) - 1], LONGEST_SECONDS))


@transaction.atomic
def hold_email(email: OutgoingEmail, cause: SendingPause.Cause, reply: str) -> None:
    """Pause sending, and put this email back as if it had not been tried. The next try is another email's, if any."""
    pause = _lock_pause()
    if pause.next_try_at is None:
        now = timezone.now()
        pause.began_at, pause.ended_at, pause.tries, pause.next_try_at = now, None, 1, now + _delay_after(1)
    pause.cause, pause.reply = cause, reply
    pause.save()
    OutgoingEmail.objects.in_hand().filter(pk=email.pk, claim=email.claim).update(
        state=OutgoingEmail.State.PENDING,
        attempts=email.attempts - 1,
        next_attempt_at=pause.next_try_at,
        last_error=reply,
        claim=None,
        lease_until=None,
    )


def _lock_pause() -> SendingPause:
    """The one row, until the transaction ends. One that is new has ended, as if nothing had been wrong."""
    ended = {"began_at": timezone.now(), "ended_at": timezone.now()}
    return SendingPause.objects.select_for_update().get_or_create(pk=1, defaults=ended)[0]


@transaction.atomic
def is_held_against_us(email: OutgoingEmail, reply: str) -> bool:
    """Whether a refusal that doesn't say whom it is about pauses sending; if not, it is held against this email.

    It pauses once emails to two addresses were refused like this and none was accepted in between. What the tries of
    the first one cost is given back.
    """
    pause = _lock_pause()
    if pause.next_try_at is not None:
        return True
    if _others_were_accepted_lately(pause):
        return False
    first = OutgoingEmail.objects.filter(pk=pause.first_email, state=OutgoingEmail.State.PENDING)
    if pause.ended_at or not first.exists():
        _suspect(pause, email, reply)
        return False
    return bool(first.exclude(to_index=email.to_index).update(attempts=0))


def _others_were_accepted_lately(pause: SendingPause) -> bool:
    """Whether such a pause ended by itself, while this or another refused email was still waiting."""
    if pause.cause != SendingPause.Cause.POLICY or not pause.tries or pause.ended_at is None:
        return False
    return pause.ended_at > timezone.now() - ABOUT_THE_EMAIL


def _suspect(pause: SendingPause, email: OutgoingEmail, reply: str) -> None:
    pause.cause, pause.reply, pause.first_email = SendingPause.Cause.POLICY, reply, email.pk
    pause.began_at, pause.ended_at, pause.tries = timezone.now(), None, 0
    pause.save()


def is_about_email_alone(email: OutgoingEmail, cause: SendingPause.Cause, reply: str) -> bool:
    """Whether others were accepted after this email was held for the same reply: then nothing is wrong at our end.

    A quota is: each day the first emails are accepted.
    """
    if cause == SendingPause.Cause.QUOTA or email.last_error != reply:
        return False
    ended = SendingPause.objects.filter(cause=cause, reply=reply, ended_at__gt=timezone.now() - ABOUT_THE_EMAIL)
    return ended.exists()


def end_pause() -> None:
    """The mail server accepted an email: nothing is wrong at our end, and nothing is suspected."""
    SendingPause.objects.filter(ended_at=None).update(ended_at=timezone.now(), next_try_at=None)


def try_now() -> int:
    """Let one email that is due try right away; returns 0 if sending isn't paused."""
    return SendingPause.objects.active().update(next_try_at=timezone.now())


@transaction.atomic
def try_again_now() -> int:
    """The same for an admin: what was held may be that email. Returns 0 if sending isn't paused."""
    held = OutgoingEmail.objects.filter(state=OutgoingEmail.State.PENDING, last_error__gt="")
    held = held.filter(last_error__in=SendingPause.objects.active().values("reply"))
    held.update(next_attempt_at=timezone.now())
    return try_now()
