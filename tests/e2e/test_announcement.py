"""Sends an announcement with a slow mail server and a worker that is killed twice, while visitors read the site.

The suite sends 200 emails. To send 5,000 and see the figures:

    ANNOUNCEMENT_EMAILS=5000 ./dev test tests/e2e/test_announcement.py -k killed --log-cli-level=INFO

An email that a killed sender had claimed waits ten minutes for the next sender (MAIL_LEASE_SECONDS). The test ends its
lease instead.
"""

import logging
import os
import statistics
import threading
import time
from collections import Counter
from datetime import timedelta
from urllib.request import urlopen

import pytest
import redis
from django.db import connection
from django.utils import timezone
from playwright.sync_api import expect

from members.announcements.services import pause_sending, resume_sending
from members.models import Announcement
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.tasks import nudge
from tests.e2e.test_canary import canaries_below, canaries_in
from tests.e2e.test_main_job import sign_in
from tests.members.announcements.cast import announcement, many, members, send

EMAILS = int(os.environ.get("ANNOUNCEMENT_EMAILS", "200"))
BATCH = 100
SECONDS_A_EMAIL = 0.02
PAGES = ["/", "/why/", "/join/"]
State = Announcement.State
logger = logging.getLogger(__name__)


class Reader(threading.Thread):
    """A visitor who reads one page after another until stopped: `.answers` and `.seconds` of each."""

    def __init__(self, site):
        super().__init__(daemon=True)
        self.site, self.over, self.answers, self.seconds = site, threading.Event(), [], []

    def run(self):
        while not self.over.wait(0.03):
            self.read(PAGES[len(self.answers) % len(PAGES)])

    def read(self, page):
        began = time.monotonic()
        with urlopen(self.site.url + page, timeout=30) as answer:
            answer.read()
            self.answers.append(answer.status)
        self.seconds.append(time.monotonic() - began)

    def stop(self):
        self.over.set()
        self.join()
        return self


@pytest.fixture
def slow_sink(smtp_sink):
    smtp_sink.seconds = SECONDS_A_EMAIL
    return smtp_sink


def kill(processes):
    """Kills and restarts the worker with expired leases, as ten minutes after a power loss; then wakes the sender."""
    processes.worker.kill()
    OutgoingEmail.objects.filter(lease_until__isnull=False).update(lease_until=timezone.now() - timedelta(seconds=1))
    processes.worker.start()
    nudge()


def wait_until_settled(seconds):
    deadline = time.monotonic() + seconds
    while OutgoingEmail.objects.on_their_way().exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert OutgoingEmail.objects.on_their_way().count() == 0


def wait_until_all_are_written(sent, seconds):
    deadline = time.monotonic() + seconds
    while not Announcement.objects.filter(pk=sent.pk, state=State.SENT).exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    wait_until_settled(60)


@pytest.mark.only_postgres
def test_none_is_doubled_or_lost_with_a_worker_killed_twice_and_a_pause_holds(
    celery_worker_process, slow_sink, site, ada
):
    many(EMAILS)
    alone = Reader(site)
    for page in PAGES * 20:
        alone.read(page)
    meanwhile, began = Reader(site), time.monotonic()
    meanwhile.start()
    sent, patience = announcement(), 60 + EMAILS
    send(sent, by=ada)
    this = Announcement.objects.filter(pk=sent.pk)

    slow_sink.wait_for(EMAILS // 5, seconds=patience)
    kill(celery_worker_process)
    slow_sink.wait_for(EMAILS * 2 // 5, seconds=patience)
    pause_sending(this, by=ada)
    at_the_pause = len(slow_sink.deliveries)
    wait_until_settled(60)
    after_the_pause = len(slow_sink.deliveries) - at_the_pause
    resume_sending(this, by=ada)
    slow_sink.wait_for(at_the_pause + after_the_pause + EMAILS // 20, seconds=patience)
    kill(celery_worker_process)
    wait_until_all_are_written(sent, patience)
    meanwhile.stop()

    arrived = Counter(delivery.recipients[0] for delivery in slow_sink.deliveries)
    states = Counter(OutgoingEmail.objects.values_list("state", flat=True))
    figures(arrived, states, after_the_pause, time.monotonic() - began, alone, meanwhile)
    assert [address for address, times in arrived.items() if times > 1] == []
    assert states[OutgoingEmail.State.SENT] + states[OutgoingEmail.State.UNKNOWN] == EMAILS
    assert states[OutgoingEmail.State.UNKNOWN] <= 2
    assert states[OutgoingEmail.State.SENT] <= len(arrived) <= EMAILS
    assert after_the_pause <= BATCH
    assert set(meanwhile.answers) == {200}


def figures(arrived, states, after_the_pause, seconds, alone, meanwhile):
    slower = statistics.median(meanwhile.seconds) / statistics.median(alone.seconds)
    logger.info("%d emails in %.0f s at %.3f s each, 2 kills", EMAILS, seconds, SECONDS_A_EMAIL)
    logger.info("arrived %d, doubled %d", len(arrived), arrived.total() - len(arrived))
    logger.info("sent %d, unknown %d, lost %d", states["sent"], states["unknown"], EMAILS - states.total())
    logger.info("left after the pause: %d of a batch of %d", after_the_pause, BATCH)
    well = meanwhile.answers.count(200)
    logger.info("pages read %d, well %d, median latency x %.2f", len(meanwhile.answers), well, slower)


def test_it_is_previewed_sent_paused_and_stopped_in_a_browser(new_page, ada, celery_worker_process, slow_sink):
    slow_sink.seconds = 0.1
    many(150)
    draft, page = announcement(), new_page(javascript=False)
    sign_in(page, ada)
    page.goto(f"/manage/members/announcement/{draft.pk}/look/")
    expect(page.get_by_role("definition").filter(has_text="150 to 154 people")).to_have_count(1)
    page.get_by_role("button", name="Send it (150 to 154 people)").click()
    expect(page.get_by_text("Sending has started.")).to_have_count(1)
    slow_sink.wait_for(2)
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("link", name="Refresh").click()
    assert page.locator("#state").inner_text().startswith("Paused")
    page.get_by_role("button", name="Stop for good").click()
    wait_until_settled(20)
    page.get_by_role("link", name="Refresh").click()
    assert page.locator("#state").inner_text().startswith("Stopped")
    assert len(slow_sink.deliveries) < BATCH


def test_it_is_written_scheduled_canceled_and_sent_without_javascript(new_page, ada, celery_worker_process, smtp_sink):
    many(5)
    page = new_page(javascript=False, width=390)
    sign_in(page, ada)
    page.goto("/manage/members/announcement/")
    page.get_by_role("link", name="Write an announcement").click()
    page.get_by_role("link", name="Everyone who asked for news").click()
    page.get_by_label("Subject:", exact=True).fill("Thursday")
    page.get_by_label("Email:", exact=True).fill("Hello,\n\nwe meet on Thursday at seven.")
    page.get_by_role("button", name="Save and preview").click()
    expect(page.get_by_text("The discreet version was made from the email.")).to_have_count(1)

    page.get_by_text("Send it later").click()
    page.get_by_label("Day").fill((timezone.now() + timedelta(days=7)).strftime("%Y-%m-%d"))
    page.get_by_label("Time", exact=True).fill("19:30")
    page.get_by_label("Time zone").select_option("America/Toronto")
    page.get_by_role("button", name="Schedule").click()
    expect(page.get_by_text("at 7:30 p.m. Eastern Time. No email has gone out yet. To undo")).to_have_count(1)
    page.get_by_role("button", name="Cancel the schedule").click()
    expect(page.get_by_text("is a draft again, and no email has gone out.")).to_have_count(1)
    assert smtp_sink.emails == []

    page.get_by_role("button", name="Send it (5 to 9 people)").click()
    smtp_sink.wait_for(5)
    wait_until_settled(20)
    subjects = Counter(email["subject"] for email in smtp_sink.emails)
    assert subjects == {"Thursday": 4, "News for you": 1}  # every tenth asks for discreet emails


@pytest.mark.only_postgres
def test_no_recipient_is_in_a_dump_log_or_message(celery_worker_process, smtp_sink, redis_server, postgres, parts, ada):
    members(3)
    send(announcement(), by=ada)
    smtp_sink.wait_for(3)
    redis.Redis(port=redis_server.port).save()
    wait_until_settled(20)

    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
    dump = postgres.dump(connection.settings_dict["NAME"])
    assert (b"v1.k1." in dump, canaries_in(dump)) == (True, [])
    assert canaries_below(parts.folder) == {}
