"""Crawls the site as a user who clicks everything once: each link, and each button of each form as rendered.

Every click happens in a savepoint that is rolled back, so that no click affects another; the crawl needs neither
browser nor server. A `Shown` is one page as one user saw it.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from http import HTTPStatus
from urllib.parse import urldefrag, urljoin

from django.db import transaction
from django.urls import Resolver404, resolve
from django.utils.translation import get_language

from tests.reading import VOID

VISITS_OF_ONE_ROUTE = 2


@dataclass
class Shown:
    """The `html` that `who` saw at `path`; `state` distinguishes pages with the same URL."""

    who: str
    path: str
    state: str
    status: int
    html: str
    headers: dict
    route: str

    def __str__(self):
        return f"{self.who} {self.path} ({self.state})"


@dataclass
class Form:
    action: str
    method: str
    fields: dict = field(default_factory=dict)
    buttons: list = field(default_factory=list)

    def actions(self):
        return [elsewhere or self.action for _, _, elsewhere in self.buttons or [(None, None, None)]]


class Ways(HTMLParser):
    """The links and forms of an HTML page, with the initial values of each form."""

    def __init__(self, html):
        super().__init__()
        self.links, self.forms, self.by_id, self.form, self.text_of = [], [], {}, None, None
        self.feed(html)

    def presses(self, path):
        """Return the view names of its form actions, which distinguish the states of a page."""
        inside = [inside_site(path, action) for form in self.forms for action in form.actions()]
        return frozenset(route_of(where or path) for where in inside)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "a" and attrs.get("href"):
            self.links.append(attrs["href"])
        elif tag == "form":
            self.form = Form(attrs.get("action") or "", attrs.get("method", "get").lower())
            self.forms.append(self.form)
            self.by_id[attrs.get("id")] = self.form
        elif tag in ("input", "button"):
            self._control(tag, attrs)

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None

    def _control(self, tag, attrs):
        form = self.by_id.get(attrs.get("form"), self.form)
        kind = attrs.get("type") or ("submit" if tag == "button" else "text")
        if form is None or kind in ("file", "reset", "button"):
            return
        name, value = attrs.get("name"), attrs.get("value") or ""
        if kind == "submit":
            form.buttons.append((name, value, attrs.get("formaction")))
        elif name and (kind == "hidden" or (kind not in ("radio", "checkbox")) or "checked" in attrs):
            form.fields.setdefault(name, []).append(value)


class Skeleton(HTMLParser):
    """The structure of an HTML page without its text: `.bones` is the set of (parent, element, ARIA attributes)."""

    def __init__(self, html):
        super().__init__()
        self.open, self.bones = [], set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        element = (tag, _telling_classes(said.get("class")), said.get("type"), said.get("role"))
        aria = tuple(sorted(name for name in said if name.startswith("aria-")))
        self.bones.add((self.open[-1] if self.open else None, element, aria))
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        if self.open:
            self.open.pop()


def _telling_classes(classes):
    """Remove the classes that the Django admin derives from fields, columns and models."""
    return " ".join(each for each in (classes or "").split() if not re.match(r"(field|column|app|model)-", each))


def telling(pages, every_view=True):
    """Choose pages: one of each view that answered, and each with structure that no earlier page has.

    Pages with the most structure come first, since they make many smaller ones unnecessary. Without `every_view` a view
    whose structure other pages have is left out.
    """
    bones = {id(page): Skeleton(page.html).bones for page in pages}
    known, routes, chosen = set(), set(), []
    for page in sorted(pages, key=lambda page: -len(bones[id(page)])):
        is_new_view = every_view and page.status == HTTPStatus.OK and page.route not in routes
        if is_new_view or bones[id(page)] - known:
            chosen.append(page)
        known |= bones[id(page)]
        routes |= {page.route} if page.status == HTTPStatus.OK else set()
    return chosen


def route_of(path):
    """Return the namespaced view name of a path, or None."""
    return _route_of(path.partition("?")[0], get_language())


@cache
def _route_of(path, _language):
    """Cached: a crawl resolves each path thirty times, and each time Django tries all URL patterns."""
    try:
        return resolve(path).view_name
    except Resolver404:
        return None


def inside_site(path, href):
    """Resolve a link of the page at `path`; return None if it leaves this site."""
    whole = urldefrag(urljoin(f"http://testserver{path}", href)).url
    whole = re.sub(r"^http://127\.0\.0\.1:\d+", "http://testserver", whole)
    return whole.removeprefix("http://testserver") if whole.startswith("http://testserver/") else None


class Walk:
    """`Walk("admin", client).from_(*paths)` fills `.shown`, and `.answered` with the names of all requested views.

    With `follows=False` it submits the forms of these pages and follows no links.
    """

    def __init__(self, who, client, leave_out=(), follows=True):
        self.who, self.client, self.leave_out, self.follows = who, client, frozenset(leave_out), follows
        self.shown, self.answered, self.visits, self.seen, self.queue = {}, set(), Counter(), set(), []

    def from_(self, *paths):
        """Request these paths, even if their view was visited before, and then everything they link to."""
        for path in paths:
            self._visit(path)
        while self.queue:
            path = self.queue.pop(0)
            if self.visits[route_of(path)] < VISITS_OF_ONE_ROUTE:
                self._visit(path)
        return self

    def press(self, method, path, data, state):
        """Submit a form by hand, record the page, and roll the request back."""
        self._keep(self._undone(method, path, data), state)

    def _visit(self, path):
        route = route_of(path)
        if path in self.seen or route in self.leave_out:
            return
        self.seen.add(path)
        self.visits[route] += 1
        self._keep(self._undone("get", path), "as it opens")

    def _keep(self, response, state):
        """Record a page and crawl its links and forms; skips file downloads."""
        is_file = "attachment" in response.get("Content-Disposition", "")
        if is_file or not response.get("Content-Type", "").startswith("text/html"):
            return
        path = response.request["PATH_INFO"]
        html = response.content.decode()
        template = next((t.name for t in response.templates if t.name and not t.name.startswith("django/forms")), "")
        has_errors = "errorlist" in html or 'aria-invalid="true"' in html
        ways = Ways(html)
        key = (route_of(path), template, response.status_code, has_errors, ways.presses(path))
        if key in self.shown or (response.status_code >= 300 and not html):
            return
        state = f"{state}, {response.status_code}{', mistakes' if has_errors else ''}"
        self.shown[key] = Shown(
            self.who, path, state, response.status_code, html, dict(response.headers), route_of(path) or ""
        )
        self._go_on(path, ways)

    def _go_on(self, path, ways):
        if self.follows:
            self.queue += [inside for href in ways.links if (inside := inside_site(path, href))]
        for form in ways.forms:
            for name, value, elsewhere in form.buttons or [(None, "", None)]:
                self._press(path, form, name, value, elsewhere or form.action)

    def _press(self, path, form, name, value, action):
        target = inside_site(path, action) or path
        press = (form.method, route_of(target), name, value)
        if press in self.seen or route_of(target) in self.leave_out or route_of(target) is None:
            return
        self.seen.add(press)
        data = {**form.fields, **({name: [value]} if name else {})}
        data = {k: v for k, v in data.items() if k != "csrfmiddlewaretoken"}
        said = f"{name}={value} pressed" if name else "sent as it came"
        self._keep(self._undone(form.method, target, data), said)

    def _undone(self, method, path, data=None):
        cookies = self.client.cookies.copy()
        try:
            with transaction.atomic():
                response = getattr(self.client, method)(path, data, follow=True)
                self.answered |= {route_of(path), route_of(response.request["PATH_INFO"])}
                transaction.set_rollback(True)
        finally:
            self.client.cookies = cookies
        return response
