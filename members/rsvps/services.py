"""Creates, confirms and cancels RSVPs, and erases guests. `waitlist.py` assigns the spots."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from chapters.models import Meeting, Representative
from members.applications.status_code import WELCOMED
from members.models import Member, Rsvp
from members.rsvps import emails
from members.rsvps.querysets import ENCRYPTED, RsvpQuerySet
from members.rsvps.waitlist import admit, hold_meeting, promote, today_at
from s4jr.accounts.models import User
from s4jr.crypto.fields import readable_rows
from s4jr.mail.mailbox import is_tagged, limit_key
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.services import erase_emails, queue_emails
from s4jr.security.submission import Submission

#: Confirmation emails per day to all tagged spellings of one inbox. Beyond this, a guest uses the code.
TAGGED_A_DAY = 2
#: How long after a meeting guests are erased and needs are emptied.
THE_DAY_AFTER = timedelta(days=1)
State = Rsvp.State
#: As a string, because the stubs see a member of TextChoices as a tuple when it is compared.
ASKED: str = State.ASKED


@dataclass(frozen=True, kw_only=True)
class GuestAnswers(Submission):
    """A valid form of a public meeting. The reason for a flag isn't stored."""

    needs: str = ""
    wants_reminder: bool = False

    ANSWERS: ClassVar[tuple[str, ...]] = (*Submission.ANSWERS, "needs", "wants_reminder")


# --- members and representatives


def make_rsvp(meeting_pk: uuid.UUID, member: Member, *, needs: str | None = None, wants_reminder: bool = False) -> bool:
    """Creates or changes the RSVP of a member, as going or on the waitlist. False if it is too late.

    If `needs` is None, the stored needs stay.
    """
    return _make_rsvp(meeting_pk, {"member": member}, needs=needs, wants_reminder=wants_reminder)


def make_rsvp_of_representative(
    meeting_pk: uuid.UUID, user: User, *, language: str, needs: str = "", wants_reminder: bool = False
) -> bool:
    """The same for a representative. Their emails are in `language`."""
    said = {"needs": needs, "wants_reminder": wants_reminder, "language": language}
    return _make_rsvp(meeting_pk, {"user": user}, **said)


@transaction.atomic
def _make_rsvp(meeting_pk: uuid.UUID, who: dict[str, Any], **said: Any) -> bool:
    meeting = hold_meeting(meeting_pk)
    if meeting is None:
        return False
    rsvp, _is_new = Rsvp.objects.defer(*ENCRYPTED).get_or_create(
        meeting=meeting, **who, defaults={"asked_on": today_at(meeting)}
    )
    said = {name: answer for name, answer in said.items() if answer is not None}
    Rsvp.objects.filter(pk=rsvp.pk).update(**said)
    admit(Rsvp.objects.filter(pk=rsvp.pk), meeting)
    return True


@transaction.atomic
def cancel_rsvp(rsvps: RsvpQuerySet) -> int:
    """Cancels the one RSVP: empties its answers and promotes the waitlist. A guest's RSVP is deleted.

    Returns how many were going or waiting.
    """
    meeting = hold_meeting(rsvps.values_list("meeting_id", flat=True).first(), only_open=False)
    if meeting is None:
        return 0
    won = erase_guests(rsvps)
    won += _mark_canceled(rsvps.taking_part())
    promote(meeting)
    return won


def _mark_canceled(rsvps: RsvpQuerySet) -> int:
    return rsvps.update(state=State.CANCELED, needs="", wants_reminder=False)


# --- guests


def make_rsvp_of_guest(meeting_pk: uuid.UUID, said: GuestAnswers) -> None:
    """Saves a guest's RSVP. The same form sent twice, or concurrently, is saved once.

    Returns nothing, so that the response can't reveal whether an address is known.

    A guest with an address attends once they confirm by email, a guest without one right away. A flagged form waits
    until its code confirms it.
    """
    try:
        with transaction.atomic():
            _keep_answers(meeting_pk, said)
    except IntegrityError:  # another request saved this form first
        pass


def _keep_answers(meeting_pk: uuid.UUID, said: GuestAnswers) -> None:
    meeting = hold_meeting(meeting_pk)
    earlier = next(iter(readable_rows(Rsvp.objects.filter(form_token=said.form_token), said.same_as)), None)
    is_settled = earlier and earlier.email_index and earlier.state != ASKED
    if meeting is None or (earlier and (is_settled or said.same_as(earlier))):
        return
    if earlier and earlier.email_index == said.email_index:
        rsvp = _correct_answers(earlier, said)
    else:
        rsvp = _add_guest(meeting, said)
    if not said.flag_reason:
        _welcome_guest(meeting, rsvp)


def _correct_answers(rsvp: Rsvp, said: GuestAnswers) -> Rsvp:
    """Changes the answers for the same address. The link in a sent email still works.

    Erases an unsent email, which is written again: the new answers may ask for discreet emails. A host who accepted
    the guest by another name has to accept them again.
    """
    erase_emails(OutgoingEmail.objects.filter(about=rsvp.about, sent_at=None))
    Rsvp.objects.filter(pk=rsvp.pk).update(**said.answers(), accepted_at=None)
    return Rsvp.objects.get(pk=rsvp.pk)


def _add_guest(meeting: Meeting, said: GuestAnswers) -> Rsvp:
    erase_guests(Rsvp.objects.filter(form_token=said.form_token))
    columns = {**said.answers(), **said.token_columns()}
    return Rsvp.objects.create(**columns, meeting=meeting, asked_on=today_at(meeting))


def _welcome_guest(meeting: Meeting, rsvp: Rsvp) -> None:
    if not rsvp.email:
        admit(Rsvp.objects.filter(pk=rsvp.pk), meeting)
    elif not is_tagged(rsvp.email) or _tagged_today(rsvp.email) < TAGGED_A_DAY:
        queue_emails([emails.confirm(rsvp)])


def _tagged_today(email: str) -> int:
    """How many of these emails the tagged spellings of this inbox got within a day."""
    lately = OutgoingEmail.objects.within_limit(limit_key(email)).filter(
        created_at__gt=timezone.now() - timedelta(days=1)
    )
    return lately.filter(kind="rsvp-confirm").count()


@transaction.atomic
def confirm_rsvp(rsvps: RsvpQuerySet) -> bool:
    """Confirms the one guest by email. Returns whether they are going or waiting.

    A second confirmation, or one for another form from the same address, changes nothing and returns True too.
    """
    rsvp = rsvps.guests().defer(*ENCRYPTED).first()
    meeting = hold_meeting(rsvp.meeting_id) if rsvp else None
    if rsvp is None or meeting is None:
        return False
    twins = Rsvp.objects.taking_part().filter(meeting=meeting, email_index=rsvp.email_index)
    if not twins.exists():
        admit(rsvps, meeting)
    return True


@transaction.atomic
def confirm_without_emails(rsvps: RsvpQuerySet) -> bool:
    """Confirms the one unconfirmed guest by code, and erases their address. False if it is too late."""
    rsvp = rsvps.guests().filter(state=State.ASKED).defer(*ENCRYPTED).first()
    meeting = hold_meeting(rsvp.meeting_id) if rsvp else None
    if rsvp is None or meeting is None:
        return False
    erase_emails(OutgoingEmail.objects.filter(about=rsvp.about))
    Rsvp.objects.filter(pk=rsvp.pk).update(contact="none", email="", email_index=None)
    admit(Rsvp.objects.filter(pk=rsvp.pk), meeting)
    return True


def erase_guests(rsvps: RsvpQuerySet) -> int:
    """Erases the guests among these and their emails, including unsent ones. Returns how many."""
    gone = list(rsvps.guests().only("pk", "member"))
    erase_emails(OutgoingEmail.objects.filter(about__in=[rsvp.about for rsvp in gone]))
    return Rsvp.objects.filter(pk__in=[rsvp.pk for rsvp in gone]).delete()[0]


# --- scheduled; each returns how many


def cancel_rsvps_of_former_members() -> int:
    """Cancels the RSVPs of people who are no longer members or representatives."""
    left = Q(member__isnull=False) & ~Q(member__status__in=WELCOMED)
    ended = Q(user__isnull=False) & ~Q(user__in=Representative.objects.serving().values("user"))
    return _mark_canceled(Rsvp.objects.taking_part().filter(left | ended))


def empty_needs(now: datetime) -> int:
    """Empties the needs a day after the meeting."""
    over = Rsvp.objects.filter(meeting__ends_at__lte=now - THE_DAY_AFTER, emptied_on=None)
    return over.update(needs="", emptied_on=now.date())


def erase_past_guests(now: datetime) -> int:
    """Erases the guests of a meeting, and their emails, a day after it."""
    return erase_guests(Rsvp.objects.guests().filter(meeting__ends_at__lte=now - THE_DAY_AFTER))
