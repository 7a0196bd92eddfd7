"""A site at https://bürger.example: machines read xn--brger-kva.example, and people their own script."""

import json
import os
import subprocess
import sys
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from allauth.core.context import request_context
from allauth.mfa.adapter import get_adapter
from django.test import Client

from pages.models import Statistic
from s4jr.checks import unsafe_values
from s4jr.idn import ascii_email, ascii_host, ascii_url, readable_email, readable_url
from s4jr.mail.discreet import can_be_discreet
from s4jr.mail.link_rules import link_problems
from tests import cast
from tests.mail.wire import message_of
from tests.test_checks import SAFE
from tooling.static_files import ROOT

PEOPLE, MACHINES = "bürger.example", "xn--brger-kva.example"
QUIET, QUIET_MACHINES = "straße.example", "xn--strae-oqa.example"
NAMES = [
    "SITE_URL",
    "EMAIL_LINK_URL",
    "ALLOWED_HOSTS",
    "MAIL_FROM",
    "QUICK_EXIT_URL",
    "EMAIL_URL",
    "BOUNCE_MAILBOX_URL",
    "SECURE",
]
READ = f"import json; from django.conf import settings as s; print(json.dumps({{n: getattr(s, n) for n in {NAMES}}}))"


@pytest.mark.parametrize(
    ("given", "host"),
    [
        ("bürger.example", MACHINES),
        ("BÜRGER.Example", MACHINES),
        ("bu\u0308rger.example", MACHINES),
        ("bürger．example", MACHINES),
        (".bürger.example", f".{MACHINES}"),
        ("straße.example", QUIET_MACHINES),
        ("xn--brger-kva.example", MACHINES),
        ("site.example", "site.example"),
        ("127.0.0.1", "127.0.0.1"),
        ("under_ü.example", "under_ü.example"),
    ],
)
def test_a_host_becomes_what_machines_read(given, host):
    assert ascii_host(given) == host


@pytest.mark.parametrize(
    ("given", "ascii_one", "readable"),
    [
        (f"https://{PEOPLE}", f"https://{MACHINES}", f"https://{PEOPLE}"),
        (f"https://{PEOPLE}:8443/ü?ü#ü", f"https://{MACHINES}:8443/ü?ü#ü", f"https://{PEOPLE}:8443/ü?ü#ü"),
        (f"https://{MACHINES}/", f"https://{MACHINES}/", f"https://{PEOPLE}/"),
        ("http://[::1]:8000/", "http://[::1]:8000/", "http://[::1]:8000/"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("https://xn--0.example", "https://xn--0.example", "https://xn--0.example"),
        ("words", "words", "words"),
    ],
)
def test_a_url_keeps_all_but_its_host(given, ascii_one, readable):
    assert (ascii_url(given), readable_url(ascii_one)) == (ascii_one, readable)


def test_an_email_address_keeps_its_local_part():
    assert ascii_email(f"grüße@{QUIET}") == f"grüße@{QUIET_MACHINES}"
    assert readable_email(f"grüße@{QUIET_MACHINES}") == f"grüße@{QUIET}"


def test_the_settings_hold_what_machines_read(child_environment):
    given = {
        "SITE_URL": f"https://{PEOPLE}/",
        "EMAIL_LINK_URL": f"https://{QUIET}",
        "MAIL_FROM": f"hello@{QUIET}",
        "QUICK_EXIT_URL": "https://bücher.example/",
        # Python's own reading of a host (IDNA 2003) makes ss of ß, so our password would go to another server.
        "EMAIL_URL": "submission://name:password@mail.straße.example",
        "BOUNCE_ADDRESS": f"bounces@{QUIET}",
        "BOUNCE_MAILBOX_URL": "imaps://name:password@imap.straße.example/INBOX",
        "DEBUG": "0",
        "STAFF_SECOND_FACTOR": "1",
    }
    environment = {name: value for name, value in {**child_environment, **given}.items() if name != "ALLOWED_HOSTS"}
    read = subprocess.run(
        [sys.executable, "-c", READ],
        cwd=ROOT,
        env={**environment, "DJANGO_SETTINGS_MODULE": "s4jr.settings", "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(read.stdout) == {
        "SITE_URL": f"https://{MACHINES}",
        "EMAIL_LINK_URL": f"https://{QUIET_MACHINES}",
        "ALLOWED_HOSTS": [MACHINES, QUIET_MACHINES],
        "MAIL_FROM": f"hello@{QUIET_MACHINES}",
        "QUICK_EXIT_URL": "https://xn--bcher-kva.example/",
        "EMAIL_URL": "submission://name:password@mail.xn--strae-oqa.example",
        "BOUNCE_MAILBOX_URL": "imaps://name:password@imap.xn--strae-oqa.example/INBOX",
        "SECURE": True,
    }


@pytest.mark.parametrize("name", ["SITE_URL", "EMAIL_LINK_URL"])
def test_a_host_that_is_no_domain_name_stops_the_site(name):
    assert unsafe_values({**SAFE, name: ascii_url("https://under_ü.example")}) == [
        f"{name} has a host that can't be a domain name. Check its spelling."
    ]


@pytest.fixture
def site(settings):
    """The settings of that site, on http so that no redirect to https hides a page."""
    settings.SITE_URL, settings.EMAIL_LINK_URL = f"http://{MACHINES}", f"http://{QUIET_MACHINES}"
    settings.ALLOWED_HOSTS, settings.MAIL_FROM = [MACHINES, QUIET_MACHINES], f"hello@{QUIET_MACHINES}"
    return settings


@pytest.mark.django_db
class TestTheSite:
    def test_it_answers_to_the_host_that_browsers_send(self, site):
        browser = Client(headers={"host": MACHINES})
        assert browser.get("/").status_code == 200
        assert Client(headers={"host": QUIET_MACHINES}).get("/").status_code == 404
        assert Client(headers={"host": "other.example"}).get("/").status_code == 400

    @pytest.mark.parametrize(("origin", "status"), [(f"http://{MACHINES}", 200), ("http://other.example", 403)])
    def test_a_form_is_accepted_from_its_own_origin_only(self, site, origin, status):
        browser = Client(enforce_csrf_checks=True, headers={"host": MACHINES})
        browser.get("/account/login/")
        token = {"csrfmiddlewaretoken": browser.cookies[site.CSRF_COOKIE_NAME].value}
        assert browser.post("/account/login/", token, headers={"origin": origin}).status_code == status

    def test_files_for_machines_have_its_ascii_name(self, site):
        browser = Client(headers={"host": MACHINES})
        sitemap = ElementTree.fromstring(browser.get("/sitemap.xml").content)
        places = {urlsplit(loc.text).netloc for loc in sitemap.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")}
        security, robots = (browser.get(page).text for page in ("/.well-known/security.txt", "/robots.txt"))
        assert places == {MACHINES}
        assert f"Contact: http://{MACHINES}/contact/" in security.splitlines()
        assert f"Sitemap: http://{MACHINES}/sitemap.xml" in robots.splitlines()
        assert (security.isascii(), robots.isascii()) == (True, True)

    def test_emails_have_ascii_links_ids_and_senders(self, site):
        cast.ask()
        [row] = type(cast.written()).objects.filter(kind="confirm")
        message = message_of(row)
        assert message["Message-ID"] == f"<{row.pk}@{QUIET_MACHINES}>"
        assert f"<http://{QUIET_MACHINES}/unsubscribe/" in message["List-Unsubscribe"]
        assert {urlsplit(link).netloc for link in cast.links_in(row.body)} == {QUIET_MACHINES}
        assert message["From"] == f"hello@{QUIET_MACHINES}"

    def test_a_passkey_belongs_to_its_ascii_name(self, site, rf):
        request = rf.get("/", headers={"host": f"{MACHINES}:8443"})
        with request_context(request):
            assert get_adapter().get_public_key_credential_rp_entity()["id"] == MACHINES

    def test_an_editor_may_write_its_address_in_either_form(self, site):
        text = f"See http://{PEOPLE}/why/, or http://{MACHINES}/why/, or http://{PEOPLE}."
        assert (list(link_problems(text)), len(list(link_problems("See http://burger.example/.")))) == ([], 1)

    def test_a_citation_shows_its_own_script(self, site):
        statistic = Statistic(text="One in three.", slug="one-in-three")
        assert statistic.citation.endswith(f"http://{PEOPLE}/sources/#one-in-three")

    def test_a_word_that_only_its_own_script_spells_makes_emails_indiscreet(self, site):
        site.COALITION_WORDS = ["réparatrice"]
        assert can_be_discreet() is True
        site.EMAIL_LINK_URL = ascii_url("https://justice-réparatrice.example")
        assert can_be_discreet() is False
