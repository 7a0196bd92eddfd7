"""The neutral host serves only what emails need."""

import pytest

from s4jr.mail.emails import unsubscribe_token
from s4jr.mail.mail_host_middleware import is_mail_host


@pytest.fixture
def quiet(settings):
    settings.SITE_URL = "https://site.example"
    settings.EMAIL_LINK_URL = "https://quiet.example"
    settings.ALLOWED_HOSTS = ["site.example", "quiet.example"]
    return {"HTTP_HOST": "quiet.example"}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/join/confirm/x/", "/fr/my-details/x/", "/exit/"])
def test_links_in_emails_work_there(client, quiet, path):
    assert client.get(path, **quiet).status_code in (303, 410)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/contact/answer/", "/representatives/answer/", "/desk/renew/x/", "/meetings/coming/", "/meetings/in/x/"]
)
def test_so_do_answers_renewals_and_meetings(client, quiet, path):
    assert client.get(path, **quiet).content != b"Nothing here.\n"


@pytest.mark.django_db
def test_unsubscribing_works_there(client, quiet):
    assert client.get(f"/unsubscribe/{unsubscribe_token('index')}/", **quiet).status_code == 200


@pytest.mark.parametrize("path", ["/", "/join/", "/why/", "/manage/", "/account/login/", "/fr/", "/my-detailsx/"])
def test_everything_else_is_404_there_and_does_not_name_the_coalition(client, quiet, path):
    answer = client.get(path, **quiet)
    assert (answer.status_code, answer.content) == (404, b"Nothing here.\n")


SPELLINGS = ["quiet.example.", "QUIET.example", "quiet.example:443", "quiet.example:8", "Quiet.Example.:443"]


@pytest.mark.parametrize("path", ["/", "/join/", "/people/", "/manage/", "/sitemap.xml", "/.well-known/security.txt"])
@pytest.mark.parametrize("host", [*SPELLINGS, "www.quiet.example"])
def test_no_spelling_of_the_host_serves_anything_else(client, quiet, settings, host, path):
    settings.ALLOWED_HOSTS = ["*"]
    answer = client.get(path, headers={"Host": host})
    assert (answer.status_code, answer.content) == (404, b"Nothing here.\n")


@pytest.mark.parametrize("host", SPELLINGS)
def test_every_spelling_of_the_host_excludes_crawlers(client, quiet, host):
    assert client.get("/robots.txt", headers={"Host": host}).content == b"User-agent: *\nDisallow: /\n"


@pytest.mark.django_db
@pytest.mark.parametrize("host", SPELLINGS)
def test_error_pages_name_no_one_for_any_spelling_of_the_host(client, quiet, settings, host):
    asked = [("/exit/%00", {}), ("/my-details/x/", {"a": "\0"}), ("/my-details/nowhere/at/all/", {})]
    pages = [client.get(path, query, headers={"Host": host}) for path, query in asked]
    assert [page.status_code for page in pages] == [400, 400, 404]
    text = " ".join(page.content.decode().lower() for page in pages)
    assert [word for word in settings.COALITION_WORDS if word in text] == []


@pytest.mark.parametrize(
    ("site", "emails", "host", "is_it"),
    [
        ("https://site.example", "https://site.example", "site.example", False),
        ("https://site.example", "https://quiet.example", "site.example.:443", False),
        ("https://s4jr.quiet.example", "https://quiet.example", "s4jr.quiet.example", False),
        ("https://s4jr.quiet.example", "https://quiet.example", "quiet.example.", True),
        ("https://site.example", "https://quiet.example", "unquiet.example", False),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8001", "127.0.0.1:8000", False),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8001", "127.0.0.1:8001", True),
        ("http://127.0.0.1:8000", "http://Quiet.localhost", "quiet.localhost:8000", True),
    ],
)
def test_which_host_is_the_mail_host(settings, site, emails, host, is_it):
    settings.SITE_URL, settings.EMAIL_LINK_URL = site, emails
    assert is_mail_host(host) is is_it


@pytest.mark.django_db
def test_the_site_host_serves_everything(client, quiet):
    assert client.get("/why/", HTTP_HOST="site.example").status_code == 200
