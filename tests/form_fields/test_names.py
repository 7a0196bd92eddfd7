"""Name fields of visitors, members and representatives refuse links, because emails contain names."""

import importlib
import pkgutil
import time
from importlib.resources import files

import pytest
from django import forms
from django.core.exceptions import ValidationError

import chapters
import members
import s4jr
from chapters.chapter_form import ChapterForm
from chapters.meetings.series_form import SeriesForm
from chapters.models import VolunteerOffer
from chapters.volunteer_offers.admin_forms import OpenChapterForm
from s4jr.form_fields.links import _ENDINGS_FILE, addresses_in
from s4jr.form_fields.names import refuse_links
from tests import make
from tests.reading import Page

LINKS = [
    "https://elsewhere.example",
    "Rosalind http://elsewhere.example/a",
    "ftp://elsewhere.example",
    "www.elsewhere.example",
    "WWW.Elsewhere.example",
    "rosalind@mailbox.example",
    "@rosalind",
    "https\uff1a\uff0f\uff0felsewhere.example",
    "rosalind\uff20mailbox.example",
    "w\u200bww.elsewhere.example",
    "tel:5550100",
]
#: Text that is not written as a URL, but that mail programs turn into a link.
BARE = [
    "elsewhere.com",
    "elsewhere.com/login",
    "bit.ly/abc",
    "Ann (elsewhere.org)",
    "Elsewhere.Com",
    "X.Com",
    "A.B.Co",
    "t.me",
    "-elsewhere.com",
    "ann..elsewhere.com",
    "elsewhere.com.Smith",
    "elsewhere.onion",
    "elsewhere\u3002com",
    "elsewhere\u2024com",
    "\uff45lsewhere\uff0ecom",
    "else\u200bwhere.com",
    "else\u00adwhere.c\u200bom",
    "elsewhere\ufe0f.com",
    "elsewhere.com\u770b\u770b",
    "\u0909\u0926\u093e\u0939\u0930\u0923.\u092d\u093e\u0930\u0924",
    "\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444",
    "elsewhere.xn--p1ai",
    "192.0.2.7",
    "192.0.2.7/login",
    "else\u034fwhere.c\u3164om",
    "elsewhere.ne\u0331t",
    "elsewhere.net\u0331Smith",
]
#: Invisible characters: format characters, tags, joiners, fillers, variation selectors and unassigned code points.
UNSEEN = list(
    "\u00ad\u034f\u115f\u1160\u17b4\u180b\u180e\u200b\u200c\u200d\u200e\u2060\u2061\u2064\u2065\u206a\u3164\ufe0f\ufeff"
    "\uffa0\ufff0\ufff9\U0001bca0\U0001d173\U000e0001\U000e0020\U000e0100"
)
#: A mail program that drops the first character and ends a link at the second turns these into links.
ENDED = [f"elsewhere.com{sign}Smith" for sign in UNSEEN] + [
    "elsewhere.c\u00adom\u2060Smith",
    "1\u2060te\u00adl:5550100",
]
#: Phone numbers: the site sends emails with names to addresses that anyone can type.
PHONES = [
    "Call 1-800-555-0199",
    "+1 416 555 0199",
    "555-0199",
    "5.5.5.0.1.9.9",
    "Rosalind 41\u2060655501\u200b99",
    "\uff14\uff11\uff16\uff15\uff15\uff15\uff10\uff11\uff19\uff19",
    "\u0664\u0661\u0666\u0665\u0665\u0665\u0660",
    "\u2460\u2461\u2462\u2463\u2464\u2465\u2466",
    "4a1b6c5d5e5f0",
]
NAMES = [
    "Rosalind 2004",
    "Rosalind 120387",
    "Rosalind Testperson",
    "J.R. Smith",
    "J.R.Smith",
    "A.B.",
    "D.J.",
    "S.J",
    "St.John",
    "Dr.Smith",
    "dr.smith",
    "Mary-Jane O'Neil",
    "Sammy Jr.",
    "A.C.\u041f\u0443\u0448\u043a\u0438\u043d",
    "\u0410.\u0421.\u041f\u0443\u0448\u043a\u0438\u043d",
    "\u062f.\u0623\u062d\u0645\u062f",
    "\u0915\u0947.\u0906\u0930.\u0928\u093e\u0930\u093e\u092f\u0923\u0928",
    "\u674e\u30fb\u5c0f\u9f8d",
    "Dr.No\u00ebl",
    "Zo\u00eb\u2026",
    "Anne-Marie O'Neill",
    "S. J. Heron",
    "Ms. R.",
    "http",
    "Li/Wei",
    "ن\u200cو",
    "د.علی\u200cرضا",
    "مهدی\u200cزاده",
    "राज\u200dकुमार",
    "एस.कुमार",
    "एस.राज\u200dकुमार",
    "श्री.क\u094d\u200dषमा",
    "St.Jo\u0308rg",
    "Rosalind \u2764\ufe0f\u200d\U0001f525",
    "wwwwow",
    "A: B",
]
#: Fields with a name in their name that emails never contain, or that are tested separately, with the reason.
OTHERWISE = {
    "AddForm.name": "of a passkey: nobody but its owner sees it",
    "NameForm.name": "of a search: it is stored and shown nowhere",
    "OpenChapterForm.name": "its rule is added to a field of the model: see below",
    "ChapterForm.name": "the same",
}


def every_form():
    """Return every form class of the site."""
    for app in (s4jr, chapters, members):
        for module in pkgutil.walk_packages(app.__path__, f"{app.__name__}."):
            if ".migrations" not in module.name and not module.name.startswith(("s4jr.settings", "s4jr.server")):
                importlib.import_module(module.name)
    waiting, found = [forms.BaseForm], set()
    while waiting:
        subclasses = set(waiting.pop().__subclasses__()) - found
        found |= subclasses
        waiting += subclasses
    return [form for form in found if form.__module__.split(".")[0] in ("s4jr", "chapters", "members")]


def name_fields():
    return {
        f"{form.__name__}.{name}": field
        for form in every_form()
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.CharField) and (name.endswith("name") or name == "display_name")
        if name != "username" and f"{form.__name__}.{name}" not in OTHERWISE
    }


def takes(field, value):
    return kept_of(field, value) is not None


def kept_of(field, value):
    """Return the cleaned value, or None if the field refuses it."""
    try:
        return field.clean(value)
    except ValidationError:
        return None


def test_the_name_fields_are_found():
    fields = name_fields()
    expected = {
        "JoinForm.name", "LineForm.name", "InquiryForm.name", "StartForm.chapter_name", "ProfileForm.display_name",
        "DisplayNameForm.display_name", "MessageForm.name", "OfferForm.name",
    }  # fmt: skip
    assert expected - set(fields) == set()


def test_no_name_field_accepts_a_link():
    taken = [(name, link) for name, field in name_fields().items() for link in LINKS + BARE if takes(field, link)]
    assert taken == []


def test_no_name_field_accepts_a_phone_number():
    taken = [(name, said) for name, field in name_fields().items() for said in PHONES if takes(field, said)]
    assert taken == []


def test_a_meeting_title_may_have_date_and_time_and_a_chapter_name_no_phone_number(db):
    title = SeriesForm(user=make.admin()).fields["title"]
    forms_of_chapters = [OpenChapterForm(offer=VolunteerOffer(chapter_name="Lakeside")), ChapterForm()]
    names = ["Lakeside 416 555 0199", "Lakeside https://elsewhere.example", "lake@mailbox.example"]
    assert takes(title, "Skill share 2026-12-03 19:00") is True
    assert [takes(form.fields["name"], name) for form in forms_of_chapters for name in names] == [False] * 6


def test_the_error_for_a_phone_number_says_what_to_do(client, db):
    page = client.post("/join/", {"name": "Call 1-800-555-0199", "contact": "none"}).content.decode()
    assert "Leave out phone numbers. This text appears in emails." in page


def test_no_name_field_accepts_a_link_that_ends_at_an_invisible_character():
    """A field that drops the character keeps a word that leads nowhere."""
    kept = {kept_of(field, link) for field in name_fields().values() for link in ENDED}
    assert kept - {"elsewhere.comSmith"} == {None}


@pytest.mark.parametrize("link", LINKS + BARE + ENDED)
def test_chapter_names_and_meeting_titles_refuse_links_too(db, link):
    opened = OpenChapterForm(offer=VolunteerOffer(chapter_name="Lakeside"))
    series = SeriesForm(user=make.admin())
    assert [takes(opened.fields["name"], link), takes(series.fields["title"], link)] == [False, False]


@pytest.mark.parametrize("name", NAMES)
def test_every_name_field_accepts_names(name):
    assert [at for at, field in name_fields().items() if not takes(field, name)] == []


@pytest.mark.parametrize("link", LINKS + BARE + ENDED)
def test_an_email_text_refuses_what_a_name_refuses(link):
    assert addresses_in(link) != []


@pytest.mark.parametrize("name", LINKS)
def test_the_error_for_a_link_says_what_to_do(name):
    assert sentences_about(name) == ["Leave out links and email addresses. This text appears in emails."]


@pytest.mark.parametrize(("name", "link"), [("Dr.Kim", "Dr.Kim"), ("Ann (bit.ly/a)", "bit.ly/a)"), ("X.Com", "X.Com")])
def test_the_error_says_how_to_write_a_name_that_looks_like_a_link(name, link):
    assert sentences_about(name) == [
        f"Leave out links. “{link}” turns into a link in emails. If this is a name, put a space after the period."
    ]
    assert refuse_links(name.replace(".", ". ")) is None


def sentences_about(name):
    with pytest.raises(ValidationError) as refused:
        refuse_links(name)
    return refused.value.messages


def test_the_form_keeps_the_typed_name(client, db):
    page = Page(client.post("/join/", {"name": "Ann bit.ly/abc", "contact": "none"}).content.decode())
    assert page.one(id="id_name")["value"] == "Ann bit.ly/abc"


def test_the_list_of_top_level_domains_is_current():
    """The list grows a few times a year. If this fails, copy the newer file over ours."""
    newest = files("hypothesis.vendor") / "tlds-alpha-by-domain.txt"
    assert set(newest.read_text().split()[10:]) - set(_ENDINGS_FILE.read_text().split()[10:]) == set()


def test_a_long_name_is_validated_quickly():
    """Validation time grows with the length of the text, not its square: these names would take minutes."""
    for hostile in ("a", "a.", "a-", ".-", "a..", "-.a", "1.", "a:", "@", "a.b-"):
        addresses_in(hostile * 20_000)


def test_a_name_of_very_many_invisible_characters_is_validated_quickly():
    """Each kind of character adds one pass. The field's max_length keeps real names well below this size."""
    unseen = "".join(chr(point) for point in range(0xE0000, 0xE1000))
    before = time.perf_counter()
    refuse_links(f"a.b{unseen}" * 100)
    assert time.perf_counter() - before < 2
    assert [name for name, field in name_fields().items() if not 0 < (field.max_length or 0) < 500] == []
