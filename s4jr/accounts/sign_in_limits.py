"""How often a password or a code may be tried. Someone who knows a sign-in name must not be able to lock out its owner.

So attempts are counted by name and network together, and a browser in which the owner has signed in before has a count
of its own. Passkeys are not counted: no one guesses one. A name that is attacked from many networks is not locked
either: each network then has fewer attempts, and the owner's first one still works.
"""

from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest

from s4jr.security.known_device import any_known_device, folded, known_device
from s4jr.security.ratelimit import count_use, give_back, parse_rate, peer_key, spend, uses

#: Attempts for one name, or for one user's codes, from one network or one known browser.
TRIES = "5/15m"
#: After this many wrong attempts for one name within an hour, from any network, each network gets only a few.
MANY, FEW = "100/h", "2/h"
#: Someone who tries six-digit codes already knows the password: the limit for all networks together.
CODES_IN_ALL = "20/h"
PASSWORD, CODE, RECOVERY = "password", "code", "recovery code"


@dataclass(frozen=True)
class Try:
    """One counted attempt. `counts` are the (name, key, rate) of each counter that includes it."""

    is_allowed: bool
    counts: tuple[tuple[str, str, str], ...]

    def take_back(self) -> None:
        """Uncount a correct attempt: it was no guess."""
        for count in self.counts:
            give_back(*count)


def count_password(request: HttpRequest, username: str) -> Try:
    """Count one password attempt, whether or not a user has this name."""
    return _on_known_device(request, PASSWORD, username) or _from_network(request, PASSWORD, username)


def count_recovery(request: HttpRequest, username: str) -> Try:
    """Count one attempt with a recovery code in place of a passkey: it requires knowing nothing but the name."""
    return _on_known_device(request, RECOVERY, username) or _from_network(request, RECOVERY, username)


def count_code(request: HttpRequest, user: AbstractBaseUser) -> Try:
    """Count one attempt with a one-time code or a recovery code of `user`."""
    username = user.get_username()
    known = _on_known_device(request, CODE, username)
    if known:
        return known
    from_network = (f"{CODE} of a network", _with_network(request, username), TRIES)
    in_all = (f"{CODE} of a name", folded(username), CODES_IN_ALL)
    if not spend(*from_network):
        return Try(False, (from_network,))
    return Try(spend(*in_all), (from_network, in_all))


def sign_in_key(request: HttpRequest) -> str:
    """The key that counts sign-ins whatever the name: a known browser, or else the network."""
    device = any_known_device(request)
    return f"device {device}" if device else f"peer {peer_key(request)}"


def _on_known_device(request, what, username):
    device = known_device(request, username)
    if not device:
        return None
    count = (f"{what} of a device", f"{folded(username)} {device}", TRIES)
    return Try(spend(*count), (count,))


def _from_network(request, what, username):
    in_all = (f"{what} of a name", folded(username), MANY)
    is_under_attack = uses(*in_all) >= parse_rate(MANY)[0]
    rate = FEW if is_under_attack else TRIES
    from_network = (f"{what} of a network", _with_network(request, username), rate)
    if not spend(*from_network):
        return Try(False, (from_network,))
    count_use(*in_all)
    return Try(True, (from_network, in_all))


def _with_network(request, username):
    """IPv6 counts by /48: many connections come with a whole one."""
    return f"{folded(username)} {peer_key(request, ipv6_prefix=48)}"
