"""Appointing somebody to a place or a chapter, handing their place over to the next, and ending a term.

What people wrote to one representative is never moved to another: they chose to whom to say it. When a term ends they
are told, in neutral words, that nobody will answer; who agreed that the coalition may answer stays open for it.
"""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Least

from chapters.local_days import last_today_in_place
from chapters.models import Chapter, Representative, RepresentativeMessage
from chapters.regions import country_of
from chapters.representatives import emails
from chapters.representatives.services import hide_profiles
from s4jr.accounts.models import Invitation, User
from s4jr.accounts.sessions import end_sessions_of
from s4jr.audit.models import AccessLog
from s4jr.conversations.choices import NOT_SPAM
from s4jr.days import easternmost_today, westernmost_today
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.services import cancel_emails, queue_emails
from s4jr.security.row_by_row import made_for_each

Action = AccessLog.Action
ONE_DAY = timedelta(days=1)
#: Steps of the first visit that somebody who has served before need not walk again; every profile is a new one.
KNOWN_ALREADY = ("sign-in", "public", "messages", "meeting")


@dataclass(frozen=True)
class Appointment:
    """Who, of what, and for how long. A place by its ISO code, or a chapter. `user` is None for who is new here."""

    begins_on: date
    ends_on: date | None = None
    region: str = ""
    chapter: Chapter | None = None
    username: str = ""
    address: str = ""
    language: str = "en"
    user: User | None = None

    @property
    def country(self) -> str:
        return self.chapter.country if self.chapter else country_of(self.region)


class Appointed(NamedTuple):
    """The term that begins; and a link to hand over by hand, or "" where an email takes it or none is needed."""

    term: Representative
    link: str = ""


@transaction.atomic
def appoint(appointment: Appointment, *, by: User | None, follows: Representative | None = None) -> Appointed:
    """Begin a term, for somebody new with a sign-in of their own, which a one-time link opens."""
    is_new = appointment.user is None
    user = _create_user(appointment) if is_new else appointment.user
    term = Representative.objects.create(
        user=user,
        country=appointment.country,
        region=appointment.region,
        chapter=appointment.chapter,
        begins_on=appointment.begins_on,
        ends_on=appointment.ends_on,
        language=appointment.language,
        appointed_by=by,
        follows=follows,
        steps_done=_steps_known_to(user),
    )
    _log_access(by, Action.DECIDED, term, "user", "region", "chapter", "begins_on", "ends_on")
    return invite(term, by=by) if is_new else _tell_appointed(term)


def may_be_invited(user: User) -> bool:
    """Only who never signed in and is no admin: a link opens the sign-in of whoever it is for. Others are mended."""
    return user.is_active and not user.is_staff and user.last_login is None


@transaction.atomic
def invite(term: Representative, *, by: User | None) -> Appointed:
    """A new one-time link for who `may_be_invited`; their earlier ones stop working."""
    link = Invitation.objects.issue(user=term.user, purpose=Invitation.Purpose.JOIN_STAFF, made_by=by)
    _log_access(by, Action.SENT, term.user, "invitation")
    email = emails.invitation(term, link)
    return Appointed(term, "" if queue_emails([email]) else link)


@transaction.atomic
def hand_over(term: Representative, appointment: Appointment, *, by: User | None) -> Appointed:
    """End this term on the day before the next one begins, of the same place or chapter.

    It ends at once where the next one begins today or earlier, by the day of the place.
    """
    today = last_today_in_place(term.place_code)
    if appointment.begins_on <= max(today, term.begins_on):
        end_term(term, by=by)
    else:
        _end_later(term, appointment.begins_on - ONE_DAY, by)
    return appoint(appointment, by=by, follows=term)


@transaction.atomic
def end_term(term: Representative, *, by: User | None) -> bool:
    """End a term now: the desk closes, the profile hides, their sessions end. False where it is over already."""
    today = westernmost_today()  # a term runs until its last day is over everywhere
    this = Representative.objects.filter(pk=term.pk)
    hide_profiles(this)
    # A term of a single day would still run: one that is ended is over as of yesterday, whenever it began.
    still_runs = this.filter(Q(ends_on=None) | Q(ends_on__gte=today))
    if not still_runs.update(begins_on=Least("begins_on", today - ONE_DAY), ends_on=today - ONE_DAY):
        return False
    cancel_emails(OutgoingEmail.objects.filter(about=term.about))
    _revoke_access(term.user)
    tell_who_waits(term)
    _log_access(by, Action.DECIDED, term, "ends_on")
    return True


def _end_later(term: Representative, day: date, by: User | None) -> None:
    later = Q(ends_on=None) | Q(ends_on__gt=day)
    if Representative.objects.filter(later, pk=term.pk).update(ends_on=day):
        _log_access(by, Action.DECIDED, term, "ends_on")


def settle_ended_terms(today: date | None = None) -> int:
    """Tell whoever still waits for a term that ran out by itself; returns how many."""
    over = Representative.objects.filter(
        ends_on__lt=today or westernmost_today(), conversations__state=RepresentativeMessage.State.OPEN
    )
    return sum(tell_who_waits(term) for term in over.distinct())


@transaction.atomic
def tell_who_waits(term: Representative) -> int:
    """Close what nobody of this term will answer, and write to those who may be written to. Returns how many.

    What the coalition has taken over, or may still take over since nobody read it, stays open for it.
    """
    open_ones = RepresentativeMessage.objects.open()
    waiting = open_ones.filter(representative=term, taken_over_on=None)
    waiting = waiting.exclude(coalition_may_answer=True, read_on=None)
    closed = [message for message in waiting if _close_message(open_ones.filter(pk=message.pk))]
    told = (message for message in closed if message.gets_emails and message.flag_reason in NOT_SPAM)
    queue_emails(made_for_each(told, emails.term_ended))
    return len(closed)


def _close_message(messages: QuerySet) -> int:
    return messages.update(state=RepresentativeMessage.State.CLOSED)


def next_term_of(user: User) -> Representative | None:
    """The first term of somebody that has not begun yet, or None."""
    to_come = Representative.objects.filter(user=user, begins_on__gt=easternmost_today())
    return to_come.select_related("chapter").order_by("begins_on").first()


def _create_user(appointment: Appointment) -> User:
    """Somebody who signs in, and is no admin. Who comes from the form names no address in clear."""
    user = User(username=appointment.username or proposed_username(appointment))
    user.address = appointment.address
    user.set_unusable_password()
    user.save()
    return user


def proposed_username(appointment: Appointment) -> str:
    """A name to sign in with that is nobody's and names nobody: the place or chapter, and a number."""
    place = appointment.chapter.slug if appointment.chapter else appointment.region
    while User.objects.filter(username__iexact=(name := f"{place.lower()}-{secrets.randbelow(9000) + 1000}")).exists():
        continue
    return name


def _steps_known_to(user: User) -> str:
    before = Representative.objects.filter(user=user).values_list("steps_done", flat=True)
    done = {step for steps in before for step in steps.split()}
    return " ".join(step for step in KNOWN_ALREADY if step in done)


def _tell_appointed(term: Representative) -> Appointed:
    """Whoever signs in here already needs no link: an email says that something waits at their desk."""
    queue_emails([emails.appointed(term)])
    return Appointed(term)


def _revoke_access(user: User) -> None:
    """No session goes on, and no unused link of who has nothing else to do here; the others sign in anew."""
    end_sessions_of(user)
    others = Representative.objects.filter(user=user).exclude(ends_on__lt=westernmost_today())
    if not user.is_staff and not others.exists():
        user.invitations.filter(used_at=None).delete()


def _log_access(by: User | None, action: AccessLog.Action, record: Representative | User, *field_names: str) -> None:
    AccessLog.objects.note(who=by, action=action, records=[record], field_names=field_names)
