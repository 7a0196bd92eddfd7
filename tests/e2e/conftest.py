"""Opens pages in a real browser. `browser` finds one or installs one; `new_page` opens pages in it."""

import os

import pytest
from django.conf import settings
from django.db import connections
from playwright.sync_api import expect, sync_playwright

from tests import make
from tests.e2e.elsewhere import Elsewhere
from tests.servers.browser import ARGUMENTS, find_or_install_headless_shell, ready_playwright


@pytest.fixture(scope="package")
def browser():
    # Playwright's sync API runs inside an event loop, where Django would refuse every query.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    ready_playwright()
    # A click returns at the first byte of the next page; a slow machine needs more time to show the rest.
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        executable = find_or_install_headless_shell(playwright.chromium.executable_path)
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        # While Playwright's loop runs, Django has connections of its own: no stale one may wait for the next browser.
        connections.close_all()
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(autouse=True)
def _real_password_hasher(settings):
    """The other tests use a fast password hasher; the site under test knows only the real one."""
    settings.PASSWORD_HASHERS = settings.PASSWORD_HASHERS[1:]


@pytest.fixture
def new_page(browser, site):
    """`new_page(javascript=False, color_scheme="dark", width=360)` opens a page on the site in a new browser context.

    Relative URLs are the site's. Requests to other hosts fail, and a page that loads a style, script, image or the like
    from one fails the test.
    """
    contexts, strangers = [], []

    def open_page(javascript=True, color_scheme="light", width=1280, height=800, **options):
        context = browser.new_context(
            base_url=site.url,
            java_script_enabled=javascript,
            color_scheme=color_scheme,
            viewport={"width": width, "height": height},
            **options,
        )
        contexts.append(context)
        context.route(lambda address: not address.startswith(site.url), keep_inside)
        return context.new_page()

    def keep_inside(route):
        if not route.request.is_navigation_request():
            strangers.append(route.request.url)
        route.abort()

    yield open_page
    for context in contexts:
        context.close()
    assert strangers == []


@pytest.fixture
def page(new_page):
    """A page with JavaScript off: every page must work without it."""
    return new_page(javascript=False)


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    """A local page that stands in for the one that Exit opens."""
    server = Elsewhere(settings.QUICK_EXIT_URL, tmp_path_factory.mktemp("elsewhere"))
    yield server
    server.stop()


@pytest.fixture
def window(new_page, elsewhere):
    """`new_page`, with Exit opening the local page."""
    elsewhere.referrers.clear()

    def open_window(**options):
        page = new_page(ignore_https_errors=True, **options)
        page.context.route(f"{elsewhere.url}**", lambda route: route.continue_())
        return page

    return open_window


@pytest.fixture
def ada(transactional_db):
    """An admin who signs in with a password and an authenticator app."""
    user = make.admin("ada")
    make.second_factor(user)
    return user
