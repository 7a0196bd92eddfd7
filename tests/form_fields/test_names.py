"""No field in which a stranger, a member or a representative types a name takes a link: names stand in emails."""

import importlib
import pkgutil

import pytest
from django import forms
from django.core.exceptions import ValidationError

import chapters
import members
import s4jr
from chapters.meetings.host_forms import SeriesForm
from chapters.models import Offer
from chapters.offers.desk_forms import OpenChapterForm
from s4jr.form_fields.names import refuse_links
from tests import make

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
]
NAMES = [
    "Rosalind Testperson",
    "Anne-Marie O'Neill",
    "S. J. Heron",
    "Ms. R.",
    "http",
    "Li/Wei",
    "ن\u200cو",
    "wwwwow",
    "A: B",
]
#: What is a name by its name and yet none that stands in an email: each is said why.
OTHERWISE = {
    "AddForm.name": "of a passkey: nobody but its owner sees it",
    "OpenChapterForm.name": "its rule is added to a field of the model: see below",
}


def every_form():
    """Every form class of the site that is written down."""
    for app in (s4jr, chapters, members):
        for module in pkgutil.walk_packages(app.__path__, f"{app.__name__}."):
            if ".migrations" not in module.name and not module.name.startswith(("s4jr.settings", "s4jr.serve")):
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
        if isinstance(field, forms.CharField) and (name.endswith("name") or name == "known_as")
        if name != "username" and f"{form.__name__}.{name}" not in OTHERWISE
    }


def takes(field, value):
    try:
        field.clean(value)
    except ValidationError:
        return False
    return True


def test_the_fields_for_names_are_found():
    fields = name_fields()
    expected = {
        "JoinForm.name", "LineForm.name", "EnquiryForm.name", "StartForm.chapter_name", "CardForm.display_name",
        "KnownAsForm.known_as", "MessageForm.name", "OfferForm.name",
    }  # fmt: skip
    assert expected - set(fields) == set()


def test_no_field_for_a_name_takes_a_link():
    taken = [(name, link) for name, field in name_fields().items() for link in LINKS if takes(field, link)]
    assert taken == []


@pytest.mark.parametrize("link", LINKS)
def test_nor_does_the_name_of_a_chapter_that_is_opened_or_the_title_of_a_meeting(db, link):
    opened = OpenChapterForm(offer=Offer(chapter_name="Lakeside"))
    series = SeriesForm(user=make.admin())
    assert [takes(opened.fields["name"], link), takes(series.fields["title"], link)] == [False, False]


@pytest.mark.parametrize("name", NAMES)
def test_every_field_for_a_name_takes_a_name(name):
    assert [at for at, field in name_fields().items() if not takes(field, name)] == []


@pytest.mark.parametrize("name", LINKS)
def test_the_sentence_says_what_to_do(name):
    with pytest.raises(ValidationError) as refused:
        refuse_links(name)
    assert refused.value.messages == ["Leave links and email addresses out of this: it is shown in emails."]
