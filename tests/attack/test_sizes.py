"""The site answers a request over its size limits with its own error page, and doesn't read it into memory."""

from s4jr.security.request_validation import BODY_AT_MOST
from tests.attack import wire
from tests.attack.sizes import MEGABYTE, resident

FORM = (b"Content-Type", b"application/x-www-form-urlencoded")


def post(site, *headers, body=b"", target=b"/join/"):
    host = (b"Host", b"127.0.0.1:%d" % site.port)
    return wire.request(b"POST", target, [host, FORM, *headers, (b"Connection", b"close")], body)


def length(count):
    return b"Content-Length", b"%d" % count


def test_a_large_content_length_is_answered_before_the_body_arrives(site):
    status, came = wire.answer(site.port, post(site, length(BODY_AT_MOST + 1)))
    assert (status, b'href="/exit/"' in came) == (413, True)


def test_a_complete_large_form_gets_the_error_page_too(site):
    status, came = wire.answer(site.port, post(site, length(BODY_AT_MOST + 1), body=b"a" * (BODY_AT_MOST + 1)))
    assert (status, b'href="/exit/"' in came) == (413, True)


def test_memory_stays_flat_under_large_forms(site, size, at_once, tell):
    kinds = [
        post(site, length(2 * MEGABYTE), body=b"a" * (2 * MEGABYTE)),
        post(site, length(BODY_AT_MOST), body=b"a=1&" * (BODY_AT_MOST // 4)),
        post(site, (b"Transfer-Encoding", b"chunked"), body=chunked(8 * MEGABYTE)),
        post(site, length(10_000_000_000), body=b"a" * MEGABYTE),
    ]
    count = size(5, 250)
    at_once(lambda request: wire.ask(site.port, request), kinds * 3)
    before = resident(site)

    statuses = at_once(lambda request: wire.ask(site.port, request), kinds * count)

    grown = (resident(site) - before) / MEGABYTE
    tell(f"{len(statuses)} forms of up to 8 MB, statuses {sorted(set(statuses))}, memory grew by {grown:.1f} MB")
    assert max(statuses) < 500
    assert grown < 40


def chunked(count):
    """Yields `count` bytes in chunks of 64 KB, without a Content-Length."""
    piece = b"10000\r\n" + b"a" * 65536 + b"\r\n"
    return piece * (count // 65536) + b"0\r\n\r\n"
