"""Whether our emails reach a representative or an admin: there is an address, and it is not suppressed."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Case, Value, When
from django.utils.translation import gettext_lazy as _

from chapters.models import Representative
from chapters.representatives.querysets import RepresentativeQuerySet
from s4jr.accounts.models import User
from s4jr.crypto.blind_index import blind_index
from s4jr.crypto.decryption_guard import decrypts_unshown
from s4jr.crypto.fields import readable
from s4jr.mail.models import Suppression


class EmailState(models.TextChoices):
    """Whether emails reach a user."""

    REACHED = "reached", _("yes")
    NO_ADDRESS = "no_address", _("no address")
    STOPPED = "stopped", _("stopped")


@dataclass(frozen=True)
class OwnEmail:
    """What a user sees about their own address. `is_bounced`: it doesn’t exist; `awaited`: a new one to confirm."""

    address: str
    state: EmailState
    is_bounced: bool
    awaited: str


def own_email(user: User) -> OwnEmail:
    """The address of a user and whether our emails reach it, for that user only; one query."""
    address = readable(user, "address")
    reason = Suppression.objects.reason_for(blind_index(address)) if address else None
    state = EmailState.STOPPED if reason else EmailState.REACHED if address else EmailState.NO_ADDRESS
    awaited = readable(user, "new_address") if user.new_address else ""
    return OwnEmail(address, state, reason == Suppression.Reason.BOUNCED, awaited)


@decrypts_unshown  # addresses are only hashed: the result says no more than whether emails arrive
def email_states(users: Iterable[User]) -> dict[int, EmailState]:
    """The EmailState of each user by primary key, in one query."""
    addresses = {user.pk: readable(user, "address") for user in users}
    indexes = {pk: blind_index(address) if address else None for pk, address in addresses.items()}
    stopped = Suppression.objects.among({index for index in indexes.values() if index})
    return {pk: _state(index, stopped) for pk, index in indexes.items()}


def _state(index: str | None, stopped: Container[str]) -> EmailState:
    if index is None:
        return EmailState.NO_ADDRESS
    return EmailState.STOPPED if index in stopped else EmailState.REACHED


def unreached_terms() -> list[Representative]:
    """The current terms of representatives that our emails do not reach."""
    terms = list(Representative.objects.serving().select_related("user"))
    states = email_states(term.user for term in terms)
    return [term for term in terms if states[term.user_id] != EmailState.REACHED]


def terms_without_address() -> RepresentativeQuerySet:
    """The current terms of representatives without an address."""
    return Representative.objects.filter(pk__in=[term.pk for term in unreached_terms() if not _index_of(term.user)])


def stopped_terms() -> RepresentativeQuerySet:
    """The current terms of representatives whose address is suppressed, with `stopped_on`, the day of it."""
    days = _days_of_stops((term.pk, term.user) for term in unreached_terms())
    return Representative.objects.filter(pk__in=days).annotate(stopped_on=_day_by_key(days))


def stopped_admins() -> list[User]:
    """The admins whose address is suppressed: they get no digest."""
    team = list(User.objects.filter(is_staff=True, is_active=True))
    states = email_states(team)
    return [user for user in team if states[user.pk] == EmailState.STOPPED]


def unreached_admins() -> models.QuerySet[User]:
    """The admins whose address is suppressed, with `stopped_on`, the day of it."""
    days = _days_of_stops((user.pk, user) for user in stopped_admins())
    return User.objects.filter(pk__in=days).annotate(stopped_on=_day_by_key(days))


def _days_of_stops(users: Iterable[tuple[Any, User]]) -> dict[Any, date]:
    """The day since which each address is suppressed, by the given key; only of those that are."""
    indexes = {key: index for key, user in users if (index := _index_of(user))}
    stops = Suppression.objects.holding_for().filter(to_index__in=indexes.values())
    since = dict(stops.values_list("to_index", "created_on"))
    return {key: since[index] for key, index in indexes.items() if index in since}


def _day_by_key(days: Mapping[Any, date]) -> Case:
    whens = [When(pk=key, then=Value(day)) for key, day in days.items()]
    return Case(*whens, default=None, output_field=models.DateField())


@decrypts_unshown
def _index_of(user: User) -> str:
    address = readable(user, "address")
    return blind_index(address) if address else ""
