"""The people these tests are about. Everybody is plainly invented; addresses end in .example or .invalid."""

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

NAME = "Rosalind Testperson"
ADDRESS = "rosalind@mailbox.example"
MESSAGE = "A sentence that must not leak: the heron stands in the reeds."


def application(**answers):
    """What Rosalind asks, in a form of its own; anything may be said otherwise."""
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
    """Somebody who must never be e-mailed."""
    return application(**{"contact": "none", "email": "", "name": "Orsolya Testperson", **answers})


def ask(asked=None, **answers):
    """The member an application became."""
    asked = asked or application(**answers)
    ask_to_join(asked)
    return Member.objects.get(form_token=asked.form_token)


def waiting(**answers):
    """A member whose address is confirmed and who is being read."""
    member = ask(**answers)
    Member.objects.filter(pk=member.pk, status="unconfirmed").update(status="waiting", confirm_until=None)
    OutgoingEmail.objects.filter(about=member.about).delete()
    member.refresh_from_db()
    return member


def put(members, status, **changes):
    """Bring a member, or all of a QuerySet, to a status as if by all that leads there."""
    members = Member.objects.filter(pk=members.pk) if isinstance(members, Member) else members
    now = timezone.now()
    days = {
        "decided_at": now,
        "declining_until": now + timedelta(hours=1) if status in Member.IN_GRACE_PERIOD else None,
        "left_on": now.date() if status == Member.Status.LEFT else None,
    }
    members.update(**{"status": status, **days, **changes})


def email(to=ADDRESS, **said):
    """An email that says nothing much."""
    said = {"subject": "A subject", "body": "A body.\n", "kind": "test", "dedupe_key": secrets.token_hex(8), **said}
    return Email(to=to, **said)


def written(**said):
    """An email in the outbox."""
    said = email(**said)
    queue_emails([said])
    return OutgoingEmail.objects.get(dedupe_key=said.dedupe_key)


def links_in(body):
    """The addresses in an email, in their order."""
    return re.findall(r"https?://\S+", body)


def paths_in(body):
    """The same without scheme and host, for the test client."""
    return [re.sub(r"^https?://[^/]+", "", link) for link in links_in(body)]
