"""The next meeting of representatives, for onboarding."""

from chapters.models import Meeting


def next_meeting() -> Meeting | None:
    """The next meeting that is not canceled; None if there is none."""
    to_come = Meeting.objects.upcoming().taking_place().filter(audience=Meeting.Audience.REPRESENTATIVES)
    return to_come.first()
