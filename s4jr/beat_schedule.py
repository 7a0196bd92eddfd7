"""The schedule of Celery beat. A run that cannot begin in time is dropped: the next one does its work."""

from typing import Any, NamedTuple

from django.conf import settings


class At(NamedTuple):
    """A crontab in UTC. It does not use Celery: the web server reads this schedule too."""

    minute: int
    hour: int | str = "*"
    day_of_week: str = "*"


#: Seconds. Nothing else asks a worker to look into the outbox, so an email waits at most this long.
SEND_EVERY = 2.0

TIMETABLE: dict[str, dict[str, Any]] = {
    name: {"task": task, "schedule": schedule, "options": {"expires": seconds}}
    for name, task, schedule, seconds in (
        ("send what is due", "mail.send_due", SEND_EVERY, 2),
        ("beat is alive", "mail.note_beat", 60.0, 55),
        ("lists of applications to confirm", "members.write_confirmation_lists", 60.0, 55),
        # Often: an approval that can be undone for a minute should not take much longer.
        ("approvals that can no longer be undone", "members.settle_approvals", 5.0, 5),
        ("settle what cooled", "members.end_grace_periods", 300.0, 280),
        ("write yesterday's checkpoint of the access log", "audit.write_access_log_checkpoints", 3600.0, 3500),
        ("counts whose window is over", "erasure.purge_expired_counts", 3600.0, 3500),
        # At fixed times, and more than once a day: a beat that was restarted or stopped must not skip a day.
        ("forget what is due", "members.purge", At(minute=20, hour="*/6"), 3600),
        ("encrypted values that do not open", "audit.count_unreadable", At(minute=30, hour=8), 3600),
        ("counts of members", "members.count_membership", At(minute=15, hour=7), 3600),
        ("messages nobody read", "chapters.keep_messages_up_to_date", At(minute=40, hour="*/6"), 3600),
        ("mind the meetings", "members.keep_rsvps_up_to_date", 60.0, 55),
        # Often: a release may bring a new tzdata shortly before a meeting.
        ("keep meetings to the clock", "chapters.realign_meetings", 600.0, 580),
        ("meetings for 400 days", "chapters.make_meetings", At(minute=50, hour="*/6"), 3600),
        ("mind the cards", "chapters.keep_profiles_up_to_date", At(minute=10, hour="*/6"), 3600),
        ("photos of previews", "chapters.delete_photo_drafts", 1800.0, 1700),
        ("news at members' places", "members.write_place_alerts", At(minute=35, hour="*/6"), 3600),
        ("a digest for admins", "members.write_digest", At(minute=0, hour=15, day_of_week="mon,thu"), 3600),
    )
}
READ_BOUNCES = "mail.read_bounces"
#: {setting: what runs only if it is set}.
OPTIONAL: dict[str, dict[str, dict[str, Any]]] = {
    "BOUNCE_MAILBOX_URL": {
        "bounces and replies": {"task": READ_BOUNCES, "schedule": 60.0, "options": {"expires": 55}},
    },
}


def timetable() -> dict[str, dict[str, Any]]:
    """What beat runs on this site, by name."""
    asked = [entries for setting, entries in OPTIONAL.items() if getattr(settings, setting)]
    return TIMETABLE | {name: entry for entries in asked for name, entry in entries.items()}
