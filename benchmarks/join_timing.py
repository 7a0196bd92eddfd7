"""Does the response time reveal whether an address is known? Asked of the real site: granian, PostgreSQL, Redis.

    .venv/bin/python -m benchmarks.join_timing [how many of each kind, 300 by default]

Two kinds of POSTs, in random order, over one connection; every form was fetched at least three seconds before. The
responses must be the same, and their times must not distinguish the kinds: the area under the curve (Mann-Whitney) is
between 0.45 and 0.55, 0.5 being a coin toss. The table is also written to docs/timing.md.
"""

import http.client
import os
import re
import secrets
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from benchmarks.ours import ROOMY
from tests.servers.plugin import Parts
from tests.servers.web import Site

REPORT = Path(__file__).parent.parent / "docs" / "timing.md"
WARM_UP = 30
BOUNDS = (0.45, 0.55)
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
FORM_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')
CODE = re.compile(r"\w{3}(-\w{3}){3}")
NUMBER = re.compile(r"Number \w{6}")


class Answer(NamedTuple):
    milliseconds: float
    status: int
    place: str
    body: str


class Visitor:
    """One browser: a form it has fetched, to be submitted once over a shared connection."""

    def __init__(self, connection, path, **answers):
        self.connection, self.path, self.answers = connection, path, answers
        self.fetched_at = time.monotonic()
        headers, page = self._ask("GET")
        self.cookie = headers.get("Set-Cookie", "").partition(";")[0]
        self.answers["csrfmiddlewaretoken"] = CSRF.search(page)[1]
        if token := FORM_TOKEN.search(page):
            self.answers["form_token"] = token[1]

    def send(self):
        time.sleep(max(0, self.fetched_at + 3.1 - time.monotonic()))
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": self.cookie}
        body = urlencode(self.answers)
        begun = time.perf_counter()
        self.connection.request("POST", self.path, body, headers)
        response = self.connection.getresponse()
        page = response.read().decode()
        milliseconds = (time.perf_counter() - begun) * 1000
        return Answer(milliseconds, response.status, response.headers.get("Location", ""), without_marks(page))

    def _ask(self, method):
        self.connection.request(method, self.path)
        response = self.connection.getresponse()
        return response.headers, response.read().decode()


def without_marks(page):
    """A page without what differs each time: the form's token, the typed code, the number on a receipt."""
    return NUMBER.sub("", CODE.sub("", CSRF.sub("", page)))


def tells_apart(first, second):
    """Mann-Whitney's U / (n1 n2): how likely one of `second` took longer than one of `first`; a tie counts half."""
    ordered = sorted([(value, 0) for value in first] + [(value, 1) for value in second])
    ranks = {}
    for place, (value, _) in enumerate(ordered, start=1):
        ranks.setdefault(value, []).append(place)
    rank_sum = sum(sum(ranks[value]) / len(ranks[value]) for value in second)
    smallest = len(second) * (len(second) + 1) / 2
    return (rank_sum - smallest) / (len(first) * len(second))


# --- the requests


def address():
    return f"reader-{secrets.token_hex(8)}@mailbox.example"


def ask(**answers):
    """A member who applied, with the code of the form."""
    from members.applications.services import ask_to_join
    from members.models import Member
    from tests import cast

    asked = cast.application(**{"email": address(), **answers})
    ask_to_join(asked)
    put_emails_back(hours=2)
    return Member.objects.get(form_token=asked.form_token)


def known_address(number):
    """An address of a member: unconfirmed, waiting or approved, with an email this week or longer ago."""
    from django.utils import timezone

    from members.models import Member
    from s4jr.mail.models import OutgoingEmail

    member = ask()
    status = ("unconfirmed", "waiting", "approved")[number % 3]
    Member.objects.filter(pk=member.pk).update(status=status, decided_at=timezone.now())
    days = (2, 12)[number % 2]
    OutgoingEmail.objects.filter(about=member.about).update(created_at=timezone.now() - timedelta(days=days))
    return member.email


def put_emails_back(hours):
    """Backdate emails so that the hourly limit is never reached; within the week they stay within the week."""
    from django.utils import timezone

    from s4jr.mail.models import OutgoingEmail

    now = timezone.now()
    lately = OutgoingEmail.objects.filter(created_at__gt=now - timedelta(hours=1))
    lately.update(created_at=now - timedelta(hours=hours))


def code_of(member):
    from s4jr.security.status_code import code_of_form

    return code_of_form(member.form_token)


def joining(connection, is_known, number):
    email = known_address(number) if is_known else address()
    usual = {"name": "Rosalind Testperson", "contact": "yes", "agreement": "on", "consent": "on", "step": "send"}
    return Visitor(connection, "/join/", email=email, **usual)


def looking(connection, is_known, number):
    member = ask(email=known_address(1 + 3 * number)) if is_known else ask()
    return Visitor(connection, "/my-details/", code=code_of(member))


def correcting(connection, is_known, number):
    email = known_address(number) if is_known else address()
    return Visitor(connection, "/my-details/", code=code_of(ask()), do="correct", email=email)


def correcting_from_a_known_address(connection, is_known, number):
    member = ask(email=known_address(1 + 3 * number)) if is_known else ask()
    return Visitor(connection, "/my-details/", code=code_of(member), do="correct", email=address())


def sending_again(connection, is_known, number):
    member = ask(email=known_address(1 + 3 * number)) if is_known else ask()
    return Visitor(connection, "/my-details/", code=code_of(member), do="send_again")


def looking_at_a_duplicate(connection, is_known, number):
    """Confirmed by the owner of the address: a member, or someone new."""
    from members.applications.confirmation import confirm
    from members.models import MemberLink

    member = ask(email=known_address(2 + 3 * number)) if is_known else ask()
    confirm(MemberLink.objects.get(member=member, purpose="confirm"))
    return Visitor(connection, "/my-details/", code=code_of(member))


def without_email(connection, is_known, number):
    member = ask(email=known_address(1 + 3 * number)) if is_known else ask()
    return Visitor(connection, "/my-details/", code=code_of(member), do="without_email")


def withdrawing(connection, is_known, number):
    member = ask(email=known_address(1 + 3 * number)) if is_known else ask()
    return Visitor(connection, "/my-details/", code=code_of(member), do="withdraw")


def asking_for_a_link(connection, is_known, number):
    email = known_address(1 + 3 * number) if is_known else address()
    return Visitor(connection, "/my-details/", do="send_link", email=email)


QUESTIONS = {
    "`/join/`: the address is known": joining,
    "`/my-details/`: the code belongs to someone whose address is known": looking,
    "`/my-details/`: corrected to an address that is known": correcting,
    "`/my-details/`: corrected by someone whose first address is known": correcting_from_a_known_address,
    "`/my-details/`: the email is requested again; the address is known": sending_again,
    "`/my-details/`: the code of an application confirmed at a member's address": looking_at_a_duplicate,
    "`/my-details/`: continuing without email; the address is known": without_email,
    "`/my-details/`: canceling; the address is known": withdrawing,
    "`/my-details/`: a link is requested by email; the address is known": asking_for_a_link,
}


# --- measuring


def times_of(connection, visitor_of, each):
    """(times with no one known, times with someone known), in ms. Raises AssertionError if the responses differ."""
    kinds = [False, True] * each
    secrets.SystemRandom().shuffle(kinds)
    warm_up = [visitor_of(connection, number % 2 == 0, number) for number in range(WARM_UP)]
    visitors = [(is_known, visitor_of(connection, is_known, number)) for number, is_known in enumerate(kinds)]
    for visitor in warm_up:
        visitor.send()
    times, answers = {False: [], True: []}, set()
    for is_known, visitor in visitors:
        answer = visitor.send()
        put_emails_back(hours=2)
        times[is_known].append(answer.milliseconds)
        answers.add((answer.status, answer.place, answer.body))
    if len(answers) != 1:
        raise AssertionError(f"{len(answers)} different answers: {answers}")
    return times[False], times[True]


def row(question, unknown, known):
    middle = [sorted(values)[len(values) // 2] for values in (known, unknown)]
    cells = [question, f"{len(known)} + {len(unknown)}", *(f"{value:.1f}" for value in middle)]
    return f"| {' | '.join(cells)} | {tells_apart(unknown, known):.3f} |"


def report(rows):
    low, high = BOUNDS
    return f"""# What response times reveal

An attacker must not learn from the response time whether an address is known. So every path does the same work: the
same database queries, and an email that must not go is written and rolled back. The remaining difference, a row more or
less, is a few tenths of a millisecond. So the views that act on a typed address send their response at a full tenth of
a second (`in_even_steps` in `s4jr/security/constant_time.py`). Looking with a code does not wait.

`.venv/bin/python -m benchmarks.join_timing` measures this on the real site (granian, PostgreSQL, Redis). It sends two
kinds of POSTs in random order over one connection, and both get the same status and exactly the same body. The area
under the curve (Mann-Whitney) says how well the time separates the two. 0.5 is a coin toss; the goal is {low} to
{high}. Among 150 + 150 responses, chance alone leaves that range about once in seven times (its standard deviation is
0.033); among 300 + 300, once in thirty (0.024).

Last run: {time.strftime("%Y-%m-%d")}.

| question | known + not | known, ms | not, ms | area |
|---|---|---|---|---|
{chr(10).join(rows)}
"""


def measure(site, each):
    connection = http.client.HTTPConnection("127.0.0.1", site.port)
    measured = {question: times_of(connection, visitor_of, each) for question, visitor_of in QUESTIONS.items()}
    text = report(row(question, *times) for question, times in measured.items())
    REPORT.write_text(text)
    sys.stdout.write(text)
    return all(BOUNDS[0] <= tells_apart(*times) <= BOUNDS[1] for times in measured.values())


def main(each):
    import django
    from django.core.management import call_command

    parts = Parts()
    parts.start_all()
    site = None
    try:
        os.environ.update(parts.environment() | {"DATABASE_URL": parts.database_url("postgres")} | ROOMY)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "s4jr.settings")
        django.setup()
        call_command("migrate", verbosity=0)
        site = Site(parts.folder, dict(os.environ))
        site.start()
        return measure(site, each)
    finally:
        if site:
            site.stop()
        parts.stop()


if __name__ == "__main__":
    sys.exit(0 if main(int(sys.argv[1]) if len(sys.argv) > 1 else 300) else "The time tells the two apart.")
