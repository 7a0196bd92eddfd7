"""Terms that are prepared from a list. They begin only when an admin sends the invitation.

Until then their user is inactive, so the term is not current: it is in no list of representatives, and no email of the
site goes there. The user has never signed in and has never had an invitation.
"""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q

from chapters.models import Representative
from chapters.representatives.appointments import (
    Appointed,
    Appointment,
    create_term,
    create_user,
    invite,
    may_be_invited,
)
from chapters.representatives.querysets import RepresentativeQuerySet
from chapters.representatives.reachability import EmailState, email_states
from s4jr.accounts.models import User
from s4jr.audit.models import AccessLog
from s4jr.audit.services import log_access
from s4jr.crypto.blind_index import blind_index
from s4jr.days import westernmost_today

#: A user who waits for the first invitation. An admin who deactivates a user leaves a sign-in or an invitation behind.
WAITS = Q(is_active=False, is_staff=False, is_superuser=False, last_login=None, invitations=None)


def prepared_terms() -> RepresentativeQuerySet:
    """The terms whose user waits for an invitation, without those that are over."""
    to_come = Q(ends_on=None) | Q(ends_on__gte=westernmost_today())
    return Representative.objects.filter(to_come, user__in=User.objects.filter(WAITS)).order_by("begins_on", "pk")


def is_prepared(user: User) -> bool:
    """Whether this user waits for the first invitation."""
    return User.objects.filter(WAITS, pk=user.pk).exists()


@transaction.atomic
def prepare_terms(appointments: Iterable[Appointment], *, by: User) -> list[Representative]:
    """Saves terms, all or none, without any email. Appointments with one address get one new user."""
    users: dict[str, User] = {}
    terms = []
    for appointment in appointments:
        person = blind_index(appointment.address)
        user = users[person] = users.get(person) or create_user(appointment, is_active=False)
        terms.append(create_term(user, appointment, by=by))
    return terms


@transaction.atomic
def send_invitation(term: Representative, *, by: User | None) -> Appointed | None:
    """Activates the user of a prepared term and sends the one-time link. Returns None if another admin did already."""
    waiting = User.objects.select_for_update(of=("self",), no_key=True).filter(pk=term.user_id, is_active=False)
    if not waiting.exists() or not is_prepared(term.user):
        return None
    User.objects.filter(pk=term.user_id).update(is_active=True)
    term.user.is_active = True
    log_access(who=by, action=AccessLog.Action.CHANGED, records=[term.user], field_names=["is_active"])
    return invite(term, by=by)


def invite_first_or_again(term: Representative, *, by: User | None) -> Appointed | None:
    """Sends the first invitation of a prepared term, or a new link to a user who never signed in. None for others."""
    if sent := send_invitation(term, by=by):
        return sent
    return invite(term, by=by) if may_be_invited(term) else None


@transaction.atomic
def discard_term(term: Representative, *, by: User) -> bool:
    """Deletes a prepared term, and its user if that was the only one. Returns False if the term is not prepared."""
    User.objects.select_for_update(of=("self",), no_key=True).filter(pk=term.user_id).first()
    if not prepared_terms().filter(pk=term.pk).exists():
        return False
    is_last = not Representative.objects.filter(user=term.user_id).exclude(pk=term.pk).exists()
    log_access(who=by, action=AccessLog.Action.ERASED, records=[term, *([term.user] if is_last else [])])
    term.delete()
    if is_last:
        term.user.delete()
    return True


def terms_to_invite() -> list[Representative]:
    """One prepared term of each user whose emails arrive. The others get their link in person, from their own page."""
    first = {term.user_id: term for term in reversed(prepared_terms().select_related("user", "chapter"))}
    states = email_states(term.user for term in first.values())
    return [term for term in reversed(first.values()) if states[term.user_id] == EmailState.REACHED]


def send_invitations(terms: Iterable[Representative], *, by: User) -> int:
    """Sends the invitations of these terms, each on its own. Returns how many were sent."""
    return sum(send_invitation(term, by=by) is not None for term in terms)
