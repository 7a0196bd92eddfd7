"""Services for terms: appointing a representative, handing over to the next one, and ending a term.

Messages to one representative never move to another, because their senders chose the recipient. When a term ends,
senders get a neutral email that no one will answer. Messages that the coalition may answer stay open for it.
"""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Least

from chapters.local_days import last_today_in_place
from chapters.models import Chapter, Representative, RepresentativeMessage
from chapters.regions import country_of
from chapters.representative_messages.querysets import RepresentativeMessageQuerySet
from chapters.representatives import emails
from chapters.representatives.services import hide_profiles
from s4jr.accounts.invitations import issue_invitation
from s4jr.accounts.models import Invitation, User
from s4jr.accounts.sessions import end_sessions_of
from s4jr.audit.models import AccessLog
from s4jr.audit.services import log_access
from s4jr.conflicts import ChangedMeanwhileError
from s4jr.content.live_texts import texts_by_language
from s4jr.conversations.choices import NOT_SPAM
from s4jr.days import easternmost_today, westernmost_today
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.services import cancel_emails, queue_emails
from s4jr.security.row_by_row import made_for_each

Action = AccessLog.Action
ONE_DAY = timedelta(days=1)
#: Onboarding steps that a former representative can skip. The profile is new in each term.
KNOWN_ALREADY = ("sign-in", "public", "messages", "meeting")


@dataclass(frozen=True)
class Appointment:
    """The user, the place (its ISO code) or chapter, and the term. `user` is None for a new user."""

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
    """The new term, and the link to hand over in person; "" if it was emailed or is not needed."""

    term: Representative
    link: str = ""


@transaction.atomic
def appoint(appointment: Appointment, *, by: User | None, follows: Representative | None = None) -> Appointed:
    """Begins a term. A new user gets a sign-in, which a one-time link opens."""
    user = appointment.user or create_user(appointment)
    term = create_term(user, appointment, by=by, follows=follows)
    return _tell_appointed(term) if appointment.user else invite(term, by=by)


def create_term(
    user: User, appointment: Appointment, *, by: User | None, follows: Representative | None = None
) -> Representative:
    """Saves the term and tells no one."""
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
    return term


def may_be_invited(term: Representative) -> bool:
    """Only users who never signed in and are not admins, since the link opens the sign-in. Others recover theirs.

    Not after the end of the term: the link would open nothing that they still have.
    """
    user = term.user
    return not term.has_ended and user.is_active and not user.is_staff and user.last_login is None


@transaction.atomic
def invite(term: Representative, *, by: User | None) -> Appointed:
    """Sends a new one-time link to a user who `may_be_invited`; earlier links stop working."""
    link = issue_invitation(user=term.user, purpose=Invitation.Purpose.JOIN_STAFF, made_by=by)
    _log_access(by, Action.SENT, term.user, "invitation")
    email = emails.invitation(term, link)
    return Appointed(term, "" if queue_emails([email]) else link)


@transaction.atomic
def hand_over(term: Representative, appointment: Appointment, *, by: User | None) -> Appointed:
    """Ends this term on the day before the next one begins, for the same place or chapter.

    Ends it now if the next one begins today or earlier, by the local day of the place. Raises ChangedMeanwhileError if
    it is handed over already, and the next term is not over.
    """
    Representative.objects.select_for_update(of=("self",), no_key=True).get(pk=term.pk)
    if Representative.objects.filter(follows=term).exclude(ends_on__lt=westernmost_today()).exists():
        raise ChangedMeanwhileError
    today = last_today_in_place(term.place_code)
    if appointment.begins_on <= max(today, term.begins_on):
        end_term(term, by=by)
    else:
        _end_later(term, appointment.begins_on - ONE_DAY, by)
    return appoint(appointment, by=by, follows=term)


@transaction.atomic
def end_term(term: Representative, *, by: User | None) -> bool:
    """Ends a term now: closes its pages, hides the profile and ends sessions. Returns False if it is over already."""
    today = westernmost_today()  # a term runs until its last day is over everywhere
    this = Representative.objects.filter(pk=term.pk)
    hide_profiles(this)
    # Both dates become yesterday at the latest; a term that began today would otherwise still run.
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
    """Emails the senders who still wait for a term that expired. Returns how many conversations it closed."""
    over = Representative.objects.filter(
        ends_on__lt=today or westernmost_today(), conversations__state=RepresentativeMessage.State.OPEN
    )
    return sum(tell_who_waits(term) for term in over.distinct())


@transaction.atomic
def tell_who_waits(term: Representative) -> int:
    """Closes the open conversations of a term, and emails the senders who allow it. Returns how many it closed.

    Conversations that the coalition has taken over, or may take over because no one read them, stay open.
    """
    open_ones = RepresentativeMessage.objects.open()
    waiting = open_ones.filter(representative=term, taken_over_on=None)
    waiting = waiting.exclude(coalition_may_answer=True, read_on=None)
    closed = [message for message in waiting if _close_message(open_ones.filter(pk=message.pk))]
    told = (message for message in closed if message.gets_emails and message.flag_reason in NOT_SPAM)
    queue_emails(made_for_each(told, partial(emails.term_ended, texts=texts_by_language())))
    return len(closed)


def _close_message(messages: RepresentativeMessageQuerySet) -> int:
    return messages.update(state=RepresentativeMessage.State.CLOSED)


def next_term_of(user: User) -> Representative | None:
    """The first upcoming term of a user, or None."""
    to_come = Representative.objects.filter(user=user, begins_on__gt=easternmost_today())
    return to_come.select_related("chapter").order_by("begins_on").first()


def create_user(appointment: Appointment, *, is_active: bool = True) -> User:
    """Creates a user who is not an admin. The address is stored only encrypted.

    Raises ChangedMeanwhileError if another request took the username after the form was checked.
    """
    user = User(username=appointment.username or proposed_username(appointment), is_active=is_active)
    user.address = appointment.address
    user.set_unusable_password()
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise ChangedMeanwhileError from error
    return user


def proposed_username(appointment: Appointment) -> str:
    """An unused username that does not identify anyone: the place or chapter, and a number."""
    place = appointment.chapter.slug if appointment.chapter else appointment.region
    while User.objects.filter(username__iexact=(name := f"{place.lower()}-{secrets.randbelow(9000) + 1000}")).exists():
        continue
    return name


def _steps_known_to(user: User) -> str:
    before = Representative.objects.filter(user=user).values_list("steps_done", flat=True)
    done = {step for steps in before for step in steps.split()}
    return " ".join(step for step in KNOWN_ALREADY if step in done)


def _tell_appointed(term: Representative) -> Appointed:
    """Emails a user who has a sign-in, and so needs no link, that their representative pages are ready."""
    queue_emails([emails.appointed(term)])
    return Appointed(term)


def _revoke_access(user: User) -> None:
    """Ends all sessions, and deletes the unused links of a user who is not an admin and has no other term."""
    end_sessions_of(user)
    others = Representative.objects.filter(user=user).exclude(ends_on__lt=westernmost_today())
    if not user.is_staff and not others.exists():
        Invitation.objects.filter(user=user, used_at=None).delete()


def _log_access(by: User | None, action: AccessLog.Action, record: Representative | User, *field_names: str) -> None:
    log_access(who=by, action=action, records=[record], field_names=field_names)
