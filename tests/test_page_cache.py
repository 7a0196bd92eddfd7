"""The page cache: the same page for everyone, never older than a second, and never a personal page."""

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
from pages.services import show_person_again, take_down
from pages.urls import urlpatterns
from s4jr import page_cache
from s4jr.content.models import TextBlock
from s4jr.content.services import rewrite_text
from s4jr.days import easternmost_today
from s4jr.page_cache import PageCache
from s4jr.security.quick_exit import exit_cookie
from s4jr.wsgi import application
from tests import cast, make
from tests.chapters.meetings.meetings import make_meeting
from tests.make import admin
from tests.reading import Page

pytestmark = pytest.mark.django_db
HOUR = 3600


class Answered:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = int(status[:3]), dict(headers), body
        names = [name for name, _value in headers if name != "Set-Cookie"]
        assert sorted(names) == sorted({*names})


class Site:
    """The site behind its own cache; `asked` lists the requests that reached Django, as (method, path)."""

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
    """As with Django's test client: each test is one transaction, and closing the connection would end it."""
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


def test_the_wsgi_application_is_the_page_cache():
    assert type(application) is PageCache


def test_it_caches_the_reading_pages_in_every_language():
    others = {"team_member_photo", "styleguide"}  # a photo, and a page for admins
    assert set(page_cache.PAGES) == {route.name for route in urlpatterns} - others
    names = {"home": "/", "why": "/why/"}
    kept = page_cache.reading_addresses()
    assert {name: {at for at, whose in kept.items() if whose == name} for name in names} == {
        "home": {"/", "/fr/", "/es/"},
        "why": {"/why/", "/fr/why/", "/es/why/"},
    }


@pytest.mark.usefixtures("_no_question_for_an_hour")
@pytest.mark.parametrize("name", page_cache.PAGES)
def test_a_page_is_rendered_once_without_post_forms_and_a_hit_takes_no_queries(name, pages, django_assert_num_queries):
    first = pages.ask(reverse(name))
    with django_assert_num_queries(0):
        second = pages.ask(reverse(name))
    assert (second.status, second.headers, second.body) == (first.status, first.headers, first.body)
    assert (len(pages.asked), page_cache.FORM_THAT_SENDS.findall(second.body)) == (1, [])


def test_after_a_second_a_hit_takes_one_query(pages, django_assert_num_queries):
    pages.ask()
    with django_assert_num_queries(1):
        pages.ask()
    assert len(pages.asked) == 1


@pytest.mark.parametrize(("seconds", "looks"), [(HOUR, 0), (0, 1)])
def test_a_hit_closes_old_connections_only_before_a_query(seconds, looks, pages, settings, monkeypatch):
    settings.CACHE_VERSION_SECONDS, looked = HOUR, []
    pages.ask()
    settings.CACHE_VERSION_SECONDS = seconds
    monkeypatch.setattr(page_cache, "close_old_connections", lambda: looked.append(1))
    pages.ask()
    assert len(looked) == looks


def test_a_cached_page_is_djangos_response_without_the_request_number(pages, client):
    mine, plain = pages.ask(), client.get("/why/")
    assert mine.body == plain.content
    own = {"ETag", "Vary"}
    assert {name: value for name, value in mine.headers.items() if name not in own} == {
        **{name: value for name, value in plain.headers.items() if name not in {"X-Request-Number", "Vary"}},
        "Content-Length": str(len(plain.content)),
    }


@pytest.mark.usefixtures("_no_question_for_an_hour")
@pytest.mark.parametrize("cookie", ["{session}=x", "{left}=1", "other=1; {session}=x", "anything=1"])
def test_a_request_with_a_cookie_bypasses_the_cache(cookie, pages):
    pages.ask()
    pages.ask(COOKIE=cookie.format(session=site.SESSION_COOKIE_NAME, left=exit_cookie()))
    assert len(pages.asked) == 2


@pytest.mark.usefixtures("_no_question_for_an_hour")
def test_the_neutral_page_after_exit_is_not_cached(pages):
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
def test_other_requests_go_to_django_and_are_not_cached(request_, pages):
    answers = [pages.ask(**request_).headers.get("ETag") for _twice in "ab"]
    assert (answers, len(pages.asked), pages.cache._pages) == ([None, None], 2, {})


def test_an_unknown_host_is_refused_and_not_cached(pages):
    assert [pages.ask(HOST=f"{number}.evil.example").status for number in range(3)] == [400] * 3
    assert pages.cache._pages == {}


@pytest.mark.usefixtures("_no_question_for_an_hour")
def test_scheme_and_host_are_part_of_the_key(pages, settings):
    settings.ALLOWED_HOSTS = ["testserver", "other.example"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    pages.ask(), pages.ask(HOST="other.example"), pages.ask(X_FORWARDED_PROTO="https")
    assert [key[:2] for key in pages.cache._pages] == [
        ("http", "testserver"),
        ("http", "other.example"),
        ("https", "testserver"),
    ]


@pytest.mark.usefixtures("_no_question_for_an_hour")
def test_proxy_headers_count_only_behind_a_proxy(pages):
    pages.ask(X_FORWARDED_PROTO="https")
    assert list(pages.cache._pages) == [("http", "testserver", "/why/")]


def test_the_redirect_to_https_is_not_cached(pages, settings):
    settings.SECURE_SSL_REDIRECT = True
    site_on_https = Site()
    assert [site_on_https.ask().status, site_on_https.ask(method="HEAD").status] == [301, 301]
    assert site_on_https.cache._pages == {}


@pytest.mark.parametrize("change", [("Set-Cookie", "a=1"), ("Cache-Control", "no-store")], ids=str)
def test_a_response_with_a_cookie_or_no_store_is_not_cached(change, pages):
    django = pages.django

    def changed(environ, start_response):
        def start(status, headers, exc_info=None):
            start_response(status, [pair for pair in headers if pair[0] != change[0]] + [change])

        return django(environ, start)

    pages.django = changed
    assert ([pages.ask().status for _twice in "ab"], pages.cache._pages) == ([200, 200], {})


@pytest.mark.usefixtures("_no_question_for_an_hour")
def test_request_headers_of_one_reader_do_not_reach_the_next(pages):
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
def test_a_reader_gets_the_smallest_accepted_encoding(accepted, encoding):
    assert page_cache.encoding_for(accepted) == encoding


@pytest.mark.usefixtures("_no_question_for_an_hour")
def test_each_encoding_has_the_same_content_and_its_own_etag(pages):
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
def test_a_matching_etag_gets_304(wanted, status, pages):
    full = pages.ask(ACCEPT_ENCODING="gzip")
    answer = pages.ask(ACCEPT_ENCODING="gzip", IF_NONE_MATCH=wanted.format(etag=full.headers["ETag"]))
    assert (answer.status, answer.body) == (status, b"" if status == 304 else full.body)


@pytest.mark.usefixtures("_no_question_for_an_hour")
def test_304_has_the_headers_of_200_except_those_of_the_body(pages):
    full = pages.ask()
    short = pages.ask(IF_NONE_MATCH=full.headers["ETag"], method="HEAD")
    of_the_body = {"Content-Type", "Content-Length", "Content-Language"}
    assert short.headers == {name: value for name, value in full.headers.items() if name not in of_the_body}


@pytest.mark.usefixtures("_no_question_for_an_hour")
def test_the_etag_of_one_encoding_does_not_match_another(pages):
    assert pages.ask(IF_NONE_MATCH=pages.ask(ACCEPT_ENCODING="br").headers["ETag"]).status == 200


@pytest.mark.usefixtures("_no_question_for_an_hour")
def test_head_has_the_headers_of_get_and_fills_the_cache(pages):
    head = pages.ask(method="HEAD")
    full = pages.ask()
    assert (head.status, head.headers, head.body) == (200, full.headers, b"")
    assert pages.asked == [("GET", "/why/")]


@pytest.mark.parametrize(
    ("path", "change", "seen"),
    [
        ("/why/", lambda: rewrite_text(our_why(), "# Edited", by=admin()), b"Edited"),
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
def test_a_change_is_visible_after_a_second(path, change, seen, pages):
    assert seen not in pages.ask(path).body
    change()
    assert seen in pages.ask(path).body


@pytest.mark.parametrize("path", ["/", "/people/", "/press/"])
def test_a_person_who_is_taken_down_is_gone_from_the_cache_and_back_after_the_undo(path, pages):
    somebody, ada = TeamMember.objects.get(name="Marlee Liss"), admin()
    assert somebody.name.encode() in pages.ask(path).body
    take_down(somebody, by=ada)
    assert somebody.name.encode() not in pages.ask(path).body
    show_person_again(somebody, by=ada)
    assert somebody.name.encode() in pages.ask(path).body


@pytest.mark.usefixtures("_no_question_for_an_hour")
def test_a_session_sees_a_change_at_once_and_then_every_reader_of_this_worker_does(pages):
    pages.ask()
    rewrite_text(our_why(), "# Edited", by=admin())
    assert b"Edited" not in pages.ask().body
    assert b"Edited" in pages.ask(COOKIE=f"{site.SESSION_COOKIE_NAME}=x").body
    assert b"Edited" in pages.ask().body


@pytest.mark.usefixtures("_no_question_for_an_hour")
def test_a_person_whose_consent_ends_today_is_gone_tomorrow_despite_the_cache(pages, monkeypatch):
    TeamMember.objects.update(consent_until=easternmost_today())
    somebody = TeamMember.objects.first()
    assert somebody.name.encode() in pages.ask("/people/").body
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(days=1))
    assert somebody.name.encode() not in pages.ask("/people/").body


def test_home_counts_representatives_again_after_a_second_without_an_edit(pages):
    pages.ask("/"), pages.ask("/")
    assert pages.asked == [("GET", "/")] * 2


@pytest.mark.usefixtures("_no_question_for_an_hour")
@pytest.mark.parametrize(
    ("minutes", "said"),
    [(9, b"<h2>Next meeting"), (10, b"<h2>Happening now"), (99, b"<h2>Happening now"), (100, b"No meetings are")],
    ids=["before it begins", "when it begins", "before it ends", "when it is over"],
)
def test_home_shows_the_start_and_end_of_a_meeting_on_time_despite_the_cache(minutes, said, pages, monkeypatch):
    make_meeting(10 / 60, minutes=90)
    now = timezone.now().replace(microsecond=0)
    pages.ask("/")
    for passed in (minutes - 1, minutes):
        monkeypatch.setattr(timezone, "now", lambda passed=passed: now + timedelta(minutes=passed, seconds=30))
        body = pages.ask("/").body
    assert said in body


@pytest.mark.usefixtures("_no_question_for_an_hour")
def test_home_is_rendered_once_until_then(pages):
    make_meeting(1)
    pages.ask("/"), pages.ask("/")
    assert (pages.asked, pages.ask("/").headers.keys() & {"Expires"}) == ([("GET", "/")], set())


@pytest.mark.usefixtures("_no_question_for_an_hour")
@pytest.mark.parametrize(
    ("form", "kept"),
    [(b'<form class="x" method="get" action="/representatives/">', 1), (b"<form>", 0), (b'<form method="post">', 0)],
)
def test_a_page_with_a_form_is_cached_only_if_the_form_is_a_search(form, kept, pages):
    def with_a_form(environ, start_response):
        start_response("200 OK", [("Cache-Control", "no-cache")])
        return [form]

    pages.django = with_a_form
    pages.ask()
    assert len(pages.cache._pages) == kept


@pytest.mark.usefixtures("_no_question_for_an_hour")
def test_one_request_renders_and_waiting_requests_use_its_result(pages):
    pages.ask()  # loads the cache version, so that no thread queries it
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


def test_during_a_database_outage_django_answers(pages, monkeypatch):
    pages.ask()

    def away(**_how):
        raise DatabaseError

    monkeypatch.setattr(page_cache, "cache_version_lately", away)
    assert (pages.ask().headers.get("ETag"), len(pages.asked)) == (None, 2)


@pytest.mark.usefixtures("_no_question_for_an_hour")
def test_the_number_of_keys_is_limited(pages):
    for path in ("/why/", "/fr/why/", "/nothing/", "//", "/why/../why/"):
        pages.ask(path), pages.ask(path, query="a=1"), pages.ask(path, HOST="x.example")
    assert sorted(key[2] for key in pages.cache._pages) == ["/fr/why/", "/why/"]


def test_a_cached_page_is_valid_html(pages):
    assert Page(pages.ask("/").body.decode()).one(tag="h1")["tag"] == "h1"


def test_it_holds_no_page_of_the_admin_and_nothing_of_a_signed_in_user(pages, client):
    make.signed_in_staff(client, "ada")
    record = reverse("admin:members_member_change", args=[cast.waiting().pk])
    private = [reverse("admin:index"), reverse("admin:members_member_changelist"), record]
    cookie = "; ".join(f"{name}={one.value}" for name, one in client.cookies.items())
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)  # the test client connected it again
    own = [pages.ask(path, COOKIE=cookie) for path in (*private, "/why/", "/people/")]
    assert ([answer.status for answer in own], b"Edit this" in own[3].body) == ([200] * 5, True)
    assert (pages.cache._pages, ["no-store" in answer.headers["Cache-Control"] for answer in own]) == ({}, [True] * 5)
    assert [pages.ask(path).status for path in private] == [302] * 3
    assert b"Edit this" not in pages.ask("/why/").body
    assert [path for _scheme, _host, path in pages.cache._pages] == ["/why/"]
