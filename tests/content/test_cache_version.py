"""Pages use texts cached in memory; readers with a session see an edit at once, and all others soon."""

import pytest
from django.conf import settings as site
from django.db import transaction
from django.template import Context, Template
from django.test import RequestFactory

from pages.models import Statistic, TeamMember
from s4jr.content import cache_version
from s4jr.content.live_texts import text_block
from s4jr.content.models import CacheVersion, TextBlock
from s4jr.content.services import hide_texts, rewrite_text
from tests.make import admin

pytestmark = pytest.mark.django_db


@pytest.fixture
def _an_hour_old_is_fine(settings):
    """Anonymous requests do not check the cache version again within the test."""
    settings.CACHE_VERSION_SECONDS = 3600


def rewrite(text, key="our-why"):
    rewrite_text(TextBlock.objects.get(key=key, language="en"), text, by=admin())


def title_for(request):
    page = Template('{% load text_blocks %}{% text_block "our-why" as a %}{{ a.title }}')
    return page.render(Context({"request": request}))


def anonymous():
    return RequestFactory().get("/why/")


def with_session():
    request = anonymous()
    request.COOKIES[site.SESSION_COOKIE_NAME] = "anything"
    return request


@pytest.mark.usefixtures("_an_hour_old_is_fine")
def test_a_reader_without_a_session_takes_no_queries(django_assert_num_queries):
    cache_version.cache_version_for(), title_for(anonymous())
    with django_assert_num_queries(0):
        assert title_for(anonymous()) == "Our Why:"


@pytest.mark.usefixtures("_an_hour_old_is_fine")
def test_a_session_sees_an_edit_at_once_and_then_the_whole_process_does():
    assert title_for(anonymous()) == "Our Why:"
    rewrite("# Edited")
    assert title_for(anonymous()) == "Our Why:"
    assert [title_for(with_session()), title_for(anonymous())] == ["Edited", "Edited"]


def test_a_text_is_rendered_once_for_each_cache_version():
    first = text_block("our-why", "en").html
    assert text_block("our-why", "en").html is first
    rewrite("# Edited\n\nOther words.")
    assert text_block("our-why", "en").html == "<p>Other words.</p>\n"


def test_emails_use_the_newest_text():
    text_block("our-why", "en")
    rewrite("# Edited")
    assert text_block("our-why", "en").title == "Edited"


def test_after_the_interval_a_check_takes_one_query_and_a_change_one_more(django_assert_num_queries):
    title_for(anonymous())
    with django_assert_num_queries(1):
        title_for(anonymous())
    rewrite("# Edited")
    with django_assert_num_queries(2):  # the cache version, and its texts
        assert title_for(anonymous()) == "Edited"


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_rolled_back_is_not_cached():
    before = CacheVersion.objects.current()
    with transaction.atomic():
        rewrite("# Edited")
        assert title_for(with_session()) == "Edited"
        transaction.set_rollback(True)
    assert (title_for(with_session()), CacheVersion.objects.current()) == ("Our Why:", before)


@pytest.mark.parametrize(
    "change",
    [
        lambda: rewrite("# Edited"),
        lambda: hide_texts(TextBlock.objects.filter(key="our-why"), by=admin()),
        lambda: Statistic.objects.first().save(),
        lambda: Statistic.objects.first().delete(),
        lambda: Statistic.objects.update(order=7),
        lambda: TeamMember.objects.bulk_create([TeamMember(name="Orla Example", text_block_key="people/orla")]),
        lambda: TeamMember.objects.first().save(),
    ],
    ids=[
        "a text rewritten",
        "a text hidden",
        "a figure saved",
        "a figure deleted",
        "figures updated",
        "people made",
        "a person saved",
    ],
)
def test_a_change_of_anything_on_pages_starts_a_new_cache_version(change):
    before = CacheVersion.objects.current()
    change()
    assert CacheVersion.objects.current() not in (before, None)


def test_a_lost_row_is_created_again():
    CacheVersion.objects.all().delete()
    CacheVersion.objects.begin()
    assert CacheVersion.objects.count() == 1
