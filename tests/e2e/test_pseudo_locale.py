"""A pseudo-locale with long, accented words from right to left breaks no page."""

import pytest

PAGES = [
    "/", "/why/", "/why/gently/", "/pathway/", "/people/", "/sources/", "/support/", "/safety/", "/calm/", "/privacy/",
    "/join/", "/contact/", "/representatives/", "/chapters/", "/meetings/", "/me/", "/account/login/", "/nowhere/",
]  # fmt: skip
#: Makes each word half as long again, puts an accent on each vowel, and mirrors the page.
SPOKEN = """() => {
    const accents = {a: "á", e: "é", i: "ï", o: "ö", u: "û", A: "Å", E: "É", I: "Î", O: "Ø", U: "Ü"};
    const longer = word => {
        const accented = word.replace(/[aeiouAEIOU]/g, letter => accents[letter]);
        return accented + accented.slice(0, Math.ceil(word.length / 2));
    };
    const spoken = text => text.replace(/[A-Za-z]{2,}/g, longer);
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) walk.currentNode.data = spoken(walk.currentNode.data);
    document.documentElement.dir = "rtl";
}"""
#: Finds elements outside the window that no container hides or scrolls.
STICKING_OUT = """() => {
    const page = document.documentElement, wide = page.clientWidth;
    if (page.scrollWidth <= wide) return [];
    const sticksOut = box => box.width > 0 && (box.left < -1 || box.right > wide + 1);
    return [...document.querySelectorAll("body *")]
        .filter(element => sticksOut(element.getBoundingClientRect()))
        .map(element => `${element.tagName}.${element.className.baseVal ?? element.className}`);
}"""
#: Finds text that its box cuts off.
CUT_OFF = """() => [...document.querySelectorAll("a, button, label, legend, h1, h2, summary, dt, dd, p")]
    .filter(element => !element.closest(".visually-hidden, .honeypot, .skip"))
    .filter(element => element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1)
    .map(element => `${element.tagName}: ${element.textContent.trim().slice(0, 40)}`)"""


@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_breaks_with_long_words_from_right_to_left(new_page, width):
    page = new_page(width=width)
    broken = {}
    for address in PAGES:
        page.goto(address)
        page.evaluate(SPOKEN)
        found = [*page.evaluate(STICKING_OUT), *page.evaluate(CUT_OFF)]
        if found:
            broken[address] = found
    assert broken == {}


@pytest.mark.parametrize("language", ["", "/fr", "/es"])
def test_on_a_phone_related_elements_share_a_line_in_every_language(new_page, language):
    page = new_page(width=360)
    page.goto(f"{language}/")
    support, leave, name, join = [
        page.locator(part).bounding_box()
        for part in (".strip__support", ".strip .exit", ".masthead__name", ".masthead__join")
    ]
    assert (middle(support), middle(name)) == (middle(leave), middle(join))
    assert min(leave["height"], join["height"]) >= 44


def middle(box):
    return round(box["y"] + box["height"] / 2)
