"""What crawlers and researchers ask for."""

from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.utils import timezone

pytestmark = pytest.mark.django_db
XML = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def lines_of(client, address, **more):
    answer = client.get(address, **more)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
    return answer.content.decode().splitlines()


def test_crawlers_are_asked_to_leave_links_of_emails_alone_and_not_told_where_admins_enter(client):
    lines = lines_of(client, "/robots.txt")
    assert "Disallow: /join/confirm/" in lines
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in lines
    assert settings.ADMIN_PATH not in "".join(lines)


def test_a_crawler_may_read_that_your_information_is_not_to_be_indexed(client):
    closed = [
        line.removeprefix("Disallow: ") for line in lines_of(client, "/robots.txt") if line.startswith("Disallow")
    ]
    assert [path for path in closed if "/my-details/".startswith(path)] == []
    assert '<meta name="robots" content="noindex">' in client.get("/my-details/").content.decode()


def test_on_the_neutral_host_of_emails_nothing_is_for_crawlers(client, settings):
    settings.EMAIL_LINK_URL = "http://localhost"
    assert lines_of(client, "/robots.txt", headers={"host": "localhost"}) == ["User-agent: *", "Disallow: /"]


def test_every_page_of_the_sitemap_is_there_for_anybody_and_may_be_indexed(client):
    addresses = [loc.text for loc in ElementTree.fromstring(client.get("/sitemap.xml").content).iter(f"{XML}loc")]
    pages = [client.get(address.removeprefix(settings.SITE_URL)) for address in addresses]
    assert [page.status_code for page in pages] == [200] * len(addresses)
    assert [page for page in pages if b'content="noindex"' in page.content] == []
    assert {f"{settings.SITE_URL}/", f"{settings.SITE_URL}/fr/why/", f"{settings.SITE_URL}/es/join/"} <= set(addresses)


def test_who_finds_a_hole_is_told_where_to_say_so_and_that_never_runs_out(client):
    said = dict(line.split(": ", 1) for line in lines_of(client, "/.well-known/security.txt"))
    left = datetime.fromisoformat(said["Expires"]) - timezone.now()
    assert said["Contact"] == f"{settings.SITE_URL}/contact/"
    assert timedelta(days=150) < left < timedelta(days=366)
