"""Making, confirming and canceling an RSVP, and erasing guests. Who has a place is decided in `waitlist.py`."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

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
from s4jr.crypto.blind_index import blind_index
from s4jr.crypto.fields import readable_rows
from s4jr.mail.mailbox import is_tagged, limit_key
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.services import erase_emails, queue_emails
from s4jr.security.status_code import code_hash, code_of_form

#: Emails in a day that ask the tagged spellings of one inbox, together, to confirm. Past these a guest uses the code.
TAGGED_A_DAY = 2
#: A guest is erased, and what would help somebody is emptied, this long after the end.
THE_DAY_AFTER = timedelta(days=1)
State = Rsvp.State


@dataclass(frozen=True)
class GuestAnswers:
    """What the form of a public meeting says. `email` is "" where `contact` is none."""

    contact: str
    form_token: str
    name: str = ""
    email: str = ""
    needs: str = ""
    wants_reminder: bool = False
    language: str = "en"
    is_flagged: bool = False
    email_index: str | None = field(init=False)

    ANSWERS = ("contact", "name", "email", "email_index", "needs", "wants_reminder", "language")

    def __post_init__(self) -> None:
        object.__setattr__(self, "email_index", blind_index(self.email) if self.email else None)

    def answers(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.ANSWERS}

    def same_as(self, rsvp: Rsvp) -> bool:
        return all(getattr(rsvp, name) == answer for name, answer in self.answers().items())


# --- members and representatives


def make_rsvp(meeting_pk: uuid.UUID, member: Member, *, needs: str | None = None, wants_reminder: bool = False) -> bool:
    """A member comes, or waits in line; a second time it changes what they said. False where it is too late.

    `needs` is None where what they said before should stay.
    """
    return _make_rsvp(meeting_pk, {"member": member}, needs=needs, wants_reminder=wants_reminder)


def make_rsvp_of_representative(
    meeting_pk: uuid.UUID, user: User, *, language: str, needs: str = "", wants_reminder: bool = False
) -> bool:
    """The same for whoever signs in as a representative; emails about it are in their language."""
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
    """The one person of these does not come: what they said goes at once, and whoever waits moves up. Of a guest
    nothing is left. Returns how many did come, or waited."""
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
    """A guest asks to come. The same form sent twice, or to two workers at once, is one. Returns nothing: whether an
    address is known must not show.

    Who gives an address comes once they confirm by the email to it, who gives none at once. What a machine may have
    sent waits until its code confirms it.
    """
    try:
        with transaction.atomic():
            _keep_answers(meeting_pk, said)
    except IntegrityError:  # the same form at the same moment
        pass


def _keep_answers(meeting_pk: uuid.UUID, said: GuestAnswers) -> None:
    meeting = hold_meeting(meeting_pk)
    earlier = next(iter(readable_rows(Rsvp.objects.filter(form_token=said.form_token), said.same_as)), None)
    is_settled = earlier and earlier.email_index and earlier.state != State.ASKED
    if meeting is None or (earlier and (is_settled or said.same_as(earlier))):
        return
    if earlier and earlier.email_index == said.email_index:
        rsvp = _correct_answers(earlier, said)
    else:
        rsvp = _add_guest(meeting, said)
    if not said.is_flagged:
        _welcome_guest(meeting, rsvp)


def _correct_answers(rsvp: Rsvp, said: GuestAnswers) -> Rsvp:
    """Other answers with the same address: the link in the email that was sent goes on working. One that waits is
    written anew: they may have chosen to be discreet."""
    erase_emails(OutgoingEmail.objects.filter(about=rsvp.about, sent_at=None))
    Rsvp.objects.filter(pk=rsvp.pk).update(**said.answers())
    return Rsvp.objects.get(pk=rsvp.pk)


def _add_guest(meeting: Meeting, said: GuestAnswers) -> Rsvp:
    erase_guests(Rsvp.objects.filter(form_token=said.form_token))
    return Rsvp.objects.create(
        **said.answers(), meeting=meeting, asked_on=today_at(meeting),
        form_token=said.form_token, code_hash=code_hash(code_of_form(said.form_token)),
    )  # fmt: skip


def _welcome_guest(meeting: Meeting, rsvp: Rsvp) -> None:
    if not rsvp.email:
        admit(Rsvp.objects.filter(pk=rsvp.pk), meeting)
    elif not is_tagged(rsvp.email) or _tagged_today(rsvp.email) < TAGGED_A_DAY:
        queue_emails([emails.confirm(rsvp)])


def _tagged_today(email: str) -> int:
    """How many such emails the tagged spellings of this inbox had within a day."""
    lately = OutgoingEmail.objects.within_limit(limit_key(email)).filter(
        created_at__gt=timezone.now() - timedelta(days=1)
    )
    return lately.filter(kind="rsvp-confirm").count()


@transaction.atomic
def confirm_rsvp(rsvps: RsvpQuerySet) -> bool:
    """The one guest of these has confirmed by the email. A second time, or by the email of a second form from the same
    address, it changes nothing. Returns whether they, or that other form, come or wait."""
    rsvp = rsvps.guests().defer(*ENCRYPTED).first()
    meeting = hold_meeting(rsvp and rsvp.meeting_id)
    if meeting is None:
        return False
    twins = Rsvp.objects.taking_part().filter(meeting=meeting, email_index=rsvp.email_index)
    if not twins.exists():
        admit(rsvps, meeting)
    return True


@transaction.atomic
def confirm_without_emails(rsvps: RsvpQuerySet) -> bool:
    """The one guest of these was not confirmed, and comes by code: the address is erased. False where it is too
    late."""
    rsvp = rsvps.guests().filter(state=State.ASKED).defer(*ENCRYPTED).first()
    meeting = hold_meeting(rsvp and rsvp.meeting_id)
    if meeting is None:
        return False
    erase_emails(OutgoingEmail.objects.filter(about=rsvp.about))
    Rsvp.objects.filter(pk=rsvp.pk).update(contact="none", email="", email_index=None)
    admit(Rsvp.objects.filter(pk=rsvp.pk), meeting)
    return True


def erase_guests(rsvps: RsvpQuerySet) -> int:
    """Erase the guests among these and the emails to them. One that waits never leaves. Returns how many."""
    gone = list(rsvps.guests().only("pk", "member"))
    erase_emails(OutgoingEmail.objects.filter(about__in=[rsvp.about for rsvp in gone]))
    return Rsvp.objects.filter(pk__in=[rsvp.pk for rsvp in gone]).delete()[0]


# --- what beat sees to; each returns how many


def cancel_rsvps_of_former_members() -> int:
    """Whoever is no member any more, or no representative, comes no more."""
    left = Q(member__isnull=False) & ~Q(member__status__in=WELCOMED)
    ended = Q(user__isnull=False) & ~Q(user__in=Representative.objects.serving().values("user"))
    return _mark_canceled(Rsvp.objects.taking_part().filter(left | ended))


def empty_needs(now: datetime) -> int:
    """What would help somebody take part goes the day after."""
    over = Rsvp.objects.filter(meeting__ends_at__lte=now - THE_DAY_AFTER, emptied_on=None)
    return over.update(needs="", emptied_on=now.date())


def erase_past_guests(now: datetime) -> int:
    """Guests of a meeting go the day after, with the emails to them."""
    return erase_guests(Rsvp.objects.guests().filter(meeting__ends_at__lte=now - THE_DAY_AFTER))
