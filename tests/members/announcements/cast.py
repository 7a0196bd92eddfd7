"""Recipients of announcements, and an announcement."""

from datetime import date, timedelta

from django.utils import timezone

from chapters.models import Chapter, Representative
from members.announcements.services import schedule, start_sending
from members.models import Announcement, Member
from s4jr.crypto.blind_index import blind_index
from s4jr.mail.models import OutgoingEmail
from tests import cast, make
from tests.query_counts import LANGUAGES

ZONE = "America/Toronto"
BODY = "Good evening,\n\nwe meet on Thursday. Camera and speaking are up to you.\n"


def member(number=0, **changes):
    """An approved member who asked for news, with any changes."""
    answers = {name: changes.pop(name) for name in ("contact", "region", "country") if name in changes}
    email = "" if answers.get("contact") == "none" else f"reader{number}@mailbox.example"
    asked = cast.waiting(**{"email": email, **answers})
    cast.put(asked, "approved", **{"newsletter": True, **changes})
    asked.refresh_from_db()
    return asked


def members(count):
    return [member(number) for number in range(count)]


def many(count):
    """Creates many members who get news in one statement; every tenth asks for discreet emails."""
    today, now = timezone.now().date(), timezone.now()
    Member.objects.bulk_create(
        (
            Member(
                number=f"M{number}",
                status="approved",
                decided_at=now,
                name=cast.NAME,
                email=f"reader{number}@mailbox.example",
                email_index=blind_index(f"reader{number}@mailbox.example"),
                contact="yes" if number % 10 else "discreet",
                language=LANGUAGES[number % 3],
                newsletter=True,
                received_on=today,
                agreement_version="1",
                agreed_at=now,
                form_token=f"token {number}",
            )
            for number in range(count)
        ),
        batch_size=500,
    )


def chapter(**said):
    return Chapter.objects.create(
        **{"slug": "riverside", "name": "Riverside", "country": "CA", "status": "open", **said}
    )


def representative(username, address, **term):
    user = make.person_who_signs_in(username, address=address)
    term = {"region": "CA-ON", "begins_on": date(2020, 1, 1), **term}
    return Representative.objects.create(user=user, **term)


def announcement(audience="news", **said):
    """An announcement that is not sent yet."""
    said |= {"ways": said.get("ways") or "meetings"} if audience == "ways" else {}
    said |= {"places": said.get("places") or "CA"} if audience == "places" else {}
    words = {"subject": "Thursday", "body": BODY, "discreet_subject": "Thursday", "discreet_body": "We meet.\n"}
    return Announcement.objects.create(**{"audience": audience, **words, **said})


def send(announcement, by=None):
    return start_sending(Announcement.objects.filter(pk=announcement.pk), by=by or make.admin("sender"))


def scheduled(audience="news", *, by=None, hours=-1, **said):
    """An announcement that is due since an hour, or in so many hours."""
    sent = announcement(audience, **said)
    send_at = timezone.now() + timedelta(hours=hours)
    schedule(Announcement.objects.filter(pk=sent.pk), send_at=send_at, zone=ZONE, by=by or make.admin("planner"))
    sent.refresh_from_db()
    return sent


def written():
    """Returns the recipients of emails in the outbox, canceled ones included."""
    return [email.to for email in OutgoingEmail.objects.order_by("created_at", "to") if email.batch]
