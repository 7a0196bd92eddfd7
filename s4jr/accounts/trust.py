"""What others entrusted to one user alone, such as messages about safety. It ends when another may be in control."""

from collections.abc import Callable

from s4jr.accounts.models import User

_takers: list[Callable[[User], None]] = []


def takes_trust_away(take_away: Callable[[User], None]) -> Callable[[User], None]:
    """Register a function that revokes what others entrusted to one user alone, so that this app knows of none."""
    _takers.append(take_away)
    return take_away


def take_trust_away(user: User) -> None:
    """Revoke what was entrusted to `user` alone: someone else may control the sign-in from now on."""
    for take_away in _takers:
        take_away(user)
