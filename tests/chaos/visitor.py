"""A person with the join form open in a browser that keeps only a cookie."""

import time
from http.client import HTTPConnection
from urllib.parse import urlencode

from tests.reading import Page

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Visitor:
    """`met` lists the statuses of the responses to Send; `oddities` lists what a page lacked."""

    def __init__(self, port, number):
        self.port, self.number, self.met, self.oddities, self.cookie = port, number, [], [], ""
        status, headers, page = self._ask("GET")
        assert status == 200
        self.opened_at = time.monotonic()
        self.cookie = headers["Set-Cookie"].partition(";")[0]
        hidden = {field["name"]: field["value"] for field in page.all(tag="input", type="hidden")}
        self.typed = {
            **hidden, "name": f"Testperson {number}", "contact": "yes", "email": f"person{number}@mailbox.example",
            "agreement": "on", "consent": "on", "step": "send",
            "message": f'What person {number} wrote: a "heron" & <reeds>.',
        }  # fmt: skip

    def press(self, typed=None):
        """Selects Send, or the button of the page that came instead.

        Returns the form to send next, or None when done.
        """
        typed = typed or self.typed
        status, headers, page = self._ask("POST", urlencode(typed))
        self.met.append(status)
        if status != 503:
            return None
        held = {field["name"]: field["value"] for field in page.all(tag="input")}
        for name, is_right in self._inspect_page(held, headers, page):
            if not is_right:
                self.oddities.append(name)
        return held

    def _inspect_page(self, held, headers, page):
        links = [link["href"] for link in page.all(tag="a")]
        return [
            ("what was typed", held == self.typed),
            ("when to try again", headers["Retry-After"] == "10"),
            ("nothing in the browser", (headers["Cache-Control"], headers["Set-Cookie"]) == ("no-store", None)),
            ("exit and support", {"/exit/", "/support/"} <= set(links)),
        ]

    def _ask(self, method, body=None):
        wire = HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {**FORM, "Origin": f"http://127.0.0.1:{self.port}"} if body else {}
        wire.request(method, "/join/", body, {**headers, "Cookie": self.cookie})
        answer = wire.getresponse()
        page = Page(answer.read().decode())
        wire.close()
        return answer.status, answer.headers, page
