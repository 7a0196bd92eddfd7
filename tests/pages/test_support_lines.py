"""Support lines: each has a quotation and a check date; lines that never call the police come first."""

from datetime import date

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import IntegrityError

from pages.models import SupportLine
from tests.make import signed_in_staff
from tests.query_counts import for_one_and_thirty
from tests.reading import Page, words

pytestmark = pytest.mark.django_db

CHECKED = {
    "link": "https://line.example/",
    "source_words": "We listen.",
    "checked_on": date(2026, 3, 12),
    "is_published": True,
}


def line(slug, **fields):
    fields = {"name": f"The {slug} line", "country": "Nowhere", "reach": "Phone: 555-0100", **CHECKED, **fields}
    return SupportLine.objects.create(slug=slug, **fields)


def shown(client):
    page = Page(client.get("/support/").content.decode())
    return [words(heading) for heading in page.all(tag="h3")]


def test_lines_that_never_call_the_police_come_first():
    SupportLine.objects.all().delete()
    for choice in reversed(SupportLine.Police.values):
        line(choice, may_call_police=choice)
    order = [each.slug for each in SupportLine.objects.published()]
    assert order == ["never", "with_consent", "without_consent", "not_known"]


@pytest.mark.parametrize("address", ["/support/", f"/{settings.ADMIN_PATH}pages/supportline/"])
def test_a_list_of_lines_takes_as_many_queries_for_thirty_as_for_one(client, settings, address):
    settings.CACHE_VERSION_SECONDS = 0
    signed_in_staff(client)
    one, thirty = for_one_and_thirty(lambda number: line(f"number-{number}"), lambda: client.get(address))
    page = client.get(address).content.decode()
    assert (one, [number for number in range(30) if f"The number-{number} line" not in page]) == (thirty, [])


@pytest.mark.parametrize("missing", [{"link": ""}, {"source_words": ""}, {"checked_on": None}])
def test_the_database_refuses_a_published_line_without_source_and_date(missing):
    with pytest.raises(IntegrityError):
        line("unread", **missing)


def test_an_unpublished_line_is_hidden_and_an_edit_shows_at_once(client):
    unread = line("unread", link="", is_published=False)
    assert "The unread line" not in shown(client)
    SupportLine.objects.filter(pk=unread.pk).update(**CHECKED)
    assert "The unread line" in shown(client)


def test_an_editor_manages_lines_and_sees_why_one_cannot_be_published(client):
    user = signed_in_staff(client, superuser=False)
    user.groups.add(Group.objects.get(name="Editor"))
    address = f"/{settings.ADMIN_PATH}pages/supportline/add/"
    fields = {"slug": "new", "name": "A new line", "country": "Nowhere", "reach": "Phone: 555-0100", "order": "0"}
    answers = {**fields, "may_call_police": "never", "is_published": "on"}
    refused = client.post(address, answers)
    assert "To publish a line, add its own page" in refused.content.decode()
    checked = {"link": "https://line.example/", "source_words": "Never.", "checked_on": "2026-03-12"}
    client.post(address, {**answers, **checked})
    assert "A new line" in shown(client)


def test_every_seeded_line_can_be_verified(client):
    """It has a quotation, its URL and the date, and always says what the line may do without consent.

    Each stays unpublished until an admin has opened the live page.
    """
    assert shown(client) == []
    SupportLine.objects.update(is_published=True)
    page = Page(client.get("/support/").content.decode())
    lines = list(SupportLine.objects.published())
    assert len(lines) == len(shown(client)) > 0
    for each in lines:
        text = words(page.one(id=each.slug))
        assert [part for part in (each.source_words, each.get_may_call_police_display()) if part not in text] == []


def test_support_is_next_to_exit_and_the_footer_says_that_this_is_not_an_emergency_service(client):
    page = Page(client.get("/why/").content.decode())
    assert page.one(class_="strip__support")["href"] == "/support/"
    assert "This is not an emergency service." in words(page.one(tag="footer"))
