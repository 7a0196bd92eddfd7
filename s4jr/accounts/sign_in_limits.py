"""How often a password or a code may be tried. A stranger who knows a sign-in name must not lock its owner out.

So tries are counted by the name together with the network they come from, and a browser in which its owner has signed
in before has tries of its own. Passkeys are not counted: nobody guesses one. A name that is guessed from very many
networks is not locked either: each of them then has fewer tries, and its owner's first one is still looked at.
"""

from dataclasses import dataclass

from s4jr.security.known_device import any_known_device, folded, known_device
from s4jr.security.ratelimit import count_use, give_back, parse_rate, peer_key, spend, uses

#: Tries of one name, or of one person's codes, from one network or one known browser.
TRIES = "5/15m"
#: Past so many wrong tries of one name within the hour, from any network, each network has only a few.
MANY, FEW = "100/h", "2/h"
#: Anyone who tries codes of six digits knows the password already: so many from all networks together, and no more.
CODES_IN_ALL = "20/h"
PASSWORD, CODE, RECOVERY = "password", "code", "recovery code"


@dataclass(frozen=True)
class Try:
    """One try that was counted. `counts` are (name, key, rate) of each counter it stands in."""

    is_allowed: bool
    counts: tuple

    def take_back(self) -> None:
        """It was right, so it was no guess."""
        for count in self.counts:
            give_back(*count)


def count_password(request, username: str) -> Try:
    """Count one try of a password, whether or not anybody has this name."""
    return _on_known_device(request, PASSWORD, username) or _from_network(request, PASSWORD, username)


def count_recovery(request, username: str) -> Try:
    """Count one try of a recovery code in place of a passkey: whoever tries it need know nothing but the name."""
    return _on_known_device(request, RECOVERY, username) or _from_network(request, RECOVERY, username)


def count_code(request, user) -> Try:
    """Count one try of a one-time code or a recovery code of `user`."""
    known = _on_known_device(request, CODE, user.username)
    if known:
        return known
    from_network = (f"{CODE} of a network", _with_network(request, user.username), TRIES)
    in_all = (f"{CODE} of a name", folded(user.username), CODES_IN_ALL)
    if not spend(*from_network):
        return Try(False, (from_network,))
    return Try(spend(*in_all), (from_network, in_all))


def sign_in_key(request) -> str:
    """By whom sign-ins are counted whatever the name: a known browser by itself, everybody else by their network."""
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
    """With one IPv6 /48 comes more than anybody needs: many lines get a whole one."""
    return f"{folded(username)} {peer_key(request, ipv6_prefix=48)}"
