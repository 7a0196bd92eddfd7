"""The look of every page, and its limits: it leaves no trace, names no cause, and never hides Exit."""

import colorsys
import re
from pathlib import Path
from shutil import copytree

import brotli
import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.template.loader import render_to_string

from s4jr.staticfiles import OneStylesheetStorage, with_imports
from tests.make import admin, person_who_signs_in, signed_in_staff
from tests.reading import Page, words

CSS = Path(settings.BASE_DIR, "static", "css")
READING = ["/", *(f"/{name}/" for name in (
    "what-we-do", "why", "pathway", "justice", "people", "press", "support", "safety", "privacy", "agreement",
    "accessibility", "sources",
))]  # fmt: skip
ERRORS = ["400", "403", "403_csrf", "403_form", "404", "413", "429", "500", "503"]


def stylesheet(name="css/site.css"):
    storage, path = with_imports(StaticFilesStorage(location=settings.BASE_DIR / "static"), name)
    return storage.open(path).read().decode()


def tokens(scheme):
    light, _, dark = (CSS / "tokens.css").read_text().partition("@media (prefers-color-scheme: dark)")
    found = re.compile(r"--([\w-]+): (#[0-9a-f]{3,6});")
    colours = dict(found.findall(light))
    return {**colours, **dict(found.findall(dark))} if scheme == "dark" else colours


def channels(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    return [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]


def luminance(colour):
    """Return the relative luminance (WCAG 2.2)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def dots_that_may_begin_a_line():
    """Lists the dots between two words of a template that have a breaking space before them."""
    for path in Path(settings.BASE_DIR, "templates").rglob("*.html"):
        yield from (
            f"{path.name}: {line.strip()}" for line in path.read_text().splitlines() if re.search(r"(^|\s)·", line)
        )


def saffron_buttons():
    """Lists the templates with a saffron button, and where its link leads ("" if it sends a form)."""
    for path in sorted(Path(settings.BASE_DIR, "templates").rglob("*.html")):
        for tag in re.findall(r"<[^<>]*\bbutton--join\b[^<>]*>", path.read_text()):
            yield path.name, (re.findall(r'href="([^"]*)"', tag) or [""])[0]


def is_red(colour):
    hue, lightness, saturation = colorsys.rgb_to_hls(*channels(colour))
    return saturation > 0.5 and 0.2 < lightness < 0.8 and (hue < 12 / 360 or hue > 340 / 360)


@pytest.mark.django_db
@pytest.mark.parametrize("address", READING)
def test_every_page_links_to_exit_support_and_join(client, address):
    page = Page(client.get(address).content.decode())
    before_the_words = page.elements[: page.elements.index(page.one(tag="main"))]
    links = {e["href"]: e for e in before_the_words if e["tag"] == "a"}
    assert list(links)[:2] == ["/exit/", "#main"]
    assert links["/exit/"]["rel"] == "noreferrer"
    assert [address for address in ("/support/", "/join/") if address not in links] == []
    assert len(page.all(tag="h1")) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("address", READING)
def test_a_page_has_no_inline_scripts_and_loads_no_third_party_files(client, address):
    page = Page(client.get(address).content.decode())
    assert [e["tag"] for e in page.elements if e["tag"] in {"style", "iframe"} or "style" in e] == []
    assert [e.get("src") for e in page.all(tag="script")] == ["/static/js/exit.js"]
    assert [name for e in page.elements for name in e if name.startswith("on")] == []
    fetching = [e for e in page.elements if e["tag"] in {"link", "img", "source"} and e.get("rel") != "alternate"]
    fetched = [e.get("src") or e["href"] for e in fetching]
    assert fetched == ["/static/css/site.css", "/static/favicon.svg"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", READING)
def test_reading_sets_no_cookie(client, address):
    assert dict(client.get(address).cookies) == {}


@pytest.mark.django_db
def test_art_is_hidden_from_screen_readers(client):
    page = Page(client.get("/").content.decode())
    assert [e["class"] for e in page.all(tag="svg") if e.get("aria-hidden") != "true"] == []


@pytest.mark.django_db
def test_the_current_page_is_marked(client):
    """In the menu and in the footer."""
    page = Page(client.get("/pathway/").content.decode())
    assert [e["href"] for e in page.elements if e.get("aria-current") == "page"] == ["/pathway/"] * 2


@pytest.mark.django_db
def test_the_home_page_takes_less_than_sixteen_kilobytes_compressed(client):
    """All files for an empty cache, compressed with brotli; tests/e2e/test_weight.py counts the requests."""
    static = Path(settings.BASE_DIR, "static")
    script = (static / "js/exit.js").read_bytes()
    files = [client.get("/").content, stylesheet().encode(), (static / "favicon.svg").read_bytes(), script]
    assert sum(len(brotli.compress(file)) for file in files) < 16 * 1024
    assert len(script) < 3_000


def test_only_joining_is_saffron():
    """docs/design.md: saffron as a fill means "your place"."""
    forms = {"join.html", "check.html", "_confirm_button.html", "confirm_which.html"}
    to_join = {"{{ join_address }}", "{% url 'join' %}", "{% url 'join' %}?chapter={{ chapter.slug }}", "{{ button }}"}
    found = [(name, link) for name, link in saffron_buttons() if name != "styleguide.html"]
    assert [each for each in found if each[1] not in to_join and each[0] not in forms] == []


def test_a_dot_between_words_never_begins_a_line():
    assert list(dots_that_may_begin_a_line()) == []


@pytest.mark.django_db
def test_only_admins_see_the_admin_link(client):
    bar = 'class="staff-bar"'
    assert bar not in client.get("/").content.decode()
    client.force_login(person_who_signs_in())
    assert bar not in client.get("/").content.decode()
    client.force_login(admin())
    assert bar in client.get("/").content.decode()


def test_the_neutral_page_names_no_cause():
    page = render_to_string("base_neutral.html")
    loaded = [stylesheet(), *[path.read_text() for path in Path(settings.BASE_DIR, "static").rglob("*.svg")]]
    assert [word for word in settings.COALITION_WORDS for text in [page, *loaded] if word in text.lower()] == []
    assert Page(page).one(class_="exit")["href"] == "/exit/"


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_page_needs_neither_request_nor_database(name):
    """The page still links to Exit, home and support."""
    page = Page(render_to_string(f"{name}.html"))
    assert [e["href"] for e in page.all(tag="a")] == ["/exit/", "#main", "/", "/support/"]
    assert words(page.one(tag="title")) == words(page.one(tag="h1"))


@pytest.mark.parametrize("seats", range(9))
def test_the_logo_fills_seat_by_seat_and_the_eighth_is_yours(seats):
    page = Page(render_to_string("includes/_mark.svg", {"seats": seats}))
    assert (len(page.all(class_="lit")), len(page.all(class_="yours"))) == (min(seats, 7), int(seats == 8))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_enough_contrast(scheme):
    c = tokens(scheme)
    pairs = [(text, ground) for text in ("ink", "soft", "clay") for ground in ("paper", "second")]
    pairs += [
        ("cream", "dusk"),
        ("glow", "dusk"),
        ("join-ink", "join"),
        ("join-ink", "join-hover"),
        ("exit-ink", "exit"),
    ]
    assert [(text, ground) for text, ground in pairs if contrast(c[text], c[ground]) < 4.5] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_focus_and_borders_have_enough_contrast(scheme):
    c = tokens(scheme)
    pairs = [
        (c.get("focus", c["ink"]), c["paper"]),
        (c["focus-on-dusk"], c["dusk"]),
        (c["soft"], c["paper"]),
        (c["cream"], c["dusk"]),
    ]
    assert [pair for pair in pairs if contrast(*pair) < 3] == []


def test_only_exit_and_blocking_notices_of_admins_are_red():
    css = {path.name: path.read_text() for path in CSS.glob("*.css")}
    found = re.findall(r"#[0-9a-f]{6}\b|#[0-9a-f]{3}\b", "".join(css.values()))
    assert {colour for colour in found if is_red(colour)} == {"#c4122f"}
    red = {name: re.findall(r"^([^\n{}]+) \{[^{}]*var\(--exit\)", text, re.MULTILINE) for name, text in css.items()}
    assert {name: rules for name, rules in red.items() if rules} == {"exit.css": [".exit"], "admin.css": [".alarm"]}


def test_readers_load_one_stylesheet():
    whole = stylesheet()
    assert ("@import" in whole, "/*" in whole) == (False, False)
    parts = ["tokens", "base", "exit", "motif", "forms", "components", "pages", "print"]
    rules = {part: re.sub(r"/\*.*?\*/\s*", "", (CSS / f"{part}.css").read_text(), flags=re.DOTALL) for part in parts}
    assert [part for part in parts if rules[part] not in whole] == []
    assert len(brotli.compress(whole.encode())) < 5_400


def test_collectstatic_inlines_css_imports(tmp_path):
    source = StaticFilesStorage(location=settings.BASE_DIR / "static")
    copytree(settings.BASE_DIR / "static", tmp_path, dirs_exist_ok=True)
    names = [f"css/{path.name}" for path in CSS.glob("*.css")] + ["img/arcs.svg"]
    storage = OneStylesheetStorage(location=tmp_path, base_url="/static/")
    problems = [
        done for _, _, done in storage.post_process({name: (source, name) for name in names}) if done is not True
    ]
    site = (tmp_path / storage.hashed_files["css/site.css"]).read_text()
    assert (problems, "@import" in site, "--paper: #faf4ea" in site) == ([], False, True)
    assert re.findall(r"url\(([^)]*)\)", site) == [f'"../{storage.hashed_files["img/arcs.svg"]}"']


def test_stylesheets_use_logical_properties():
    """A right-to-left page needs no other stylesheet."""
    sides = re.compile(r"(?<![\w-])((margin|padding|border)-)?(left|right)\s*:|:[^;]*\b(left|right)\b")
    lines = [line for path in CSS.glob("*.css") for line in path.read_text().splitlines()]
    assert [line for line in lines if sides.search(line) and not line.startswith("/*")] == []


def test_a_stylesheet_loads_no_third_party_files():
    css = "".join(path.read_text() for path in CSS.glob("*.css"))
    assert [url for url in re.findall(r"url\(\"?([^\")]+)", css) if "//" in url or url.startswith("data:")] == []


@pytest.mark.django_db
def test_the_admin_warns_that_the_second_step_is_off(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    client.force_login(admin())
    page = Page(client.get(f"/{settings.ADMIN_PATH}").content.decode())
    assert words(page.one(class_="banner")).startswith("Signing in here takes only a password")
    assert page.one(class_="exit")["href"] == "/exit/"


@pytest.mark.django_db
def test_the_admin_starts_with_exit_and_skip_links(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    client.force_login(admin())
    page = Page(client.get(f"/{settings.ADMIN_PATH}").content.decode())
    links = [e["href"] for e in page.all(tag="a") if e.get("class") != "skip-to-content-link"]  # Django's own is hidden
    assert links[:2] == ["/exit/", "#content-start"]


@pytest.mark.django_db
def test_the_admin_stores_nothing_in_the_browser(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    client.force_login(admin())
    page = Page(client.get(f"/{settings.ADMIN_PATH}").content.decode())
    assert [e["src"] for e in page.all(tag="script") if "theme" in e.get("src", "")] == []
    assert page.all(class_="theme-toggle") == []


@pytest.mark.django_db
def test_the_sign_in_page_has_the_look_of_the_site(client):
    page = Page(client.get("/account/login/").content.decode())
    assert words(page.one(tag="h1")) == "Sign in"
    assert page.one(class_="exit")["href"] == "/exit/"
    assert words(page.one(tag="label", for_="id_login")) == "Username"


# --- stylesheets of the admin


def rules(name):
    """Return [(selector, declarations)] of our stylesheet in order, including rules inside media queries."""
    text = re.sub(r"/\*.*?\*/|@[^{;]*;", "", (CSS / name).read_text(), flags=re.DOTALL)
    return [(" ".join(selector.split()), said) for selector, said in re.findall(r"([^{}]+)\{([^{}]*)\}", text)]


def specificity(selector):
    """Return the specificity of a selector: (ids, classes, elements); `:is()` counts as its most specific argument."""
    total = [0, 0, 0]
    while found := re.search(r":is\(([^()]*)\)", selector):
        best = max(specificity(part) for part in found[1].split(","))
        total = [one + other for one, other in zip(total, best, strict=True)]
        selector = selector.replace(found[0], "", 1)
    counted = [len(re.findall(kind, selector)) for kind in (r"#[\w-]+", r"\.[\w-]+|\[[^]]+\]|:[\w-]+")]
    elements = len(re.findall(r"(?<![\w#.\[:-])[a-z][\w-]*", re.sub(r"\[[^]]*\]", "", selector)))
    return tuple(one + other for one, other in zip(total, (*counted, elements), strict=True))


def test_the_main_button_of_an_admin_page_is_filled():
    """The rule that fills it comes after the rule that draws every button hollow, and is at least as specific."""
    buttons = [(at, rule) for at, rule in enumerate(rules("admin.css")) if ".submit-row" in rule[0]]
    [hollow] = [
        (at, specificity(rule[0].split(", body .object-tools")[0])) for at, rule in buttons if "transparent" in rule[1]
    ]
    [filled] = [(at, specificity(rule[0])) for at, rule in buttons if "background: var(--ink)" in rule[1]]
    assert (filled[0] > hollow[0], filled[1] >= hollow[1]) == (True, True)


def test_one_rule_draws_the_buttons_of_the_admin():
    """A second one would answer another rule of Django, or another page, and buttons would come apart."""
    names = sorted(path.name for path in CSS.glob("admin*.css"))
    names += ["people.css", "review.css", "website.css", "workspace.css"]
    frames = [(name, selector) for name in names for selector, said in rules(name) if "border: 2px solid" in said]
    drawn = [name for name, selector in frames if re.search(r"button|submit", selector)]
    assert drawn == ["admin.css"]


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["find", "import"])
def test_an_admin_page_with_one_form_has_no_sidebar(client, page):
    signed_in_staff(client)
    shown = Page(client.get(f"/manage/members/member/{page}/").content.decode())
    assert [e["tag"] for e in shown.elements if e.get("id") == "nav-sidebar"] == []
