"""What the desk says on its first page: few things, and nothing that hurries anybody."""

from dataclasses import dataclass

from chapters.models import Representative, RepresentativeMessage
from chapters.representatives.onboarding import Onboarding
from chapters.representatives.reachability import EmailState, email_states


@dataclass(frozen=True)
class Notices:
    """`profile` says how the profile stands: blank, unshown, shown, due, hidden."""

    profile: str
    unread: int
    steps_left: list
    email: EmailState


def notices_for(term: Representative) -> Notices:
    return Notices(
        profile=profile_state(term),
        unread=unread_of(term),
        steps_left=Onboarding(term).left,
        email=email_states([term.user])[term.user_id],
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
    """How many conversations nobody has read yet. What is held, or was not to be passed on, is not there."""
    return RepresentativeMessage.objects.unread_by(term).count()
