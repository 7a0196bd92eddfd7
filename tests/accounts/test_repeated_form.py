"""A form of the admin that is sent twice at the same moment saves one row, and each answer is a page."""

from functools import partial

import pytest
from django.conf import settings
from django.test import Client, RequestFactory

from chapters.models import Chapter
from pages.forms import NEW_PERSON
from pages.models import Statistic, SupportLine, TeamMember
from s4jr.accounts.models import User
from s4jr.content.files import digest
from s4jr.conversations.models import SavedReply
from tests import make
from tests.races import race

pytestmark = [pytest.mark.only_postgres, pytest.mark.django_db(transaction=True)]
CHAPTER = {"name": "Riverside", "slug": "riverside", "place": "Canada", "status": "open"}
LINE = {"name": "New", "slug": "new", "country": "Nowhere", "reach": "555-0100", "may_call_police": "not_known",
        "order": 0}  # fmt: skip
REPLY = {"title": "T", "language": "en", "text": "Hello.", "audience": SavedReply.Audience.values[0]}
STATISTIC = {"label": "A figure", "slug": "a-figure", "text": "One in two.", "ticks": 100, "order": 0}
TEAM = {"name": "Orla Invented", "role": "Gardener", "order": 3, "is_on_site": "on", "bio_en": "# Orla\n\nWords.",
        "seen_bio_en": digest(""), "page_token": NEW_PERSON.new_token(RequestFactory().get("/"))}  # fmt: skip


@pytest.mark.parametrize(
    ("page", "said", "rows"),
    [
        ("chapters/chapter", CHAPTER, Chapter.objects.filter(name="Riverside")),
        ("conversations/savedreply", REPLY, SavedReply.objects.all()),
        ("pages/statistic", STATISTIC, Statistic.objects.filter(slug="a-figure")),
        ("pages/supportline", LINE, SupportLine.objects.filter(slug="new")),
        ("pages/teammember", TEAM, TeamMember.objects.filter(name="Orla Invented")),
        ("accounts/user", {"username": "grace", "role": "none"}, User.objects.filter(username="grace")),
    ],
)
def test_saves_one_row(page, said, rows):
    first = Client()
    make.signed_in_staff(first)
    address = f"/{settings.ADMIN_PATH}{page}/add/"
    answers = race(*[partial(_same_browser(first).post, address, said) for _ in range(3)])
    assert (rows.count(), [answer.status_code < 400 for answer in answers]) == (1, [True] * 3)


def _same_browser(client):
    another = Client()
    another.cookies = client.cookies
    return another
