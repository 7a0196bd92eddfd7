"""A key rotates while the site is busy: no request fails, no data is lost, and the old key can be removed.

The suite uses 200 members. `ROTATE_ROWS=2000 ./dev test tests/crypto/test_key_rotation_under_load.py` uses 2,000, and
prints its measurements.
"""

import base64
import http.cookiejar
import os
import secrets
import statistics
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.models import Member
from s4jr.accounts.models import User
from s4jr.crypto.blind_index import blind_index
from s4jr.crypto.key_rotation import columns
from tests import make
from tests.reading import Page
from tests.servers.process import free_port
from tests.servers.web import Site
from tooling.static_files import ROOT

ROWS = int(os.environ.get("ROTATE_ROWS", "200"))
ADDRESS = "ada.canary@example.org"
READERS, ASKERS = 2, 2
ENOUGH_EACH = 3  # requests that each visitor gets answered before and after the rotation


class Visitor(threading.Thread):
    """Repeats one action until stopped; records response times and errors."""

    def __init__(self, url, act, cookies=None):
        super().__init__()
        self.url, self.act = url, act
        self.seconds, self.faults = [], []
        self.stop = threading.Event()
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        self.opener.addheaders = [("Cookie", cookies)] if cookies else []

    def run(self):
        while not self.stop.is_set():
            try:
                self.act(self)
            except (OSError, AssertionError) as error:  # HTTPError is an OSError
                self.faults.append(f"{type(error).__name__} {error}")
                return

    def open(self, path, form=None):
        """Return the text of a page; raises HTTPError for a status of 400 and more."""
        start = time.monotonic()
        data = urllib.parse.urlencode(form).encode() if form else None
        with self.opener.open(self.url + path, data, timeout=20) as answer:
            text = answer.read().decode()
        self.seconds.append(time.monotonic() - start)
        return text

    def wait_for_more(self, count):
        goal = len(self.seconds) + count
        while len(self.seconds) < goal and self.is_alive():
            time.sleep(0.01)


def ask_to_join(visitor):
    """Send a new application, from the form to the page that confirms it."""
    visitor.jar.clear()
    page = Page(visitor.open("/join/"))
    hidden = {field["name"]: field.get("value", "") for field in page.all(type="hidden") if "name" in field}
    answers = {"name": "Rosalind Testperson", "email": f"{secrets.token_hex(6)}@mailbox.example", "contact": "yes"}
    agreed = {"agreement": "on", "consent": "on", "message": "The heron stands in the reeds.", "step": "send"}
    visitor.open("/join/", {**hidden, **answers, **agreed})


def read_record_of(user):
    """Return an action that opens a page with a decrypted value."""
    path = reverse("admin:accounts_user_change", args=[user.pk])

    def act(visitor):
        assert ADDRESS in visitor.open(path)
        visitor.open("/")

    return act


def seed(rows):
    """Create members whose text is encrypted under the key of this process."""
    now = timezone.now()
    Member.objects.bulk_create(
        Member(
            number=f"T{number:05}",
            status=Member.Status.WAITING,
            name=f"Testperson {number}",
            email=f"person{number}@mailbox.example",
            email_index=blind_index(f"person{number}@mailbox.example"),
            contact=Member.Contact.YES,
            message=f"Reeds {number}",
            received_on=date(2026, 1, 1),
            agreement_version="1",
            agreed_at=now,
            form_token=f"seed{number}",
        )
        for number in range(rows)
    )


def site_with(environment, folder, *keys):
    """Start the real site on its own port; return it and its environment."""
    port, folder = free_port(), folder / keys[0][:2]
    folder.mkdir(exist_ok=True)
    own = {"FIELD_KEYS": ",".join(keys), "PORT": str(port), "SITE_URL": f"http://127.0.0.1:{port}"}
    site = Site(folder, {**environment, **own})
    site.start()
    return site


def rotate(site):
    """Return the output of `rotate_keys`; run it again, as it asks, if a request overtook it."""
    command = [sys.executable, "manage.py", "rotate_keys", "--batch", "50"]
    said = ""
    for _ in range(3):
        run = subprocess.run(command, cwd=ROOT, env=site.environment, capture_output=True, text=True, check=True)
        said += run.stdout
        if "Everything is encrypted under key k2." in said:
            break
    return said


def busy(site, cookies, ada):
    """Start visitors on a site; pass them to `at_rest`."""
    visitors = [Visitor(site.url, ask_to_join) for _ in range(ASKERS)]
    visitors += [Visitor(site.url, read_record_of(ada), cookies) for _ in range(READERS)]
    for visitor in visitors:
        visitor.start()
        visitor.wait_for_more(ENOUGH_EACH)
    return visitors


def at_rest(visitors):
    """Wait until each visitor has a few more responses, then stop them; return all errors."""
    for visitor in visitors:
        visitor.wait_for_more(ENOUGH_EACH)
    for visitor in visitors:
        visitor.stop.set()
    for visitor in visitors:
        visitor.join()
    return [fault for visitor in visitors for fault in visitor.faults]


def still_under_an_older_key():
    """Return the number of stored tokens that are not under the first key."""
    return {
        column.name: left
        for column in columns()
        for left in [sum(column.rotated(stored) != stored for stored in column.rows.values_list("stored", flat=True))]
        if left
    }


@pytest.fixture
def ada(transactional_db):
    """One sign-in for all readers, who share its cookie."""
    client = Client()
    user = make.signed_in_staff(client)
    User.objects.update(address=ADDRESS)
    client.get(reverse("admin:index"))
    user.cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    return user


def test_a_key_rotates_while_the_site_is_busy(ada, child_environment, tmp_path, settings, postgres, capsys):
    seed(ROWS)
    old = settings.FIELD_KEYS[0]
    new = f"k2:{base64.b64encode(secrets.token_bytes(32)).decode()}"
    assert old.startswith("k1:")

    site = site_with(child_environment, tmp_path, new, old)
    visitors = busy(site, ada.cookies, ada)
    start = time.monotonic()
    said = rotate(site)
    took = time.monotonic() - start
    faults = at_rest(visitors)
    site.stop()
    assert (faults, site.program.output().count("ERROR")) == ([], 0)
    assert f"member.name: {ROWS} rotated, 0 overtaken, 0 do not open" in said

    site = site_with(child_environment, tmp_path, new)  # the old key is gone
    faults = at_rest(busy(site, ada.cookies, ada))
    site.stop()
    assert (faults, site.program.output().count("ERROR")) == ([], 0)

    settings.FIELD_KEYS = [new]
    seeded = Member.objects.filter(form_token__startswith="seed").order_by("number")
    assert [member.name for member in seeded] == [f"Testperson {number}" for number in range(ROWS)]
    assert [member.message for member in seeded] == [f"Reeds {number}" for number in range(ROWS)]
    assert {member.name for member in Member.objects.exclude(form_token__startswith="seed")} == {"Rosalind Testperson"}
    assert still_under_an_older_key() == {}
    if postgres:
        assert b"v1.k1." not in postgres.dump(os.path.basename(child_environment["DATABASE_URL"]))
    if "ROTATE_ROWS" in os.environ:
        with capsys.disabled():
            sys.stdout.write(report(said, took, visitors))


def report(said, took, visitors):
    """Print the measurements of a long run; times are in milliseconds."""
    answers = sorted(second * 1000 for visitor in visitors for second in visitor.seconds)
    quantiles = statistics.quantiles(answers, n=20)
    asked = Member.objects.exclude(form_token__startswith="seed").count()
    return (
        f"\n{said}\n{ROWS} members rotated in {took:.1f} s while {len(visitors)} visitors had {len(answers)} answers, "
        f"none an error, and {asked} applications arrived; an answer took {quantiles[9]:.0f} ms in the middle, "
        f"{quantiles[18]:.0f} ms at the 95th of 100, {answers[-1]:.0f} ms at most\n"
    )
