"""Support lines: each has a quotation and a check date; lines that never call the police come first."""

from datetime import date

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import IntegrityError
from django.test import Client

from pages.models import SupportLine
from pages.services import publish_line, unpublish_line
from pages.support_lines import FACTS
from s4jr.audit.models import AccessLog
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


LIST = f"/{settings.ADMIN_PATH}pages/supportline/"
DRAFT = {
    "slug": "new", "name": "A new line", "country": "Nowhere", "reach": "Phone: 555-0100", "order": "0",
    "may_call_police": "never",
}  # fmt: skip


TODAY = date(2026, 5, 20)


@pytest.fixture
def _today(monkeypatch):
    for module in ("pages.services", "pages.support_line_forms"):
        monkeypatch.setattr(f"{module}.utc_today", lambda: TODAY)


@pytest.fixture
def editor(client):
    """A volunteer with the role Editor."""
    user = signed_in_staff(client, "grace", superuser=False)
    user.groups.add(Group.objects.get(name="Editor"))
    return user


def line(slug, **fields):
    fields = {"name": f"The {slug} line", "country": "Nowhere", "reach": "Phone: 555-0100", **CHECKED, **fields}
    return SupportLine.objects.create(slug=slug, **fields)


def a_draft(**fields):
    """A complete line that waits to be published."""
    return line("candidate", is_published=False, **fields)


def publish(client, draft, **fields):
    """Press the button on the page that shows the draft."""
    return client.post(f"{LIST}{draft.pk}/publish/", {"confirm": "on", "seen": draft.version, **fields}, follow=True)


def change(client, row, *, follow=True, **fields):
    """Send the form of a line with these fields changed."""
    saved = {name: getattr(row, name) for name in ("slug", "order", *FACTS)}
    return client.post(f"{LIST}{row.pk}/change/", {**saved, **fields}, follow=follow)


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


def test_an_editor_proposes_a_line_and_sees_why_it_cannot_be_published(client, editor):
    answers = {**DRAFT, "is_published": "on", "to_check": "Are these the hours?"}
    said = client.post(f"{LIST}add/", answers, follow=True).content.decode()
    new = SupportLine.objects.get(slug="new")
    assert (new.is_published, new.proposed_by, new.to_check) == (False, editor, "Are these the hours?")
    assert "“A new line” is saved as a draft. Only admins see it. No email was sent." in said
    page = Page(client.get(f"{LIST}{new.pk}/publish/").content.decode())
    [missing] = [words(notice) for notice in page.all(class_="notice") if "add:" in words(notice)]
    assert missing.startswith("Before you can publish this line, add: page that says so, in its own words.")
    refused = client.post(f"{LIST}{new.pk}/publish/", {"confirm": "on", "seen": new.version})
    assert "first add its own page and its own words" in str(refused.context["form"].errors)
    assert shown(client) == []


@pytest.mark.usefixtures("_today")
def test_a_line_is_published_by_someone_who_says_they_checked_it_today(client, editor):
    draft = a_draft()
    opened = publish(client, draft, confirm="")
    assert "Look at the line’s own page today, then check this box." in opened.content.decode()
    assert shown(client) == []
    said = publish(client, draft).content.decode()
    draft.refresh_from_db()
    assert (draft.is_published, draft.published_by, draft.checked_on) == (True, editor, TODAY)
    assert "“The candidate line” is published, and everyone can see it. No email was sent." in said
    assert shown(client) == ["The candidate line"]


def test_one_button_saves_and_the_other_leads_on_to_publishing(client, editor):
    saved = client.post(f"{LIST}add/", DRAFT)
    new = SupportLine.objects.get(slug="new")
    leads_on = change(client, new, _publish="", follow=False)
    assert (saved.headers["Location"], leads_on.headers["Location"]) == (LIST, f"{LIST}{new.pk}/publish/")


def test_a_published_line_is_taken_down_with_one_press(client, editor):
    published = line("open", published_by=editor)
    assert client.get(f"{LIST}{published.pk}/unpublish/").status_code == 405
    said = client.post(f"{LIST}{published.pk}/unpublish/", follow=True).content.decode()
    assert "“The open line” is a draft again, and readers no longer see it." in said
    published.refresh_from_db()
    assert (published.is_published, published.published_by, shown(client)) == (False, None, [])


def test_opening_the_page_publishes_nothing(client, editor):
    draft = a_draft()
    client.get(f"{LIST}{draft.pk}/publish/", {"confirm": "on", "seen": draft.version})
    assert shown(client) == []


@pytest.mark.usefixtures("_today")
def test_what_readers_see_of_a_published_line_changes_only_if_it_was_checked_today(client, editor):
    published = line("open")
    refused = change(client, published, reach="Phone: 555-0199")
    assert "Look at the line’s own page today, then check this box." in refused.content.decode()
    change(client, published, reach="Phone: 555-0199", checked_today="on")
    published.refresh_from_db()
    assert (published.reach, published.checked_on) == ("Phone: 555-0199", TODAY)
    assert change(client, published, order="7").redirect_chain != []


def test_the_list_says_who_proposed_a_draft_and_what_to_check(client, editor):
    SupportLine.objects.all().delete()
    a_draft(proposed_by=editor, to_check="Are these the hours?")
    line("open", published_by=editor)
    page = Page(client.get(LIST).content.decode())
    assert [words(cell) for cell in page.all(class_="field-state")] == [
        "Draft, proposed by grace. To check: Are these the hours?",
        "Published by grace, checked on March 12, 2026",
    ]


def test_neither_the_proposer_nor_what_to_check_is_public(client, editor):
    line("open", proposed_by=editor, published_by=editor, to_check="Are these the hours?")
    page = Client().get("/support/").content.decode()
    assert ("Are these the hours?" in page, "grace" in words(Page(page).one(tag="main"))) == (False, False)


def test_publishing_and_taking_down_are_in_the_access_log(client, editor):
    draft = a_draft()
    publish(client, draft)
    client.post(f"{LIST}{draft.pk}/unpublish/")
    logged = AccessLog.objects.filter(object_kind="pages.supportline").order_by("pk")
    said = [(row.who, row.action, row.object_id, row.field_names) for row in logged]
    assert said == [("grace", "changed", str(draft.pk), "is_published")] * 2


def test_a_volunteer_without_the_permission_can_neither_publish_nor_take_down(client):
    signed_in_staff(client, superuser=False)
    draft, published = a_draft(), line("open")
    statuses = [
        publish(client, draft).status_code,
        client.post(f"{LIST}{published.pk}/unpublish/").status_code,
        client.get(f"{LIST}{draft.pk}/publish/").status_code,
    ]
    assert (statuses, shown(client)) == ([403] * 3, ["The open line"])


# --- two admins


def test_of_two_who_publish_at_once_the_second_is_told(client, editor):
    draft = a_draft()
    assert [publish_line(draft, seen=draft.version, by=editor) for _admin in range(2)] == [True, False]
    said = publish(client, draft).content.decode()
    assert "Nothing changed: “The candidate line” is already published." in said
    assert AccessLog.objects.filter(object_kind="pages.supportline").count() == 1


def test_a_number_that_changed_while_it_was_checked_is_not_published(client, editor):
    draft = a_draft()
    seen = draft.version
    SupportLine.objects.filter(pk=draft.pk).update(reach="Phone: 555-0199")
    said = client.post(f"{LIST}{draft.pk}/publish/", {"confirm": "on", "seen": seen}, follow=True).content.decode()
    assert "“The candidate line” is not published: someone changed it while you checked it." in said
    assert ("555-0199" in said, shown(client)) == (True, [])


def test_of_two_who_take_a_line_down_at_once_the_second_is_told(client, editor):
    published = line("open")
    assert [unpublish_line(published, by=editor) for _admin in range(2)] == [True, False]
    said = client.post(f"{LIST}{published.pk}/unpublish/", follow=True).content.decode()
    assert "Nothing changed: “The open line” is already a draft." in said


def test_a_draft_that_was_published_meanwhile_is_not_changed_unseen(client, editor):
    draft = a_draft()
    opened = Page(client.get(f"{LIST}{draft.pk}/change/").content.decode()).one(name="row_version")["value"]
    publish(client, draft)
    late = change(client, draft, reach="Phone: 555-0199", row_version=opened)
    draft.refresh_from_db()
    assert ("Someone changed this while you were writing." in late.content.decode(), draft.reach) == (
        True, "Phone: 555-0100",
    )  # fmt: skip


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
