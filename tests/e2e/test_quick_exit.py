"""Exit in a browser: what Back and Forward show, the Shift key, and that Exit stays in view."""

from contextlib import suppress

import pytest
from playwright.sync_api import Error, expect

from tests.e2e.test_main_job import sign_in
from tests.servers.browser import ARGUMENTS, find_or_install_browser

NAME = "Ann Exampleton"
SECRET = "words somebody typed"


def read(page, ada):
    page.goto("/")
    page.goto("/why/")
    page.goto("/pathway/")


def fill_half_a_form(page, ada):
    page.goto("/why/")
    page.goto("/contact/")
    page.goto("/join/")
    page.get_by_label("What should we call you?").fill(NAME)


def work_as_an_admin(page, ada):
    sign_in(page, ada)
    page.goto("/manage/pages/statistic/")


DOINGS = [read, fill_half_a_form, work_as_an_admin]


def press_exit(page):
    page.locator("a.exit").first.click()
    page.get_by_role("heading", name="Sunny").wait_for()


def history_steps(page, direction, times=3):
    """Goes back or forward repeatedly; returns the first heading of each page."""
    seen = []
    for _ in range(times):
        with suppress(Error):  # Exit's redirect interrupts the navigation
            page.go_back(timeout=5000) if direction == "back" else page.go_forward(timeout=5000)
        page.wait_for_function("location.href === 'about:blank' || document.querySelector('h1')", timeout=10_000)
        seen.append(page.evaluate("document.querySelector('h1')?.innerText || ''"))
    return set(seen) - {""}  # a window starts with an empty page


@pytest.mark.parametrize("javascript", [True, False], ids=["with a script", "without"])
@pytest.mark.parametrize("doing", DOINGS)
def test_back_three_times_and_forward_find_nothing(window, ada, elsewhere, doing, javascript):
    page = window(javascript=javascript)
    doing(page, ada)
    press_exit(page)

    found = history_steps(page, "back") | history_steps(page, "forward")
    assert found <= {"Nothing here. Continue?", "Sunny"}
    assert set(elsewhere.referrers) == {None}


WITH_AND_WITHOUT = pytest.mark.parametrize("javascript", [True, False], ids=["with a script", "without"])
NEUTRAL = "Nothing here. Continue?"


@WITH_AND_WITHOUT
@pytest.mark.parametrize("steps", [1, 3], ids=["back once", "back three times"])
def test_exit_twice_leaves_twice(window, ada, elsewhere, javascript, steps):
    page = window(javascript=javascript)
    fill_half_a_form(page, ada)
    press_exit(page)
    page.goto("/why/")
    assert page.locator("h1").inner_text() == NEUTRAL
    press_exit(page)

    assert history_steps(page, "back", steps) | history_steps(page, "forward", steps) <= {NEUTRAL, "Sunny"}
    page.goto("/join/")
    assert page.locator("h1").inner_text() == NEUTRAL


@WITH_AND_WITHOUT
@pytest.mark.parametrize("steps", [1, 3], ids=["back once", "back three times"])
def test_after_exit_and_back_another_tab_shows_nothing_either(window, ada, elsewhere, javascript, steps):
    page = window(javascript=javascript)
    fill_half_a_form(page, ada)
    press_exit(page)
    history_steps(page, "back", steps)

    other = page.context.new_page()
    seen = []
    for address in ("/", "/join/", "/contact/"):
        other.goto(address)
        seen.append(other.locator("h1").inner_text())
    assert seen == [NEUTRAL] * 3


ODD_COOKIES = "['a[b]=1', 'x@y=1', 'q(1)=1', '=nameless'].forEach((one) => { document.cookie = one; })"


@WITH_AND_WITHOUT
def test_exit_works_with_cookie_names_that_python_cannot_write(window, ada, elsewhere, javascript):
    page = window(javascript=javascript)
    page.goto("/why/")
    page.evaluate(ODD_COOKIES)
    page.goto("/join/")
    assert "a[b]" in [cookie["name"] for cookie in page.context.cookies()]
    press_exit(page)
    assert history_steps(page, "back") <= {NEUTRAL, "Sunny"}


@pytest.fixture(scope="module")
def browser_that_keeps_pages(browser):
    """The other tests' browser doesn't keep pages for Back; users' browsers restore the last ones as they were."""
    argument = "--disable-back-forward-cache"
    kind, executable = browser.browser_type, find_or_install_browser(browser.browser_type.executable_path)
    keeping = kind.launch(executable_path=executable, args=ARGUMENTS, ignore_default_args=[argument])
    yield keeping
    keeping.close()


WAS_KEPT = "addEventListener('pageshow', (event) => { window.wasKept = event.persisted })"


def end_membership(page):
    """Goes back like the Back button; Playwright's own waits for a load event, which a restored page lacks."""
    page.evaluate("setTimeout(() => history.back())")


def test_a_page_from_the_back_forward_cache_is_not_shown(browser_that_keeps_pages, elsewhere, site, ada):
    page = browser_that_keeps_pages.new_context(base_url=site.url, ignore_https_errors=True).new_page()
    page.add_init_script(WAS_KEPT)
    read(page, ada)
    end_membership(page)
    page.wait_for_function("location.pathname === '/why/' && window.wasKept")  # otherwise this test proves nothing
    page.goto("/pathway/")
    press_exit(page)

    end_membership(page)
    page.wait_for_function("document.querySelector('h1') && location.pathname !== '/exit/'")
    assert page.locator("h1").inner_text() in {"Sunny", "Nothing here. Continue?"}
    page.context.close()


def wait_until_warned(page):
    """Acts as if the user did nothing until shortly before the session times out."""
    left = int(page.locator("#stay").get_attribute("data-seconds"))
    page.clock.fast_forward((left - 100) * 1000)
    page.get_by_role("heading", name="Are you still there?").wait_for()


def admin_with_timeout_warning(window, ada):
    page = window(width=360, height=640)
    sign_in(page, ada)
    page.clock.install()
    page.goto("/manage/pages/statistic/")
    wait_until_warned(page)
    return page


ON_TOP = """(exit) => {
  const box = exit.getBoundingClientRect();
  return Boolean(document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2)?.closest("a.exit"));
}"""


def test_exit_is_above_the_session_timeout_warning(window, ada):
    page = admin_with_timeout_warning(window, ada)
    way_out = page.locator("#stay a.exit")
    assert (way_out.evaluate(ON_TOP), way_out.evaluate("(e) => e.closest('dialog').matches(':modal')")) == (True, True)
    way_out.click()
    page.get_by_role("heading", name="Sunny").wait_for()
    assert history_steps(page, "back") <= {"Nothing here. Continue?", "Sunny"}


def test_shift_exits_from_that_warning_too(window, ada):
    page = admin_with_timeout_warning(window, ada)
    for _ in range(3):
        page.keyboard.press("Shift")
    page.get_by_role("heading", name="Sunny").wait_for()


def test_without_javascript_back_shows_the_neutral_page_until_continue(window, ada):
    page = window(javascript=False)
    read(page, ada)
    press_exit(page)
    page.go_back()
    assert (page.title(), page.locator("h1").inner_text()) == ("Nothing here", "Nothing here. Continue?")
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/pathway/")
    expect(page.get_by_role("heading", name="A Pathway Forward")).to_have_count(1)
    assert [cookie["name"] for cookie in page.context.cookies() if cookie["name"] == "left"] == []


def test_with_javascript_an_ended_membership_page_exits_again_without_the_cookie(window, ada):
    page = window()
    read(page, ada)
    press_exit(page)
    page.context.clear_cookies()
    assert history_steps(page, "back") == {"Sunny"}


def test_back_works_again_after_half_an_hour(window, ada):
    page = window()
    read(page, ada)
    page.evaluate("sessionStorage.setItem('x', Date.now() - 18e5)")
    page.go_back()
    assert page.url.endswith("/why/")


def test_shift_three_times_exits_and_says_how_many_presses_are_left(window, ada):
    page = window()
    page.goto("/join/")
    status = page.locator("[data-presses]")
    assert status.get_attribute("role") == "status"
    page.keyboard.press("Shift")
    assert status.inner_text() == "Press Shift two more times to leave this page."
    page.keyboard.press("Shift")
    assert status.inner_text() == "Press Shift one more time to leave this page."
    page.keyboard.press("Shift")
    page.get_by_role("heading", name="Sunny").wait_for()


def test_typing_capitals_does_not_exit(window, ada):
    page = window()
    page.goto("/join/")
    field = page.get_by_label("What should we call you?")
    field.focus()
    for email in "ANNE":
        page.keyboard.press(f"Shift+{email}")
    for email in "bcd":  # Shift is released before the letter
        page.keyboard.press("Shift")
        page.keyboard.press(email)
    assert (field.input_value(), page.locator("[data-presses]").inner_text()) == ("ANNEbcd", "")


def test_a_keyboard_that_reports_only_key_codes_exits_too(window, ada):
    page = window()
    page.goto("/why/")
    page.evaluate(
        """() => { for (let i = 0; i < 3; i++) {
          const up = new KeyboardEvent("keyup", { bubbles: true, key: "Unidentified" });
          Object.defineProperty(up, "keyCode", { value: 16 });
          document.body.dispatchEvent(up);
        } }"""
    )
    page.get_by_role("heading", name="Sunny").wait_for()


def test_the_first_tab_stop_is_exit(window, ada):
    page = window(javascript=False)
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "exit"
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Sunny").wait_for()


IN_VIEW = """() => {
  window.scrollTo(0, document.documentElement.scrollHeight);
  const box = document.querySelector("a.exit").getBoundingClientRect();
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return box.top >= 0 && box.left >= 0 && box.right <= innerWidth && box.bottom <= innerHeight
    && Boolean(top && top.closest("a.exit"));
}"""
OPEN = [
    "/", "/why/", "/support/", "/safety/", "/join/", "/contact/", "/representatives/", "/meetings/", "/fr/privacy/",
    "/account/login/", "/nothing-here/",
]  # fmt: skip
FOR_ADMINS = [
    "/manage/",
    "/manage/pages/statistic/",
    "/manage/pages/statistic/add/",
    "/account/password/change/",
    "/desk/",
]


def test_exit_stays_visible_and_on_top_on_a_phone_at_any_scroll_position(window, ada):
    page = window(width=360, height=640)
    hidden = []
    for address in OPEN:
        page.goto(address)
        hidden += [] if page.evaluate(IN_VIEW) else [address]
    sign_in(page, ada)
    for address in FOR_ADMINS:
        page.goto(address)
        hidden += [] if page.evaluate(IN_VIEW) else [address]
    assert hidden == []


def test_exit_is_not_printed(window, ada):
    page = window(javascript=False)
    page.goto("/why/")
    page.emulate_media(media="print")
    assert not page.locator("a.exit").is_visible()
