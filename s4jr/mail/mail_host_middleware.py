"""The neutral host of email links serves only what emails need; everything else is 404 there."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port

from s4jr.language import LANGUAGES_BY_PREFIX

ANSWERED = (
    "join/confirm/",
    "my-details/",
    "contact/answer/",
    "representatives/answer/",
    "desk/renew/",
    "meetings/coming/",
    "meetings/in/",
    "calendar/",
    "unsubscribe/",
    "exit/",
    "static/",
)
SAME_PAGE = ("robots.txt", "healthz")


def is_mail_host(host: str) -> bool:
    """Whether this is the host of EMAIL_LINK_URL and not the site's own, however a request spells it.

    A port, upper case and the trailing dot of a fully qualified name (RFC 1034, 3.1) mean the same machine. A subdomain
    of it is not the site's host either, unless it is the site's own.
    """
    emails, site = urlsplit(settings.EMAIL_LINK_URL), urlsplit(settings.SITE_URL)
    if emails.hostname == site.hostname:  # on one machine only the port differs
        return emails.netloc != site.netloc and host.lower() == emails.netloc.lower()
    name = split_domain_port(host)[0]
    return name != site.hostname and f".{name}".endswith(f".{emails.hostname}")


class MailHostMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_mail_host(request.get_host()) and not self._answered(request.path_info):
            return HttpResponse("Nothing here.\n", status=404, content_type="text/plain; charset=utf-8")
        return self.get_response(request)

    def _answered(self, path):
        prefix, _, rest = path.lstrip("/").partition("/")
        page = rest if prefix in LANGUAGES_BY_PREFIX else path.lstrip("/")
        return page.startswith(ANSWERED) or page in SAME_PAGE
