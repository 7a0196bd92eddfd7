"""Onboarding for a term: five steps, one page each. All but two can be skipped."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from chapters.models import Representative


class Step(models.TextChoices):
    SIGN_IN = "sign-in", _("How you sign in")
    PUBLIC = "public", _("What is public")
    PROFILE = "card", _("How others see your profile")  # the old URL stays valid
    MESSAGES = "messages", _("Messages")
    MEETING = "meeting", _("Your first meeting")


#: The representative pages open once these are done.
NEEDED = (Step.SIGN_IN, Step.PROFILE)


class Onboarding:
    """The progress of a representative in the onboarding for one term."""

    def __init__(self, term: Representative) -> None:
        self.term = term

    @property
    def done(self) -> set[str]:
        return set(self.term.steps_done.split())

    @property
    def left(self) -> list[Step]:
        """The open steps, in order."""
        done = self.done
        return [step for step in Step if step not in done]

    @property
    def first_needed(self) -> Step | None:
        """The step to continue with before the representative pages open; None once they are open."""
        return self.left[0] if any(step in self.left for step in NEEDED) else None

    def after(self, step: Step) -> Step | None:
        """The next open step after this one, or None."""
        later = list(Step)[list(Step).index(step) + 1 :]
        return next((one for one in later if one in self.left), None)
