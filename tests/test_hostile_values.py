"""No value that an admin form accepts makes a public page fail; the test covers every field of every registered form.

Each value goes into every field that accepts it, in rows next to each other; then the test requests every public page.
The suite sends half of the values in new rows and the other half in changes of them, and reads the pages once for all
models, in English and French; with ATTACK=long it tests each model alone, every value both ways, in all languages.
"""

import os
import re
from collections import Counter
from html import unescape
from itertools import count

import pytest
from django import forms
from django.contrib import admin
from django.http import QueryDict
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from s4jr.accounts.models import User
from s4jr.content.files import all_files, digest
from s4jr.content.models import TextBlock
from tests import make
from tests.chapters import cast
from tests.crawl import inside_site
from tests.hostile_values import HOSTILE

pytestmark = pytest.mark.django_db

#: Values that make a row complete enough for pages to show it, by field name; other fields get a value by type.
WHOLE = {
    "address": "somebody{n}@mailbox.example", "audience": "news", "body": "Words.", "chapter": "", "country": "CA",
    "discreet_body": "Words.", "place": "CA-ON", "region": "CA-ON", "slug": "row-{n}",
    "status": "open",
    "username": "row.{n}", "is_known": "", "is_active": "on", "lit": "1", "ticks": "100", "remove_photo": "",
    "is_superuser": "", "ends_on": "", "language": "en",
}  # fmt: skip
#: What a first page chooses, where the add form comes second.
CHOSEN_FIRST = {"members_announcement": "?audience=news"}
BESIDE_PAGES = ["/robots.txt", "/sitemap.xml", "/meetings.ics", "/.well-known/security.txt"]
LONG = os.environ.get("ATTACK") == "long"
PREFIXES = ["", "/fr", "/es"] if LONG else ["", "/fr"]
#: HOSTILE groups values by kind, so each half has some of every kind.
ADDED, CHANGED = ({tries: HOSTILE[tries] for tries in [*HOSTILE][half::2]} for half in (0, 1))
NOT_READ = re.compile(r"(/fr|/es)?/(exit|account|static)/")
SEARCHES_OF_ONE_PAGE = 5
numbers = count(1)


def forms_of_the_admin():
    """Return each model whose registered admin shows an add form to a superuser."""
    request = RequestFactory().get("/")
    request.user = User(is_superuser=True, is_staff=True, is_active=True)
    return [model for model, its in admin.site._registry.items() if its.has_add_permission(request)]


#: Answers to questions that a form asks only once it knows the others.
ASKED_LATER = {"beside": "together"}


def whole(form):
    """Return what a careful admin submits: every field filled in."""
    number = next(numbers)
    return ASKED_LATER | {name: _whole_value(form, name, field, number) for name, field in single_fields(form).items()}


def single_fields(form):
    """Return the fields without multiple choices, of which none is selected."""
    many = (forms.ModelMultipleChoiceField, forms.MultipleChoiceField)
    return {name: field for name, field in form.fields.items() if not isinstance(field, many)}


def _whole_value(form, name, field, number):
    if name in WHOLE and _is_offered(field, WHOLE[name]):
        return WHOLE[name].format(n=number)
    if isinstance(field, forms.FileField):
        return ""
    if isinstance(field.widget, forms.HiddenInput):
        return form.get_initial_for_field(field, name) or ""
    if isinstance(field, forms.BooleanField):
        return "on"
    return _value_of_kind(form, name, field, number)


def _is_offered(field, value):
    """Forms of two models may have a field of one name with other choices, such as the audience."""
    return not value or not isinstance(field, forms.ChoiceField) or value in {str(key) for key, _ in field.choices}


def _value_of_kind(form, name, field, number):
    kinds = {
        forms.URLField: f"https://elsewhere.example/{number}",
        forms.DateField: timezone.localdate().isoformat(),
        forms.IntegerField: "1",
        forms.EmailField: f"row{number}@mailbox.example",
    }
    found = next((value for kind, value in kinds.items() if isinstance(field, kind)), None)
    if found is None and hasattr(field, "choices"):
        return form.get_initial_for_field(field, name) or next(str(key) for key, _ in field.choices if key)
    return found or f"Row {number}"


def form_on(response):
    """Return the form of an admin page, ours or Django's; None if the submission was accepted."""
    if response.status_code != 200 or response.context is None:
        return None
    shown = response.context.get("adminform")
    return shown.form if shown else response.context.get("form")


def taken(field, value):
    """Return the cleaned value; None if the field refuses it or takes no text."""
    if isinstance(field, forms.FileField):
        return None
    try:
        return field.clean(value)
    except forms.ValidationError:
        return None


def is_text(field):
    """Return whether the field takes a value that does not hide its row, as an end date would.

    A hidden field holds a token of ours, and accepts nothing else.
    """
    is_hidden = isinstance(field.widget, forms.HiddenInput)
    return isinstance(field, forms.CharField) and not hasattr(field, "choices") and not is_hidden


class Sender:
    """Submits values in the forms of one model; `.kept` holds what they accepted, as (field, what the value attempts).

    `.tried` holds the values that were put into every field.
    """

    def __init__(self, client, model):
        self.client, self.name = client, f"{model._meta.app_label}_{model._meta.model_name}"
        self.model, self.kept, self.done, self.tried = model, set(), set(), set()
        self.add_address = reverse(f"admin:{self.name}_add") + CHOSEN_FIRST.get(self.name, "")
        self.form = form_on(client.get(self.add_address))

    def add(self, tries, value):
        """Add a row with the value in every text field, and one for each other field that gets a new value from it."""
        texts = [name for name, field in self.form.fields.items() if is_text(field) and taken(field, value) is not None]
        self.tried.add(tries)
        self._send(self.add_address, self._whole(), tries, value, texts)
        for name, field in self.form.fields.items():
            made = (name, repr(taken(field, value)))
            is_other = not is_text(field) and not isinstance(field, forms.CharField)
            if is_other and made[1] != "None" and made not in self.done:
                self.done.add(made)
                self._send(self.add_address, self._whole(), tries, value, [name])

    def change(self, row, tries, value):
        """Put the value into every text field of an existing row; other fields keep what the form shows."""
        self.tried.add(tries)
        form = type(self.form)(instance=row)
        known = {name: _as_sent(form, name, field) for name, field in single_fields(form).items()}
        texts = [name for name, field in form.fields.items() if is_text(field) and taken(field, value) is not None]
        self._send(self._change_address(row), known, f"{tries}, changed", value, texts)

    def problems_of_a_whole_row(self):
        """Return the errors of a form filled from WHOLE; with errors the test would cover nothing."""
        sent = QueryDict(mutable=True)
        sent.update(self._whole())
        return dict(type(self.form)(sent).errors)

    def can_change(self):
        """Return whether the same form changes a row; some models have a page of actions instead."""
        row = self.model.objects.last()
        page = row and self.client.get(self._change_address(row))
        return bool(row) and isinstance(form_on(page), forms.ModelForm) and page.context["has_change_permission"]

    def _change_address(self, row):
        return reverse(f"admin:{self.name}_change", args=[row.pk])

    def _whole(self):
        """Fill the form, with a fresh token if it may be sent only once."""
        form = self.form
        if "form_token" in form.fields:
            form = form_on(self.client.get(self.add_address))
        return whole(form)

    def _send(self, address, known, tries, value, names):
        """Submit the value in as many of these fields as the form accepts together."""
        while names:
            form = form_on(self.client.post(address, {**known, **dict.fromkeys(names, value)}))
            if form is None:
                self.kept |= {(name, tries) for name in names}
                return
            refused = {name for name in names if name in form.errors} or {names[-1]}
            names = [name for name in names if name not in refused]


def _as_sent(form, name, field):
    value = form[name].value()
    if isinstance(field, forms.BooleanField):
        return "on" if value else ""
    return "" if value is None or isinstance(field, forms.FileField) else value


def every_public_page():
    """Return {path: status} of every page that a visitor reaches through links, in every language."""
    client = Client(raise_request_exception=False)
    queue = [*(f"{prefix}/" for prefix in PREFIXES), *BESIDE_PAGES]
    found, searches = {}, Counter()
    while queue:
        path = queue.pop()
        base, _, search = path.partition("?")
        if path in found or NOT_READ.match(path) or (search and searches[base] >= SEARCHES_OF_ONE_PAGE):
            continue
        searches[base] += bool(search)
        answer = client.get(path)
        found[path] = answer.status_code
        if answer.get("Content-Type", "").startswith("text/html"):
            links = re.findall(r'(?:href|src)="([^"]*)"', answer.content.decode())
            queue += [inside for link in links if (inside := inside_site(path, unescape(link)))]
    return found


def broken():
    pages = every_public_page()
    assert len(pages) > 60  # the crawl found the site
    return sorted(path for path, status in pages.items() if status >= 500)


@pytest.fixture
def ada(client):
    return make.signed_in_staff(client)


@pytest.mark.parametrize("models", [[model] for model in forms_of_the_admin()] if LONG else [forms_of_the_admin()])
def test_no_value_that_an_admin_form_accepts_breaks_a_public_page(client, ada, settings, models):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
    settings.OPENINGS_AN_HOUR = 5000  # each typed address counts
    cast.representative()
    changing = []
    for model in models:
        sender = Sender(client, model)
        add_rows(sender)
        if sender.can_change():
            changing.append(sender)
    assert broken() == []
    for sender in changing:
        change_rows(sender)
    assert broken() == []


def add_rows(sender):
    """Models that cannot be changed take every value here; the others take the rest in `change_rows`."""
    assert sender.problems_of_a_whole_row() == {}
    for tries, value in ADDED.items():
        sender.add(tries, value)
    if LONG or not sender.can_change():
        for tries, value in CHANGED.items():
            sender.add(tries, value)
    assert sender.kept != set(), sender.name


def change_rows(sender):
    values = reversed((HOSTILE if LONG else CHANGED).items())
    for row, (tries, value) in zip(sender.model.objects.order_by("pk"), values, strict=False):
        sender.change(row, tries, value)
    assert {tries for _name, tries in sender.kept if tries.endswith(", changed")} != set(), sender.name
    assert len(sender.tried) >= 60, sender.name


def texts_of_pages():
    """Return (key, language) of the texts that pages show."""
    return sorted(at for at in all_files() if not at[0].startswith("emails/"))


def rounds(values, size):
    values = list(values)
    return [values[start : start + size] for start in range(0, len(values), size)]


def test_no_value_that_the_text_editor_accepts_breaks_a_public_page(client, ada):
    texts, saved = texts_of_pages(), set()
    for values in rounds(HOSTILE.items(), len(texts)):
        for (key, language), (tries, value) in zip(texts, values, strict=False):
            seen = digest(TextBlock.objects.get(key=key, language=language).text)
            text = {"text": f"# {value}\n\n{value}", "seen": seen}
            if client.post(f"/words/{key}/?language={language}", text).status_code == 302:
                saved.add(tries)
        assert broken() == []
    assert len(saved) > 100
