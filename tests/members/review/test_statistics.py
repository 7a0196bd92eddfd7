"""This week's statistics on the admin index."""

import pytest
from django.urls import reverse

from tests import make
from tests.chapters.meetings.meetings import local, make_meeting

pytestmark = pytest.mark.django_db


def test_the_next_meeting_is_on_its_local_date(client):
    """9 p.m. in Toronto on March 2 is March 3 in UTC."""
    make.signed_in_staff(client)
    make_meeting(starts_at=local("America/Toronto", 2027, 3, 2, 21), zone="America/Toronto", title="Planning together")
    page = client.get(reverse("admin:index")).content.decode()
    assert ("Planning together, March 2, 2027" in page, "March 3, 2027" in page) == (True, False)
