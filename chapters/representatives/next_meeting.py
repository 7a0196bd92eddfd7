"""The next meeting of representatives, for those who are new."""

from chapters.models import Meeting


def next_meeting() -> Meeting | None:
    """The next one that takes place; None if none is set yet."""
    to_come = Meeting.objects.upcoming().taking_place().filter(audience=Meeting.Audience.REPRESENTATIVES)
    return to_come.first()
