"""A deadline is a date in the sender's time zone, which we don't know."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from members.models import Inquiry
from s4jr.security import submission_token
from tests.chapters.meetings.meetings import local
from tests.members.inquiries import people

pytestmark = pytest.mark.django_db
NOVEMBER = date(2026, 11, 30)


def send(client, deadline):
    token = client.get("/contact/?topic=press").context["form"].initial["form_token"]
    said = {"topic": "press", "name": "Orsolya", "contact": "none", "words": "A question.", "deadline": deadline}
    return client.post("/contact/", {**said, "form_token": token, "step": "send"})


@pytest.mark.parametrize(
    ("moment", "taken"),
    [
        (local("America/Vancouver", 2026, 11, 30, 17), True),
        (datetime(2026, 12, 1, 11, 59, tzinfo=UTC), True),
        (datetime(2026, 12, 1, 12, tzinfo=UTC), False),
    ],
)
def test_today_is_accepted_until_it_is_over_everywhere(client, monkeypatch, moment, taken):
    people.reader("ada", "press")
    monkeypatch.setattr(submission_token, "FASTEST_HUMAN_SECONDS", -1)
    monkeypatch.setattr(timezone, "now", lambda: moment.astimezone(UTC))
    send(client, NOVEMBER)
    assert list(Inquiry.objects.values_list("deadline", flat=True)) == ([NOVEMBER] if taken else [])
