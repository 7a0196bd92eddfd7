"""The first visit of a term: five steps, one thing on each page. All but two can be left for later."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from chapters.models import Representative


class Step(models.TextChoices):
    SIGN_IN = "sign-in", _("How you sign in")
    PUBLIC = "public", _("What is public")
    PROFILE = "card", _("How others see your profile")  # its address is from before: addresses stay
    MESSAGES = "messages", _("Messages")
    MEETING = "meeting", _("Your first meeting")


#: The desk opens once these are done.
NEEDED = (Step.SIGN_IN, Step.PROFILE)


class Onboarding:
    """How far somebody has come in the first visit of a term."""

    def __init__(self, term: Representative) -> None:
        self.term = term

    @property
    def done(self) -> set[str]:
        return set(self.term.steps_done.split())

    @property
    def left(self) -> list[Step]:
        """The steps that are not done, in their order."""
        done = self.done
        return [step for step in Step if step not in done]

    @property
    def first_needed(self) -> Step | None:
        """The step from which to go on before the desk opens; None once it is open."""
        return self.left[0] if any(step in self.left for step in NEEDED) else None

    def after(self, step: Step) -> Step | None:
        """The next step that is not done, or None."""
        later = list(Step)[list(Step).index(step) + 1 :]
        return next((one for one in later if one in self.left), None)
