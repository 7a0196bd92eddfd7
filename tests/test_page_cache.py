"""Reading pages from memory: the same for everybody, never older than a second, and never anybody's own."""

import gzip
import threading
from datetime import timedelta

import brotli
import pytest
from django.conf import settings as site
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import DatabaseError, close_old_connections
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from pages.models import Statistic, SupportLine, TeamMember
from pages.urls import urlpatterns
from s4jr import page_cache
from s4jr.content.models import TextBlock
from s4jr.days import easternmost_today
from s4jr.page_cache import PageCache
from s4jr.security.quick_exit import exit_cookie
from s4jr.wsgi import application
from tests.chapters.meetings.meetings import make_meeting
from tests.make import admin
from tests.reading import Page

pytestmark = pytest.mark.django_db
HOUR = 3600


class Answered:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = int(status[:3]), dict(headers), body
        assert len(self.headers) == len(headers)


class Site:
    """The site behind a cache of its own; `asked` is what reached Django, as (method, path)."""

    def __init__(self):
        self.asked, self.django, self.cache = [], WSGIHandler(), PageCache(self._inner)

    def _inner(self, environ, start_response):
        self.asked.append((environ["REQUEST_METHOD"], environ["PATH_INFO"]))
        self.heard = [name for name in environ if name.startswith("HTTP_")]
        return self.django(environ, start_response)

    def ask(self, path="/why/", method="GET", *, query="", more=None, **headers):
        environ = RequestFactory()._base_environ(PATH_INFO=path, REQUEST_METHOD=method, QUERY_STRING=query)
        environ.pop("HTTP_COOKIE")
        environ |= {"HTTP_HOST": "testserver", **{f"HTTP_{name}": value for name, value in headers.items()}}
        said = []
        body = b"".join(self.cache(environ | (more or {}), lambda *answer: said.append(answer)))
        return Answered(*said[0][:2], body)


@pytest.fixture(autouse=True)
def _the_connection_stays_open(monkeypatch):
    """As under Django's own test client: each test is one transaction, and closing would end it."""
    monkeypatch.setattr(page_cache, "close_old_connections", lambda: None)
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def pages():
    return Site()


@pytest.fixture
def _no_question_for_an_hour(settings):
    settings.CACHE_VERSION_SECONDS = HOUR


def our_why():
    return TextBlock.objects.get(key="our-why", language="en")


def test_the_site_that_is_served_stands_behind_it():
    assert type(application) is PageCache


def test_the_pages_kept_are_the_pages_of_words_in_every_language():
    others = {"team_member_photo", "styleguide"}  # a picture, and a page for those who sign in
    assert set(page_cache.PAGES) == {route.name for route in urlpatterns} - others
    names = {"home": "/", "why": "/why/"}
    kept = page_cache.reading_addresses()
    assert {name: {at for at, whose in kept.items() if whose == name} for name in names} == {
        "home": {"/", "/fr/", "/es/"},
        "why": {"/why/", "/fr/why/", "/es/why/"},
    }


@pytest.mark.usefixtures("_no_question_for_an_hour")
@pytest.mark.parametrize("name", page_cache.PAGES)
def test_a_page_is_made_once_with_no_form_but_a_search_and_read_without_a_question(
    name, pages, django_assert_num_queries
):
    first = pages.ask(reverse(name))
    with django_assert_num_queries(0):
        second = pages.ask(reverse(name))
    assert (second.status, second.headers, second.body) == (first.status, first.headers, first.body)
    assert (len(pages.asked), page_cache.FORM_THAT_SENDS.findall(second.body)) == (1, [])


def test_a_hit_asks_one_thing_when_a_second_is_over(pages, django_assert_num_queries):
    pages.ask()
    with django_assert_num_queries(1):
        pages.ask()
    assert len(pages.asked) == 1


@pytest.mark.parametrize(("seconds", "looks"), [(HOUR, 0), (0, 1)])
def test_a_hit_looks_after_no_connection_but_when_it_asks(seconds, looks, pages, settings, monkeypatch):
    settings.CACHE_VERSION_SECONDS, looked = HOUR, []
    pages.ask()
    settings.CACHE_VERSION_SECONDS = seconds
    monkeypatch.setattr(page_cache, "close_old_connections", lambda: looked.append(1))
    pages.ask()
    assert len(looked) == looks


def test_a_kept_page_is_what_django_says_but_for_the_number_of_the_request(pages, client):
    mine, plain = pages.ask(), client.get("/why/")
    assert mine.body == plain.content
    own = {"ETag", "Vary"}
    assert {name: value for name, value in mine.headers.items() if name not in own} == {
        **{name: value for name, value in plain.headers.items() if name not in {"X-Request-Number", "Vary"}},
        "Content-Length": str(len(plain.content)),
    }


@pytest.mark.usefixtures("_no_question_for_an_hour")
@pytest.mark.parametrize("cookie", ["{session}=x", "{left}=1", "other=1; {session}=x", "anything=1"])
def test_who_brings_a_cookie_goes_past(cookie, pages):
    pages.ask()
    pages.ask(COOKIE=cookie.format(session=site.SESSION_COOKIE_NAME, left=exit_cookie()))
    assert len(pages.asked) == 2


@pytest.mark.usefixtures("_no_question_for_an_hour")
def test_who_left_finds_the_neutral_page_and_leaves_it_to_nobody(pages):
    assert b"Nothing here. Continue?" in pages.ask(COOKIE=f"{exit_cookie()}=1").body
    assert b"Nothing here. Continue?" not in pages.ask().body


@pytest.mark.usefixtures("_no_question_for_an_hour")
@pytest.mark.parametrize(
    "request_",
    [
        {"path": "/join/"},
        {"path": "/representatives/"},
        {"path": "/healthz"},
        {"path": "/why"},
        {"path": "/en/why/"},
        {"query": "x=1"},
        {"method": "POST"},
        {"method": "OPTIONS"},
        {"more": {"SCRIPT_NAME": "/elsewhere"}},
        {"more": {"CONTENT_LENGTH": "3"}},
        {"more": {"CONTENT_TYPE": "text/plain; charset=zlib"}},
        {"TRANSFER_ENCODING": "chunked"},
        {"HOST": "evil.example"},
        {"HOST": "testserver:1"},
    ],
    ids=str,
)
def test_whatever_is_not_listed_is_djangos_and_nothing_of_it_is_kept(request_, pages):
    answers = [pages.ask(**request_).headers.get("ETag") for _twice in "ab"]
    assert (answers, len(pages.asked), pages.cache._pages) == ([None, None], 2, {})


def test_a_host_nobody_named_is_refused_and_fills_no_memory(pages):
    assert [pages.ask(HOST=f"{number}.evil.example").status for number in range(3)] == [400] * 3
    assert pages.cache._pages == {}


@pytest.mark.usefixtures("_no_question_for_an_hour")
def test_scheme_and_host_are_part_of_what_is_kept(pages, settings):
    settings.ALLOWED_HOSTS = ["testserver", "other.example"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    pages.ask(), pages.ask(HOST="other.example"), pages.ask(X_FORWARDED_PROTO="https")
    assert [key[:2] for key in pages.cache._pages] == [
        ("http", "testserver"),
        ("http", "other.example"),
        ("https", "testserver"),
    ]


@pytest.mark.usefixtures("_no_question_for_an_hour")
def test_a_word_of_a_proxy_counts_only_where_there_is_one(pages):
    pages.ask(X_FORWARDED_PROTO="https")
    assert list(pages.cache._pages) == [("http", "testserver", "/why/")]


def test_on_https_the_redirect_from_http_is_kept_for_nobody(pages, settings):
    settings.SECURE_SSL_REDIRECT = True
    site_on_https = Site()
    assert [site_on_https.ask().status, site_on_https.ask(method="HEAD").status] == [301, 301]
    assert site_on_https.cache._pages == {}


@pytest.mark.parametrize("change", [("Set-Cookie", "a=1"), ("Cache-Control", "no-store")], ids=str)
def test_an_answer_with_a_cookie_or_that_may_not_be_kept_is_not(change, pages):
    django = pages.django

    def changed(environ, start_response):
        def start(status, headers, exc_info=None):
            start_response(status, [pair for pair in headers if pair[0] != change[0]] + [change])

        return django(environ, start)

    pages.django = changed
    assert ([pages.ask().status for _twice in "ab"], pages.cache._pages) == ([200, 200], {})


@pytest.mark.usefixtures("_no_question_for_an_hour")
def test_nothing_of_one_reader_reaches_the_next(pages):
    poisoned = pages.ask(
        ACCEPT_LANGUAGE="fr-CA", X_FORWARDED_HOST="evil.example", REFERER="https://evil.example/", USER_AGENT="evil"
    )
    assert (pages.heard, b"evil" in poisoned.body) == (["HTTP_HOST"], False)
    assert (pages.ask("/fr/why/").headers["Content-Language"], poisoned.headers["Content-Language"]) == ("fr-ca", "en")


@pytest.mark.usefixtures("_no_question_for_an_hour")
def test_the_policy_is_the_same_for_every_reader(pages):
    policies = {Site().ask().headers["Content-Security-Policy"] for _twice in "ab"}
    assert len(policies) == 1
    assert "nonce" not in policies.pop()


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", "identity"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.5, gzip;q=0.9", "gzip"),
        ("GZIP", "gzip"),
        ("*", "br"),
        ("*;q=0", "identity"),
        ("gzip;q=0.2, identity;q=0.8", "identity"),
        ("gzip;q=nonsense", "identity"),
        ("deflate", "identity"),
        (",", "identity"),
    ],
)
def test_a_reader_gets_the_smallest_encoding_they_take(accepted, encoding):
    assert page_cache.encoding_for(accepted) == encoding


@pytest.mark.usefixtures("_no_question_for_an_hour")
def test_each_encoding_says_the_same_words_under_an_etag_of_its_own(pages):
    plain, zipped, small = [pages.ask(ACCEPT_ENCODING=one) for one in ("", "gzip", "br")]
    assert gzip.decompress(zipped.body) == brotli.decompress(small.body) == plain.body
    assert len({one.headers["ETag"] for one in (plain, zipped, small)}) == 3
    assert [one.headers.get("Content-Encoding") for one in (plain, zipped, small)] == [None, "gzip", "br"]
    assert [one.headers["Content-Length"] for one in (plain, zipped, small)] == [
        str(len(one.body)) for one in (plain, zipped, small)
    ]
    assert {one.headers["Vary"] for one in (plain, zipped, small)} == {"Cookie, Accept-Encoding"}


@pytest.mark.usefixtures("_no_question_for_an_hour")
@pytest.mark.parametrize(
    ("wanted", "status"),
    [
        ("{etag}", 304),
        ("W/{etag}", 304),
        ('"other", {etag}', 304),
        ('"a,b" , W/{etag}', 304),
        ("*", 304),
        ('"other"', 200),
        ("nonsense", 200),
        ("", 200),
    ],
)
def test_who_has_the_page_is_told_so(wanted, status, pages):
    full = pages.ask(ACCEPT_ENCODING="gzip")
    answer = pages.ask(ACCEPT_ENCODING="gzip", IF_NONE_MATCH=wanted.format(etag=full.headers["ETag"]))
    assert (answer.status, answer.body) == (status, b"" if status == 304 else full.body)


@pytest.mark.usefixtures("_no_question_for_an_hour")
def test_304_says_what_200_says_but_for_the_body(pages):
    full = pages.ask()
    short = pages.ask(IF_NONE_MATCH=full.headers["ETag"], method="HEAD")
    of_the_body = {"Content-Type", "Content-Length", "Content-Language"}
    assert short.headers == {name: value for name, value in full.headers.items() if name not in of_the_body}


@pytest.mark.usefixtures("_no_question_for_an_hour")
def test_the_etag_of_one_encoding_is_none_of_another(pages):
    assert pages.ask(IF_NONE_MATCH=pages.ask(ACCEPT_ENCODING="br").headers["ETag"]).status == 200


@pytest.mark.usefixtures("_no_question_for_an_hour")
def test_head_says_what_get_says_and_makes_the_page_for_it(pages):
    head = pages.ask(method="HEAD")
    full = pages.ask()
    assert (head.status, head.headers, head.body) == (200, full.headers, b"")
    assert pages.asked == [("GET", "/why/")]


@pytest.mark.parametrize(
    ("path", "change", "seen"),
    [
        ("/why/", lambda: our_why().rewrite("# Edited", by=admin()), b"Edited"),
        ("/sources/", lambda: Statistic.objects.update(text="Another sentence"), b"Another sentence"),
        ("/people/", lambda: TeamMember.objects.update(role="Gardener"), b"Gardener"),
        (
            "/support/",
            lambda: SupportLine.objects.bulk_create([
                SupportLine(
                    slug="example", name="Example Line", country="Nowhere", reach="Knock", is_published=True,
                    link="https://line.example/", source_words="Knock.", checked_on=timezone.localdate(),
                )
            ]),
            b"Example Line",
        ),
    ],
    ids=["a text", "a figure", "a person", "a support line"],
)  # fmt: skip
def test_a_change_is_seen_when_the_second_is_over(path, change, seen, pages):
    assert seen not in pages.ask(path).body
    change()
    assert seen in pages.ask(path).body


@pytest.mark.usefixtures("_no_question_for_an_hour")
def test_whoever_has_a_session_sees_a_change_at_once_and_so_does_everybody_of_this_worker(pages):
    pages.ask()
    our_why().rewrite("# Edited", by=admin())
    assert b"Edited" not in pages.ask().body
    assert b"Edited" in pages.ask(COOKIE=f"{site.SESSION_COOKIE_NAME}=x").body
    assert b"Edited" in pages.ask().body


@pytest.mark.usefixtures("_no_question_for_an_hour")
def test_somebody_whose_consent_ends_today_is_gone_tomorrow_whatever_is_kept(pages, monkeypatch):
    TeamMember.objects.update(consent_until=easternmost_today())
    somebody = TeamMember.objects.first()
    assert somebody.name.encode() in pages.ask("/people/").body
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(days=1))
    assert somebody.name.encode() not in pages.ask("/people/").body


def test_home_counts_representatives_anew_after_a_second_though_its_words_are_the_same(pages):
    pages.ask("/"), pages.ask("/")
    assert pages.asked == [("GET", "/")] * 2


@pytest.mark.usefixtures("_no_question_for_an_hour")
@pytest.mark.parametrize(
    ("minutes", "said"),
    [(9, b"<h2>Next meeting"), (10, b"<h2>Happening now"), (99, b"<h2>Happening now"), (100, b"No meetings are")],
    ids=["before it begins", "when it begins", "before it ends", "when it is over"],
)
def test_home_says_at_the_minute_that_a_meeting_begins_and_ends_whatever_is_kept(minutes, said, pages, monkeypatch):
    make_meeting(10 / 60, minutes=90)
    now = timezone.now().replace(microsecond=0)
    pages.ask("/")
    for passed in (minutes - 1, minutes):
        monkeypatch.setattr(timezone, "now", lambda passed=passed: now + timedelta(minutes=passed, seconds=30))
        body = pages.ask("/").body
    assert said in body


@pytest.mark.usefixtures("_no_question_for_an_hour")
def test_home_is_made_once_until_then(pages):
    make_meeting(1)
    pages.ask("/"), pages.ask("/")
    assert (pages.asked, pages.ask("/").headers.keys() & {"Expires"}) == ([("GET", "/")], set())


@pytest.mark.usefixtures("_no_question_for_an_hour")
@pytest.mark.parametrize(
    ("form", "kept"),
    [(b'<form class="x" method="get" action="/representatives/">', 1), (b"<form>", 0), (b'<form method="post">', 0)],
)
def test_a_page_with_a_form_is_kept_only_where_the_form_is_a_search(form, kept, pages):
    def with_a_form(environ, start_response):
        start_response("200 OK", [("Cache-Control", "no-cache")])
        return [form]

    pages.django = with_a_form
    pages.ask()
    assert len(pages.cache._pages) == kept


@pytest.mark.usefixtures("_no_question_for_an_hour")
def test_one_rebuild_at_a_time_and_who_waited_takes_it(pages):
    pages.ask()  # the cache version is known, and no thread asks for it
    pages.cache._pages.clear(), pages.asked.clear()
    begun, go_on, ready = threading.Event(), threading.Event(), pages.django

    def slow(environ, start_response):
        begun.set()
        assert go_on.wait(60)
        start_response("200 OK", [("Cache-Control", "no-cache")])
        return [b"made once"]

    pages.django = slow
    bodies = []
    readers = [threading.Thread(target=lambda: bodies.append(pages.ask().body)) for _each in range(4)]
    for reader in readers:
        reader.start()
    assert begun.wait(60)
    go_on.set()
    for reader in readers:
        reader.join()
    pages.django = ready
    assert (bodies, pages.asked) == ([b"made once"] * 4, [("GET", "/why/")])


def test_while_the_database_says_nothing_django_answers(pages, monkeypatch):
    pages.ask()

    def away(**_how):
        raise DatabaseError

    monkeypatch.setattr(page_cache, "cache_version_lately", away)
    assert (pages.ask().headers.get("ETag"), len(pages.asked)) == (None, 2)


@pytest.mark.usefixtures("_no_question_for_an_hour")
def test_there_are_only_so_many_keys(pages):
    for path in ("/why/", "/fr/why/", "/nothing/", "//", "/why/../why/"):
        pages.ask(path), pages.ask(path, query="a=1"), pages.ask(path, HOST="x.example")
    assert sorted(key[2] for key in pages.cache._pages) == ["/fr/why/", "/why/"]


def test_a_kept_page_is_still_html_that_can_be_read(pages):
    assert Page(pages.ask("/").body.decode()).one(tag="h1")["tag"] == "h1"
