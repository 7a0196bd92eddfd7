"""The header on a phone and on a wide page, without JavaScript."""

import pytest

LANGUAGES = ["", "/fr", "/es"]
ABOVE = """() => Math.max(...[...document.querySelectorAll(".strip, .masthead, .neutral")]
    .map((part) => part.getBoundingClientRect().bottom))"""
STICKS_OUT = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
TWICE_AS_LARGE = """() => {
  const large = new CSSStyleSheet();
  large.replaceSync("html { font-size: 200% }");
  document.adoptedStyleSheets = [large];
}"""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", ["/", "/join/", "/calm/", "/representatives/", "/my-details/"])
def test_banner_and_header_take_at_most_130_pixels_of_a_phone(new_page, language, address):
    page = new_page(javascript=False, width=360, height=640)
    page.goto(f"{language}{address}")
    assert page.evaluate(ABOVE) <= 130


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_a_phone_the_banner_has_help_and_exit_and_the_menu_has_the_rest(new_page, language):
    page = new_page(javascript=False, width=360, height=640)
    page.goto(f"{language}/why/")
    shown = page.locator(".strip a:visible").evaluate_all("all => all.map((link) => new URL(link.href).pathname)")
    assert [path for path in shown if path != f"{language}/why/"] == [f"{language}/exit/", f"{language}/support/"]
    menu = page.locator(".menu")
    assert menu.locator("a:visible").count() == 0
    menu.locator("summary").click()
    assert menu.locator("a:visible").count() == 13
    assert page.evaluate(STICKS_OUT) == 0


def test_on_a_wide_page_the_menu_has_only_what_is_about_us(new_page):
    page = new_page(javascript=False)
    page.goto("/safety/")
    summary = page.locator(".menu summary")
    assert summary.inner_text().strip() == "About"
    summary.focus()
    page.keyboard.press("Enter")
    names = page.locator(".menu a:visible").all_inner_texts()
    assert names == [
        "Why we do this", "What we believe", "What we do", "Restorative and transformative justice", "People", "Media",
    ]  # fmt: skip
    page.locator(".menu a:visible").last.click()
    page.get_by_role("heading", name="For the media").wait_for()


@pytest.mark.parametrize("width", [360, 768, 1280])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_open_menu_fits_with_text_twice_as_large(new_page, width, language):
    page = new_page(javascript=False, width=width)
    page.goto(f"{language}/")
    page.evaluate(TWICE_AS_LARGE)
    page.locator(".menu summary").click()
    assert page.evaluate(STICKS_OUT) == 0
    assert page.locator(".menu__panel").bounding_box()["x"] >= 0


def test_the_menu_is_not_printed(new_page):
    page = new_page(javascript=False)
    page.goto("/why/")
    page.emulate_media(media="print")
    assert page.locator(".strip:visible, .masthead__nav:visible, .footer nav:visible").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_forced_colors_the_menu_has_an_edge(new_page, scheme):
    page = new_page(javascript=False, forced_colors="active", color_scheme=scheme)
    page.goto("/why/")
    page.locator(".menu summary").click()
    edge, ground = page.locator(".menu__panel").evaluate(
        "(panel) => [getComputedStyle(panel).borderBlockStartColor, getComputedStyle(panel).backgroundColor]"
    )
    assert edge != ground


@pytest.mark.parametrize("address", ["/safety/", "/privacy/", "/why/", "/representatives/", "/meetings/", "/press/"])
def test_an_inner_page_begins_at_the_edge(new_page, address):
    page = new_page(javascript=False)
    page.goto(address)
    heading, below = page.locator("h1").bounding_box(), page.locator("main .band__body").first.bounding_box()
    assert heading["x"] == below["x"]


def test_initials_replace_a_missing_photo_and_are_not_read_aloud(new_page, transactional_db):
    page = new_page(javascript=False)
    page.goto("/people/")
    drawn = page.locator(".initials").evaluate_all("all => all.map((e) => getComputedStyle(e, '::after').content)")
    assert drawn == ['"ML"', '"GK"']
    assert page.locator(".initials[aria-hidden=true]").count() == 2
    assert "ML" not in page.locator("main").inner_text()
