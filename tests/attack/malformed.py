"""Requests that no browser sends, drawn from a seed: the same seed draws the same requests."""

import random
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.attack import wire

FORM = b"application/x-www-form-urlencoded"
BOUNDARY = b"XbX"
_SHORT = b"""
    %00 \\0 %ff%fe %c3%28 %ed%a0%80 %f0%9f %2e%2e%2f % %zz %u0000 %0d%0aX-A:1 %e2%80%ae '%22-- {{7*7}}
    $%7bjndi:x%7d %252e -1 1e999 NaN %d9%a1%d9%a2 %c2%b2 [] null 2026-02-30 0001-01-01 9999-12-31 %26%23x ZZ-ZZ
""".split()
PIECES = [*_SHORT, b"A" * 300, b"9" * 40]
NAMES = b"""
    name email contact agreement consent country region chapter form_token message place q page p o e all status
    next code word do login password topic words _changelist_filters _popup _to_field action _selected_action
    id__exact pk created_at__gte from kind zone who credential csrfmiddlewaretoken object_id app_label model_name
    field_name term step show near language month day
""".split()
CHARSETS = [
    b"utf-7", b"utf-16", b"utf-32", b"idna", b"punycode", b"rot13", b"base64", b"hex", b"zlib", b"undefined", b"mbcs",
    b"unicode_escape", b"raw_unicode_escape", b"iso-2022-jp", b"cp037", b"latin-1", b"\"utf-8\\\"", b"", b"x" * 90,
]  # fmt: skip
METHODS = [b"HEAD", b"OPTIONS", b"PUT", b"DELETE", b"PATCH", b"TRACE", b"PROPFIND", b"get", b"BREW", b"POST", b"A" * 60]
HOSTS = [
    b"other.example",
    b"127.0.0.1:1",
    b"",
    b"a\\b",
    b"[::1",
    b"localhost:99999",
    b"127.0.0.1@other.example",
    b"..",
    b"\xff.example",
]
CONTENT_TYPES = [
    b"multipart/form-data", b"multipart/form-data; boundary=", b"multipart/form-data; boundary=" + b"b" * 300,
    b"multipart/form-data; boundary=\xff", b"application/json", b"text/plain; charset=utf-7", b"", b";;;", b"a" * 500,
    b"application/x-www-form-urlencoded; charset", b"multipart/mixed; boundary=XbX",
    FORM + b"; charset*=zlib''a", FORM + b"; charset*=x''%ff", FORM + b"; charset=a\x01b",
    FORM + b"; charset*0=u; charset*1=7",
]  # fmt: skip


@dataclass
class Request:
    """A request that the spoilers change before it is sent."""

    target: bytes
    host: bytes
    method: bytes = b"GET"
    query: bytes = b""
    headers: list = field(default_factory=list)
    content_type: bytes = FORM
    body: bytes = b""
    length: bytes | None = None
    cookies: list = field(default_factory=list)

    @property
    def promises_more(self):
        return self.length is not None

    def as_bytes(self):
        target = self.target + (b"?" + self.query if self.query else b"")
        cookies = [(b"Cookie", b"; ".join(self.cookies))] if self.cookies else []
        headers = [(b"Host", self.host), *cookies, *self.headers, (b"Connection", b"close")]
        if self.body or self.method == b"POST":
            length = b"%d" % len(self.body) if self.length is None else self.length
            headers += [(b"Content-Type", self.content_type), (b"Content-Length", length)]
        return wire.request(self.method, target, headers, self.body)


class DrawnRequest(NamedTuple):
    what: str
    sent: bytes
    #: Whether it announces more bytes than it sends: the server waits for them until we hang up.
    promises_more: bool


class Spoiler:
    """Draws requests to `addresses` of the site at `origin`.

    `jars` are the cookie headers of signed-in users.
    """

    def __init__(self, seed, addresses, origin, jars):
        self.draw = random.Random(seed)
        self.addresses, self.origin, self.jars = list(addresses), origin.encode(), jars
        self.host = self.origin.partition(b"://")[2]

    def requests(self, count):
        """Draws `count` requests: each URL in turn, each spoiled in one to three ways."""
        self.draw.shuffle(self.addresses)
        for number in range(count):
            request = self._whole(self.addresses[number % len(self.addresses)])
            ways = list(dict.fromkeys(self.draw.choices(WAYS, WEIGHTS, k=self.draw.choice([1, 1, 2, 3]))))
            for way in ways:
                way(self, request)
            what = f"{', '.join(way.__name__.strip('_') for way in ways)} at {request.target[:90]!r}"
            yield DrawnRequest(what, request.as_bytes(), request.promises_more)

    def _whole(self, address):
        """Draws a request as a browser sends it: a GET, or a form with its token, signed in or not."""
        request = Request(address.encode(), self.host)
        jar = self.draw.choice([*self.jars, {}])
        token = jar.get("csrftoken", "c" * 32)
        request.cookies = [f"{name}={value}".encode() for name, value in ({"csrftoken": token} | jar).items()]
        if self.draw.random() < 0.6:
            request.method = b"POST"
            request.headers.append((b"Origin", self.origin))
            request.body = b"csrfmiddlewaretoken=" + token.encode() + b"&" + self._pairs(4)
        return request

    def _pairs(self, count):
        draw = self.draw
        values = [b"yes", b"x", b"1", b"a%40mailbox.example", *PIECES[1:]]
        return b"&".join(draw.choice(NAMES) + b"=" + draw.choice(values) for _ in range(draw.randint(0, count)))

    # --- ways to spoil a request

    def _nul_in_the_path(self, request):
        at = self.draw.randint(1, len(request.target))
        request.target = request.target[:at] + b"%00" + request.target[at:]

    def _broken_path(self, request):
        parts = request.target.split(b"/")
        at = self.draw.randrange(len(parts))
        parts[at] = self.draw.choice(PIECES) if self.draw.random() < 0.7 else parts[at] + self.draw.choice(PIECES)
        request.target = b"/" + b"/".join(parts).lstrip(b"/")

    def _overlong_path(self, request):
        request.target += self.draw.choice([b"a", b"a/", b"%2f", b"../"]) * self.draw.choice([300, 3000, 20000])

    def _raw_path(self, request):
        request.target += self.draw.choice([b"\xff", b"\xc3\xa9", b"\x00", b"\t", b"#x", b"\\", b"//"])

    def _other_target(self, request):
        request.target = self.draw.choice(
            [b"*", b"//other.example/", b"http://other.example/", b"other.example:443", b"."]
        )

    def _query(self, request):
        request.query = self._pairs(8)

    def _nul_in_the_query(self, request):
        request.query = self.draw.choice(NAMES) + b"=%00" + b"&" + self._pairs(2)

    def _deep_query(self, request):
        deep = [b"a[b]" * 500, b"&" * 3000, b"a=1&" * 3000, b"q=" + b"(" * 5000, b"__".join([b"member"] * 200) + b"=1"]
        request.query = self.draw.choice(deep)

    def _form(self, request):
        self._post(request, self._pairs(20))

    def _nul_in_the_form(self, request):
        self._post(
            request, request.body + b"&" + self.draw.choice(NAMES) + self.draw.choice([b"=a%00b", b"%00=a", b"=\x00"])
        )

    def _many_fields(self, request):
        self._post(request, b"a=1&" * self.draw.choice([101, 1000, 5000]))

    def _charset(self, request):
        self._post(request, request.body or self._pairs(5))
        request.content_type = FORM + b"; charset=" + self.draw.choice(CHARSETS)

    def _content_type(self, request):
        self._post(request, request.body or self._pairs(5))
        request.content_type = self.draw.choice(CONTENT_TYPES)

    def _multipart(self, request):
        heads = [
            b'Content-Disposition: form-data; name="%s"' % self.draw.choice(NAMES),
            b'Content-Disposition: form-data; name="f"; filename="%s"' % self.draw.choice(PIECES),
            b"Content-Disposition: form-data; name*=utf-7''x",
            b"Content-Disposition: form-data; name=\"a\"\r\nContent-Transfer-Encoding: base64",
            b"Content-Disposition: \xff", b"", b"X" * 2000,
            b"Content-Type: text/plain; charset=" + self.draw.choice(CHARSETS),
        ]  # fmt: skip
        parts = [
            self.draw.choice(heads) + b"\r\n\r\n" + self.draw.choice(PIECES) for _ in range(self.draw.randint(0, 4))
        ]
        end = self.draw.choice([b"--", b"", b"--\r\n"])
        body = b"".join(b"--" + BOUNDARY + b"\r\n" + part + b"\r\n" for part in parts) + b"--" + BOUNDARY + end
        self._post(request, body[: self.draw.choice([len(body), len(body) // 2])])
        request.content_type = b"multipart/form-data; boundary=" + BOUNDARY

    def _length(self, request):
        self._post(request, request.body)
        request.length = self.draw.choice(
            [b"-1", b"x", b"", b"0", b"99999999999999999999", b"1", b"1, 2", b"0x10", b"+5"]
        )

    def _large(self, request):
        self._post(request, b"message=" + b"a" * self.draw.choice([66_000, 300_000]))

    def _headers(self, request):
        value = self.draw.choice([b"\xff\xfe", b"%00", b"\x00", b"a" * 9000, b"\xc3\xa9", b"'", b"", b"\x7f"])
        names = [
            b"X-A",
            b"Accept-Language",
            b"User-Agent",
            b"Referer",
            b"X-Forwarded-For",
            b"X-Requested-With",
            b"Accept",
        ]
        request.headers += [(self.draw.choice(names), value)] * self.draw.choice([1, 1, 3, 90])

    def _giant_header(self, request):
        request.headers.append((b"X-Giant", b"a" * self.draw.choice([9_000, 70_000, 500_000])))

    def _cookies(self, request):
        names = [b"csrftoken", b"session", b"messages", b"joined", b"a", b"__Host-session", b"details"]
        values = [b"\xff", b"%00", b"\x00", b"a" * 5000, b"=;=", b'"\\"', b"..:..", b"eyJ9:x:y", b"",
                  b'"aaaaaaaa\\000"', b'"\\377\\000aaaaaaaaa"']  # fmt: skip
        request.cookies = [
            self.draw.choice(names) + b"=" + self.draw.choice(values) for _ in range(self.draw.choice([1, 2, 80]))
        ]

    def _host(self, request):
        request.host = self.draw.choice(HOSTS)

    def _method(self, request):
        request.method = self.draw.choice(METHODS)

    def _foreign_token(self, request):
        tokens = [b"", b"x" * 32, b"x" * 64, b"%00", b"%ff" * 32, b"x" * 9999]
        request.method, request.body = b"POST", b"csrfmiddlewaretoken=" + self.draw.choice(tokens)

    def _origin(self, request):
        origins = [
            b"null",
            b"https://other.example",
            b"http://",
            b"\xff",
            b"http://[",
            b"a" * 3000,
            b"http://127.0.0.1:x",
        ]
        request.headers = [(self.draw.choice([b"Origin", b"Referer"]), self.draw.choice(origins))]

    def _conditions(self, request):
        names = [
            b"Range",
            b"If-None-Match",
            b"If-Modified-Since",
            b"If-Range",
            b"Accept-Encoding",
            b"Expect",
            b"Upgrade",
        ]
        values = [
            b"bytes=-1", b"bytes=9-1", b"bytes=0-0,1-1,2-2", b"bytes=x", b'W/"', b"*", b'"' + b"a" * 3000, b"\xff",
            b"Thu, 99 Foo 99999 99:99:99 GMT", b"100-continue", b"gzip;q=x,br;q=", b"h2c", b"0",
        ]  # fmt: skip
        request.headers.append((self.draw.choice(names), self.draw.choice(values)))

    def _post(self, request, body):
        """Usually includes a valid CSRF token: the site refuses other forms before it reads them."""
        token = [cookie[10:] for cookie in request.cookies if cookie.startswith(b"csrftoken=")]
        given = b"csrfmiddlewaretoken=" + token[0] + b"&" if token and FORM in request.content_type else b""
        request.method, request.body = b"POST", body if body.startswith(given) else given + body
        if (b"Origin", self.origin) not in request.headers:
            request.headers.append((b"Origin", self.origin))


NO_WAY = {"_whole", "_pairs", "_post"}
WAYS = [way for name, way in vars(Spoiler).items() if name[0] == "_" != name[1] and name not in NO_WAY]
#: Draws these more often than the ways that middleware refuses before any view runs.
REACHES_A_VIEW = {"_form", "_query", "_headers", "_conditions", "_broken_path", "_multipart"}
WEIGHTS = [6 if way.__name__ in REACHES_A_VIEW else 1 for way in WAYS]
