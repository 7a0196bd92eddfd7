"""The invented people of the tests. Addresses end in .example or .invalid."""

import re
import secrets
from datetime import timedelta

from django.utils import timezone

from members.applications.application import Application
from members.applications.services import ask_to_join
from members.models import Member
from s4jr.mail.emails import Email
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.services import queue_emails
from tests.chapters.cast import one_of_many_chapters, person
from tests.query_counts import LANGUAGES, REGIONS

NAME = "Rosalind Testperson"
ADDRESS = "rosalind@mailbox.example"
MESSAGE = "A sentence that must not leak: the heron stands in the reeds."


def application(**answers):
    """Rosalind's application, with its own form token; arguments replace any field."""
    return Application(
        **{
            "name": NAME,
            "contact": "yes",
            "email": ADDRESS,
            "country": "CA",
            "region": "CA-ON",
            "message": MESSAGE,
            "form_token": secrets.token_hex(16),
            **answers,
        }
    )


def without_email(**answers):
    """An application of a person who must never be emailed."""
    return application(**{"contact": "none", "email": "", "name": "Orsolya Testperson", **answers})


def ask(asked=None, **answers):
    """Submit an application; return the member."""
    asked = asked or application(**answers)
    ask_to_join(asked)
    return Member.objects.get(form_token=asked.form_token)


def waiting(**answers):
    """A member with a confirmed address who waits for review."""
    member = ask(**answers)
    Member.objects.filter(pk=member.pk, status="unconfirmed").update(status="waiting", confirm_until=None)
    OutgoingEmail.objects.filter(about=member.about).delete()
    member.refresh_from_db()
    return member


def one_of_many(number, **answers):
    """A member who waits, with an address, place, chapter and deciders that no other number has."""
    place = REGIONS[number % len(REGIONS)]
    own = {"email": f"reader{number}@mailbox.example", "name": f"Reader {number}", "country": place[:2]}
    own |= {"region": place, "chapter": one_of_many_chapters(number), "language": LANGUAGES[number % len(LANGUAGES)]}
    member = waiting(**{**own, **answers})
    deciders = {name: person(f"{name}-{number}") for name in ("decided_by", "proposed_by")}
    Member.objects.filter(pk=member.pk).update(**deciders, same_as=member)
    member.refresh_from_db()
    return member


def put(members, status, **changes):
    """Set the status of a member, or of a QuerySet, with the dates that belong to it."""
    members = Member.objects.filter(pk=members.pk) if isinstance(members, Member) else members
    now = timezone.now()
    days = {
        "decided_at": now,
        "effective_at": now + timedelta(hours=1) if status in Member.IN_GRACE_PERIOD else None,
        "left_on": now.date() if status == Member.Status.LEFT else None,
    }
    members.update(**{"status": status, **days, **changes})


def let_the_minute_pass():
    """End the time in which approvals can be undone. The next run of the scheduled step approves them."""
    Member.objects.filter(status="approving").update(effective_at=timezone.now())


def email(to=ADDRESS, **said):
    """An email with placeholder text."""
    said = {"subject": "A subject", "body": "A body.\n", "kind": "test", "dedupe_key": secrets.token_hex(8), **said}
    return Email(to=to, **said)


def written(**said):
    """Queue an email; return its row."""
    said = email(**said)
    queue_emails([said])
    return OutgoingEmail.objects.get(dedupe_key=said.dedupe_key)


def links_in(body):
    """Return the URLs in an email, in order."""
    return re.findall(r"https?://\S+", body)


def paths_in(body):
    """Return the URLs without scheme and host, for the test client."""
    return [re.sub(r"^https?://[^/]+", "", link) for link in links_in(body)]
