"""Two admins act on the same announcement at the same moment: one of them changes it, the other changes nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connections
from django.utils import timezone

from members.announcements.services import (
    cancel_schedule,
    discard_drafts,
    pause_sending,
    resume_sending,
    rewrite,
    schedule,
    start_sending,
    stop_sending,
    write_next_portion,
)
from members.models import Announcement
from s4jr.audit.models import AccessLog
from s4jr.mail.models import OutgoingEmail
from tests import make
from tests.members.announcements.cast import ZONE, announcement, members, scheduled, send, written

pytestmark = pytest.mark.django_db(transaction=True)
State = Announcement.State
#: Each race is run this often, so that each of the two is first at times.
TIMES = 3


def start(seen, by):
    return len(start_sending(seen.filter(subject="Thursday"), by=by))


def plan(seen, by):
    later = timezone.now() + timedelta(hours=1)
    return len(schedule(seen.filter(subject="Thursday"), send_at=later, zone=ZONE, by=by))


def edit(seen, by):
    return rewrite(seen.filter(subject="Thursday"), subject="Friday")


def delete(seen, by):
    return discard_drafts(seen)


def cancel(seen, by):
    return len(cancel_schedule(seen, by=by))


def pause(seen, by):
    return len(pause_sending(seen, by=by))


def resume(seen, by):
    return len(resume_sending(seen, by=by))


def stop(seen, by):
    return len(stop_sending(seen, by=by))


def run_due(seen, by):
    """The sender, at the moment at which a scheduled announcement is due: 1 if it started it."""
    write_next_portion()
    return seen.filter(started_at__isnull=False).count()


def race(sent, *acts):
    """Runs the acts at once, each by its own admin; returns what each changed."""
    admins, together = [make.admin(f"admin-{number}-{sent.pk}") for number, _ in enumerate(acts)], Barrier(len(acts))

    def act(pair):
        do, by = pair
        together.wait(30)
        try:
            return do(Announcement.objects.filter(pk=sent.pk), by)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(act, zip(acts, admins, strict=True)))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (start, start), (start, plan), (start, edit), (start, delete), (plan, plan), (plan, edit), (plan, delete),
        (edit, edit), (delete, delete),
    ],
)  # fmt: skip
def test_of_two_admins_with_a_draft_one_decides(first, second):
    members(1)
    for _ in range(TIMES):
        sent = announcement()
        assert sum(race(sent, first, second)) == 1


def test_a_draft_that_is_deleted_while_it_is_edited_is_gone():
    for _ in range(TIMES):
        sent = announcement()
        [_edited, deleted] = race(sent, edit, delete)
        assert (deleted, Announcement.objects.filter(pk=sent.pk).exists()) == (1, False)


@pytest.mark.parametrize(
    ("acts", "state"),
    [((pause, pause), State.PAUSED), ((stop, stop), State.STOPPED), ((pause, start), State.PAUSED)],
)
def test_of_two_admins_with_one_that_is_being_sent_one_decides(acts, state):
    for _ in range(TIMES):
        sent = announcement()
        send(sent, by=make.admin(f"sender-{sent.pk}"))
        assert (sum(race(sent, *acts)), Announcement.objects.get(pk=sent.pk).state) == (1, state)


def test_stopping_and_continuing_at_once_ends_stopped():
    """Continue may come first: then the stop stops what goes on."""
    for _ in range(TIMES):
        sent = announcement()
        send(sent, by=make.admin(f"sender-{sent.pk}"))
        pause_sending(Announcement.objects.filter(pk=sent.pk), by=make.admin(f"pauser-{sent.pk}"))
        [_resumed, stopped] = race(sent, resume, stop)
        assert (stopped, Announcement.objects.get(pk=sent.pk).state) == (1, State.STOPPED)


def test_two_admins_who_cancel_a_schedule_cancel_it_once():
    for _ in range(TIMES):
        sent = scheduled(by=make.admin(f"planner-{timezone.now().timestamp()}"))
        assert (sum(race(sent, cancel, cancel)), Announcement.objects.get(pk=sent.pk).state) == (1, State.DRAFT)


def test_canceling_at_the_moment_it_is_due_either_sends_nothing_or_changes_nothing():
    members(2)
    for number in range(TIMES):
        sent = scheduled(by=make.admin(f"planner-{number}"))
        before = len(written())
        canceled, started = race(sent, cancel, run_due)
        emails = len(written()) - before
        assert (canceled + started, emails) == (1, 2 * started)


def test_what_goes_out_is_the_text_that_was_previewed_and_each_email_once():
    """Of sending and editing at once: an edited text is not sent, and a sent text is not edited."""
    members(3)
    for _ in range(TIMES):
        sent, before = announcement(), OutgoingEmail.objects.count()
        started, edited = race(sent, start, edit)
        write_next_portion()
        subjects = [email.subject for email in OutgoingEmail.objects.order_by("created_at")[before:]]
        assert (started + edited, subjects) == (1, ["Thursday"] * 3 * started)


@pytest.mark.parametrize("act", [start, edit, delete, plan])
def test_what_is_scheduled_changes_only_after_its_schedule_is_canceled(act):
    """The second admin has the draft on their page from before it was scheduled."""
    members(2)
    for number in range(TIMES):
        sent = scheduled(by=make.admin(f"planner-{act.__name__}-{number}"), hours=1)
        canceled, changed = race(sent, cancel, act)
        state = getattr(Announcement.objects.filter(pk=sent.pk).first(), "state", None)
        after = {start: State.SENDING, edit: State.DRAFT, delete: None, plan: State.SCHEDULED}[act]
        assert (canceled, state) == (1, after if changed else State.DRAFT)


@pytest.mark.parametrize("act", [start, edit, delete, plan])
def test_when_it_is_due_no_admin_changes_it_and_it_goes_out_once(act):
    members(2)
    for number in range(TIMES):
        sent, before = scheduled(by=make.admin(f"due-{act.__name__}-{number}")), len(written())
        started, changed = race(sent, run_due, act)
        subjects = {email.subject for email in OutgoingEmail.objects.filter(batch=sent.batch)}
        assert (started, changed, len(written()) - before, subjects) == (1, 0, 2, {"Thursday"})


def test_six_senders_start_a_scheduled_announcement_once():
    members(3)
    sent = scheduled()
    assert race(sent, *[run_due] * 6).count(0) <= 5
    assert (len(written()), AccessLog.objects.filter(action="sent").count()) == (3, 1)
