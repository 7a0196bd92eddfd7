"""Navigation: the header, the top strip, the footer in four groups, and the home link of neutral pages."""

import re
from itertools import chain

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from s4jr.security.status_code import code_of_form
from tests import cast
from tests.reading import Page, words
from tests.test_after_post import link_for

pytestmark = pytest.mark.django_db

PREFIXES = ["", "/fr", "/es"]
ABOUT = ["/why/", "/pathway/", "/what-we-do/", "/justice/", "/people/", "/press/"]
BESIDE = ["/representatives/", "/meetings/", "/contact/"]
GROUPS = {
    "About": [*ABOUT, "/sources/"],
    "Take part": ["/join/", "/meetings/", "/representatives/", "/chapters/", "/contact/", "/agreement/"],
    "Your safety": ["/safety/", "/calm/", "/accessibility/"],
    "Your privacy": ["/my-details/", "/privacy/"],
}
EMAIL_HOST = {"Host": "quiet.example"}


def part_of(html, begin, end):
    return Page(html[html.index(begin) : html.index(end) + len(end)])


def links_of(page):
    return [element["href"] for element in page.all(tag="a")]


def html_of(client, address):
    return client.get(address).content.decode()


@pytest.fixture
def two_hosts(settings):
    settings.SITE_URL, settings.EMAIL_LINK_URL = "https://site.example", "https://quiet.example"
    settings.ALLOWED_HOSTS = ["site.example", "quiet.example", "testserver"]


# --- the header


@pytest.mark.parametrize("prefix", PREFIXES)
def test_the_menu_has_the_about_pages_and_on_a_phone_every_page(client, prefix):
    menu = part_of(html_of(client, f"{prefix}/safety/"), '<details class="menu">', "</details>")
    pages = [f"{prefix}{address}" for address in (*ABOUT, *BESIDE, "/my-details/")]
    assert links_of(menu) == [*pages, "/safety/", "/fr/safety/", "/es/safety/"]


def test_the_menu_is_called_about_on_a_wide_page_and_menu_on_a_phone(client):
    page = Page(html_of(client, "/"))
    summary = page.all(tag="summary")[0]
    inside = page.elements[page.elements.index(summary) + 1 :][:2]
    assert [(words(name), name["class"]) for name in inside] == [("About", "only-wide"), ("Menu", "only-narrow")]


def test_the_wide_header_also_has_representatives_meetings_contact_and_join(client):
    html = html_of(client, "/")
    header = Page(html[html.index("</details>") + len("</details>") : html.index("</nav>", html.index("</details>"))])
    assert (links_of(header), html.count('class="button button--join masthead__join" href="/join/"')) == (BESIDE, 1)


def test_the_strip_has_exit_skip_languages_help_and_your_information(client):
    html = html_of(client, "/why/")
    strip = Page(html[html.index("<body>") + 6 : html.index("<header")])
    languages = ["/why/", "/fr/why/", "/es/why/"]
    assert links_of(strip) == ["/exit/", "#main", *languages, "/support/", "/my-details/"]
    assert [words(e) for e in strip.all(tag="a")][-2:] == ["Get help now", "Your information"]


def test_a_page_without_pictures_has_the_menu_too(client):
    html = html_of(client, "/calm/")
    header = html[html.index("<header") : html.index("</header>")]
    assert ('<details class="menu">' in header, "<svg" in header) == (True, False)


# --- the footer


def test_the_footer_has_help_first_and_then_four_groups(client):
    footer = part_of(html_of(client, "/"), "<footer", "</footer>")
    assert [words(heading) for heading in footer.all(tag="h2")] == list(GROUPS)
    assert links_of(footer) == ["/support/", *chain.from_iterable(GROUPS.values())]


# --- neutral pages


def header_of(html):
    """Return {text: URL} of the links above the content of a neutral page."""
    above = Page(html[html.index("<body>") + 6 : html.index("<main")])
    return {words(e): e["href"] for e in above.all(tag="a") if "hreflang" not in e}


def signed_in(client):
    member = cast.waiting()
    client.post("/my-details/", {"code": code_of_form(member.form_token)}, follow=True)
    return member


@pytest.mark.parametrize("address", ["/my-details/", "/my-details/change/place/", "/my-details/all/show/"])
def test_a_members_own_pages_link_home_and_name_no_cause(client, two_hosts, address):
    signed_in(client)
    html = client.get(address).content.decode()
    ways = {"Home page": "https://site.example/", "Your information": "/my-details/"}
    found = header_of(html)
    assert {name: found.get(name) for name in ways} == ways
    assert found["Exit this site now"] == "/exit/"
    above = html[: html.index("<main")].lower()
    assert [word for word in settings.COALITION_WORDS if word in above] == []


@pytest.mark.parametrize("prefix", PREFIXES)
def test_on_the_mail_host_the_home_link_is_an_absolute_url(client, two_hosts, prefix):
    html = client.get(f"{prefix}/my-details/link-sent/", headers=EMAIL_HOST).content.decode()
    assert f'href="https://site.example{prefix}/"' in html


@pytest.mark.parametrize("path", ["/join/confirm/{}/", "/my-details/{}/", "/meetings/coming/{}/", "/desk/renew/{}/"])
def test_pages_of_email_links_have_no_home_link(client, two_hosts, path):
    """Someone else may have opened the inbox (decision 3)."""
    html = client.get(path.format("no-such-link"), headers=EMAIL_HOST).content.decode()
    assert ("site.example" in html, header_of(html)["Your information"]) == (False, "/my-details/")


@pytest.mark.parametrize("purpose", ["confirm", "details", "open", "emails_again"])
def test_nor_do_pages_of_links_that_still_work(client, two_hosts, purpose):
    html = client.get(link_for(cast.ask(), purpose), headers=EMAIL_HOST).content.decode()
    assert ("site.example" in html, "<h1>" in html) == (False, True)


def test_after_exit_the_page_links_nowhere_else(client):
    client.get("/exit/")
    assert list(header_of(html_of(client, "/my-details/")).values()) == ["/exit/", "#main"]


def test_the_base_template_names_no_cause():
    page = render_to_string("base_email_link.html").lower()
    assert [word for word in settings.COALITION_WORDS if word in page] == []
    assert re.findall(r'class="(masthead|footer)', page) == []
