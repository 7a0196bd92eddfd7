"""Of several admins who press one button at the same moment, one changes the row and the others are told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connections

from pages.models import SupportLine, TeamMember
from pages.services import publish_line, show_person_again, take_down, unpublish_line
from s4jr.audit.models import AccessLog
from s4jr.conflicts import ChangedMeanwhileError
from s4jr.content.files import digest
from s4jr.content.models import TextBlock, TextBlockRevision
from s4jr.content.services import hide_texts, rewrite_text
from tests.make import admin

pytestmark = pytest.mark.django_db(transaction=True)
ADMINS = 8


def at_once(act):
    """Call `act(number)` in threads with connections of their own; return what each was told."""

    def press(number):
        try:
            return act(number)
        except ChangedMeanwhileError:
            return False
        finally:
            connections.close_all()

    with ThreadPoolExecutor(ADMINS) as threads:
        return [bool(told) for told in threads.map(press, range(ADMINS))]


@pytest.fixture
def line():
    said = {"link": "https://line.example/", "source_words": "We listen.", "checked_on": date(2026, 3, 12)}
    return SupportLine.objects.create(slug="new", name="New", country="Nowhere", reach="555-0100", **said)


def test_a_line_is_published_once_and_taken_down_once(line):
    ada = admin()
    assert at_once(lambda _number: publish_line(line, seen=line.version, by=ada)).count(True) == 1
    assert at_once(lambda _number: unpublish_line(line, by=ada)).count(True) == 1
    assert AccessLog.objects.filter(object_kind="pages.supportline").count() == 2


def test_a_person_is_taken_down_once_and_shown_again_once():
    ada, marlee = admin(), TeamMember.objects.get(name="Marlee Liss")
    assert at_once(lambda _number: take_down(marlee, by=ada)).count(True) == 1
    assert at_once(lambda _number: show_person_again(marlee, by=ada)).count(True) == 1
    assert AccessLog.objects.filter(object_kind="pages.teammember").count() == 2


def test_a_text_is_hidden_once():
    ada, press = admin(), TextBlock.objects.filter(key="press")
    assert at_once(lambda _number: hide_texts(press, by=ada)).count(True) == 1


def test_of_saves_from_one_version_one_is_kept_and_the_others_are_refused():
    ada, text = admin(), TextBlock.objects.get(key="our-why", language="en")
    seen = digest(text.text)
    told = at_once(lambda number: rewrite_text(text, f"# Admin {number}", by=ada, seen=seen))
    text.refresh_from_db()
    assert (told.count(True), text.text) == (1, f"# Admin {told.index(True)}")
    assert TextBlockRevision.objects.count() == 1
