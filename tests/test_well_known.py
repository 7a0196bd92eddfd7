"""Files for crawlers and security researchers."""

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


def test_robots_txt_excludes_email_links_and_does_not_name_the_admin(client):
    lines = lines_of(client, "/robots.txt")
    assert "Disallow: /join/confirm/" in lines
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in lines
    assert settings.ADMIN_PATH not in "".join(lines)


def test_a_crawler_can_read_the_noindex_of_your_information(client):
    closed = [
        line.removeprefix("Disallow: ") for line in lines_of(client, "/robots.txt") if line.startswith("Disallow")
    ]
    assert [path for path in closed if "/my-details/".startswith(path)] == []
    assert '<meta name="robots" content="noindex">' in client.get("/my-details/").content.decode()


def test_the_mail_host_excludes_crawlers(client, settings):
    settings.EMAIL_LINK_URL = "http://localhost"
    assert lines_of(client, "/robots.txt", headers={"host": "localhost"}) == ["User-agent: *", "Disallow: /"]


def test_every_page_of_the_sitemap_is_public_and_can_be_indexed(client):
    addresses = [loc.text for loc in ElementTree.fromstring(client.get("/sitemap.xml").content).iter(f"{XML}loc")]
    pages = [client.get(address.removeprefix(settings.SITE_URL)) for address in addresses]
    assert [page.status_code for page in pages] == [200] * len(addresses)
    assert [page for page in pages if b'content="noindex"' in page.content] == []
    assert {f"{settings.SITE_URL}/", f"{settings.SITE_URL}/fr/why/", f"{settings.SITE_URL}/es/join/"} <= set(addresses)


def test_security_txt_names_a_contact_and_never_expires(client):
    said = dict(line.split(": ", 1) for line in lines_of(client, "/.well-known/security.txt"))
    left = datetime.fromisoformat(said["Expires"]) - timezone.now()
    assert said["Contact"] == f"{settings.SITE_URL}/contact/"
    assert timedelta(days=150) < left < timedelta(days=366)
