"""What a new site needs before it opens: a checklist on the front page of the admin, ticked off by the site's state.

Each app registers its own steps in `AppConfig.ready()`, so this part imports none of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from s4jr.accounts.models import User

if TYPE_CHECKING:
    from django.utils.functional import StrPromise

#: The right of steps that only owners take: no one else assigns a role.
ONLY_OWNERS = ""
#: Owners who have signed in. Only an owner recovers the sign-in of an owner, so one alone would be locked out for good.
ENOUGH_OWNERS = 2


@dataclass(frozen=True)
class Step:
    """One step. `view` is the URL name of the page where it is done, empty if that is not on the site.

    `guide` is the anchor of its part of the guide. A user sees it with `right`, or only as an owner if that is empty.
    The steps are in the order of `place`.
    """

    place: int
    label: "StrPromise"
    is_done: Callable[[], bool]
    right: str
    guide: str
    view: str = ""


@dataclass(frozen=True)
class StepState:
    """A step as it is now."""

    step: Step
    is_done: bool

    @property
    def url(self) -> str:
        return reverse(self.step.view) if self.step.view else ""

    @property
    def guide_url(self) -> str:
        return f"{reverse('admin_guide')}#{self.step.guide}"


_steps: dict[int, Step] = {}


def register_step(step: Step) -> None:
    """Add a step to the checklist; one registered again in the same place replaces it."""
    _steps[step.place] = step


def steps_left(user: User) -> list[StepState]:
    """The steps this user may take, done or not; none at all once each of them is done."""
    seen = [step for _place, step in sorted(_steps.items()) if _may_take(user, step)]
    states = [StepState(step, step.is_done()) for step in seen]
    return [] if all(state.is_done for state in states) else states


def _may_take(user: User, step: Step) -> bool:
    return user.has_perm(step.right) if step.right else user.is_superuser


def has_enough_owners() -> bool:
    """Whether a second owner has signed in."""
    owners = User.objects.filter(is_superuser=True, is_staff=True, is_active=True, last_login__isnull=False)
    return len(owners.values_list("pk")[:ENOUGH_OWNERS]) == ENOUGH_OWNERS
