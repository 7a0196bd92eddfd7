"""The notices on the first representative page: few, and none that creates pressure."""

from dataclasses import dataclass

from chapters.models import Representative, RepresentativeMessage, StepDown
from chapters.representatives.onboarding import Onboarding, Step
from chapters.representatives.reachability import OwnEmail, own_email


@dataclass(frozen=True)
class Notices:
    """`profile` is the state of the profile: blank, unshown, shown, due or hidden.

    `has_notes`: whether someone who served before left a note.
    """

    profile: str
    unread: int
    steps_left: list[Step]
    email: OwnEmail
    has_notes: bool


def notices_for(term: Representative) -> Notices:
    return Notices(
        profile=profile_state(term),
        unread=unread_of(term),
        steps_left=Onboarding(term).left,
        email=own_email(term.user),
        has_notes=StepDown.objects.with_note_for(term).exists(),
    )


def profile_state(term: Representative) -> str:
    if not term.display_name:
        return "blank"
    if term.consent_until is None:
        return "unshown"
    if not term.is_public:
        return "hidden"
    return "due" if term.renewal_is_due else "shown"


def unread_of(term: Representative) -> int:
    """The number of unread conversations, without those that are flagged or from a blocked sender."""
    return RepresentativeMessage.objects.unread_by(term).count()
