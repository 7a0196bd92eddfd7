"""Finds views that answer a successful POST with a page: a reload of that page would submit the form again.

`pages_after_changes()` watches every test client. Each response that it records is a bug or is in `SHOWN_ONCE`.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from django.db import connections
from django.test import Client

WRITES = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)', re.IGNORECASE)
#: Tables that the site writes besides the change that the user asked for.
BESIDE = {
    "accounts_session", "security_ratelimit", "audit_accesslog", "audit_accesslogcheckpoint", "mail_heartbeat",
    "django_admin_log",
}  # fmt: skip
#: {URL name: reason} of the pages that answer a POST on purpose.
SHOWN_ONCE = {
    "admin:accounts_user_recover": "an invitation link is a secret that is kept as a hash",
    "admin:accounts_user_new_link": "an invitation link is a secret that is kept as a hash",
    "admin:chapters_representative_invite": "an invitation link is a secret that is kept as a hash",
    "admin:chapters_representative_add": "the same, for someone who has no account yet",
    "admin:chapters_volunteeroffer_open_chapter": "the same, for someone who is never emailed",
    "unsubscribe": "a mail program's one click: RFC 8058, 3.1 forbids a redirect",
}


@contextmanager
def pages_after_changes() -> Iterator[list[tuple[str, tuple[str, ...]]]]:
    """Yield a list that grows by (URL name, tables) with each POST that changed other tables and returned 200."""
    noted, ask = [], Client.request

    def request(client, **environ):
        if environ.get("REQUEST_METHOD") != "POST":
            return ask(client, **environ)
        tables = set()
        with connections["default"].execute_wrapper(_noting(tables)):
            response = ask(client, **environ)
        if tables - BESIDE and response.status_code == HTTPStatus.OK:
            name = getattr(response.resolver_match, "view_name", environ["PATH_INFO"])
            noted.append((name, tuple(sorted(tables - BESIDE))))
        return response

    Client.request = request
    try:
        yield noted
    finally:
        Client.request = ask


def _noting(tables):
    def execute(run, sql, params, many, context):
        result = run(sql, params, many, context)
        if (write := WRITES.match(sql)) and context["cursor"].rowcount:
            tables.add(write[1])
        return result

    return execute
