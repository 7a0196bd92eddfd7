"""What admins read after each action: which announcement, to whom, whether emails go out, and how to undo it."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext

from chapters.meetings.timezones import in_full
from members.models import Announcement


def moment(announcement: Announcement, when: datetime) -> str:
    """A moment in the time zone in which it was scheduled."""
    return in_full(announcement.zone, when)


def saved(announcement: Announcement) -> str:
    return gettext("Saved “%(subject)s” as a draft. No email has gone out.") % {"subject": announcement.subject}


def sent_before(announcement: Announcement) -> str:
    return gettext(
        "You already sent this form. It saved “%(subject)s” the first time, and nothing now. To change it, select Edit."
    ) % {"subject": announcement.subject}


def deleted(announcement: Announcement) -> str:
    return gettext("Deleted the draft “%(subject)s”. No email has gone out. You can’t undo this.") % {
        "subject": announcement.subject
    }


def not_a_draft(announcement: Announcement) -> str:
    return gettext(
        "Nothing was changed. Someone else changed, sent, scheduled or deleted “%(subject)s” while you were looking at "
        "it."
    ) % {"subject": announcement.subject}


def sending(announcement: Announcement) -> str:
    if announcement.is_of_few:
        return gettext(
            "Sending has started. “%(subject)s” goes out to a small group. To hold it, select Pause; to end it, select "
            "Stop for good."
        ) % {"subject": announcement.subject}
    return gettext(
        "Sending has started. “%(subject)s” goes out to %(range)s people. To hold it, select Pause; to end it, select "
        "Stop for good."
    ) % {"subject": announcement.subject, "range": announcement.recipients}


def scheduled(announcement: Announcement) -> str:
    assert announcement.send_at  # the constraint "scheduled_means_a_moment"
    return gettext(
        "Scheduled. “%(subject)s” goes out on %(when)s. No email has gone out yet. To undo, select Cancel the schedule."
    ) % {"subject": announcement.subject, "when": moment(announcement, announcement.send_at)}


def canceled(announcement: Announcement) -> str:
    return gettext(
        "The schedule is canceled. “%(subject)s” is a draft again, and no email has gone out. You can edit, send or "
        "schedule it."
    ) % {"subject": announcement.subject}


def paused(announcement: Announcement) -> str:
    return gettext(
        "Paused. Emails of “%(subject)s” that are already in the outbox still go out, at most %(count)d. No more are "
        "prepared. To go on, select Continue."
    ) % {"subject": announcement.subject, "count": settings.ANNOUNCEMENT_BATCH}


def resumed(announcement: Announcement) -> str:
    return gettext("Sending “%(subject)s” continues from where it paused. To hold it again, select Pause.") % {
        "subject": announcement.subject
    }


def stopped(announcement: Announcement) -> str:
    return gettext(
        "Stopped. No more emails of “%(subject)s” go out, and those that weren’t being sent yet are canceled. You "
        "can’t undo this. To reach the others, write a new announcement."
    ) % {"subject": announcement.subject}


def too_late(announcement: Announcement) -> str:
    return gettext(
        "Someone else acted first. You changed nothing about “%(subject)s”. This page shows its status now."
    ) % {"subject": announcement.subject}
