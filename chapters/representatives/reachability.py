"""Whether our emails reach a representative or an admin: an address is there, and emails to it are not stopped."""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _

from chapters.models import Representative
from s4jr.accounts.models import User
from s4jr.crypto.blind_index import blind_index
from s4jr.crypto.decryption_guard import decrypts_unshown
from s4jr.crypto.fields import readable
from s4jr.mail.models import Suppression


class EmailState(models.TextChoices):
    """What becomes of an email to somebody who signs in."""

    REACHED = "reached", _("yes")
    NO_ADDRESS = "no_address", _("no address")
    STOPPED = "stopped", _("stopped")


@decrypts_unshown  # addresses are hashed and dropped: what is shown is only whether emails reach somebody
def email_states(users: Iterable) -> dict[int, EmailState]:
    """The EmailState of each of these users, by primary key, in one query."""
    addresses = {user.pk: readable(user, "address") for user in users}
    indexes = {pk: blind_index(address) if address else None for pk, address in addresses.items()}
    stopped = Suppression.objects.among({index for index in indexes.values() if index})
    return {pk: _state(index, stopped) for pk, index in indexes.items()}


def _state(index, stopped) -> EmailState:
    if index is None:
        return EmailState.NO_ADDRESS
    return EmailState.STOPPED if index in stopped else EmailState.REACHED


def unreached_terms() -> list[Representative]:
    """The terms that run today of those whom no email of ours reaches."""
    terms = list(Representative.objects.serving().select_related("user"))
    states = email_states(term.user for term in terms)
    return [term for term in terms if states[term.user_id] != EmailState.REACHED]


def terms_without_address() -> models.QuerySet:
    """Those of them who have no address here."""
    return Representative.objects.filter(pk__in=[term.pk for term in unreached_terms() if not _index_of(term.user)])


def stops_at_representatives() -> models.QuerySet:
    """The stops that keep emails from somebody who represents now."""
    return _stops_at(term.user for term in unreached_terms())


def stopped_admins() -> list[User]:
    """The admins to whose address emails are stopped: no digest tells them what waits."""
    team = list(User.objects.filter(is_staff=True, is_active=True))
    states = email_states(team)
    return [user for user in team if states[user.pk] == EmailState.STOPPED]


def stops_at_admins() -> models.QuerySet:
    """The stops that keep emails from them."""
    return _stops_at(stopped_admins())


def _stops_at(users: Iterable) -> models.QuerySet:
    indexes = [index for user in users if (index := _index_of(user))]
    return Suppression.objects.holding_for().filter(to_index__in=indexes)


@decrypts_unshown
def _index_of(user) -> str:
    address = readable(user, "address")
    return blind_index(address) if address else ""
