"""During a database outage the most needed pages are still served, from memory."""

import pytest
from django.test import RequestFactory

from s4jr.outage_pages import StandBy
from s4jr.page_cache import PageCache
from s4jr.wsgi import application

PAGE = [("Cache-Control", "no-cache"), ("X-Request-Number", "1"), ("Content-Type", "text/html")]


class Site:
    """A WSGI app whose pages count its requests, until it `is_away`."""

    def __init__(self):
        self.is_away, self.asked, self.whole = False, 0, StandBy(self._answer)

    def _answer(self, environ, start_response):
        self.asked += 1
        if self.is_away:
            start_response("503 Service Unavailable", [("Cache-Control", "no-store")])
            return [b"away"]
        start_response("200 OK", PAGE)
        return [b"asked %d times" % self.asked]

    def ask(self, path, method="GET", **more):
        environ = RequestFactory()._base_environ(PATH_INFO=path, REQUEST_METHOD=method)
        environ.pop("HTTP_COOKIE")
        said = []
        body = b"".join(self.whole({**environ, "HTTP_HOST": "testserver", **more}, lambda *answer: said.append(answer)))
        return said[0][0][:3], dict(said[0][1]), body


@pytest.fixture
def site():
    return Site()


def test_the_wsgi_application_has_it_inside_the_page_cache():
    assert (type(application), type(application._site)) == (PageCache, StandBy)


@pytest.mark.parametrize("path", ["/support/", "/fr/calm/", "/es/safety/"])
def test_an_outage_page_is_served_unchanged(path, site):
    site.ask(path)
    last = site.ask(path)
    site.is_away = True
    now = site.ask(path)
    assert (now[0], now[2]) == (last[0], last[2]) == ("200", b"asked 2 times")
    assert "X-Request-Number" not in now[1]


def test_requests_with_a_cookie_or_query_get_it_too(site):
    site.ask("/support/")
    site.is_away = True
    assert site.ask("/support/", HTTP_COOKIE="csrftoken=x", QUERY_STRING="x=1")[0] == "200"
    assert site.ask("/support/", "HEAD")[2] == b""


def test_responses_to_requests_with_a_cookie_or_query_are_not_kept(site):
    site.ask("/support/", HTTP_COOKIE="session=x")
    site.is_away = True
    assert site.ask("/support/")[::2] == ("503", b"away")


@pytest.mark.parametrize(("path", "method"), [("/people/", "GET"), ("/join/", "GET"), ("/support/", "POST")])
def test_no_other_page_is_kept(path, method, site):
    site.ask(path, method)
    site.is_away = True
    assert site.ask(path, method)[0] == "503"
