"""One field takes every email address: it keeps what people mean, and says what is wrong with the rest."""

import csv
import importlib
import re
from pathlib import Path

import pytest
from django import forms
from django.apps import apps
from django.contrib import admin
from django.db.models import EmailField

from s4jr.crypto.blind_index import blind_index
from s4jr.form_fields.email import EmailAddressField, EmailAddressInput
from tests import make
from tests.test_architecture import OURS, name_of

INPUTS = Path(__file__).parent.parent / "data" / "email_inputs.csv"
ESCAPE = re.compile(r"\\(?:u([0-9a-f]{4})|(\\))")
PARTS = ("s4jr", "pages", "chapters", "members")


def as_typed(text):
    """A cell of the table; invisible characters are written in it as \\u200b."""
    return ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else "\\", text)


def table():
    with INPUTS.open(encoding="utf-8", newline="") as file:
        return [{name: as_typed(cell) for name, cell in row.items()} for row in csv.DictReader(file)]


ROWS = table()


def kept(typed, **options):
    return EmailAddressField(**options).clean(typed)


def errors_of(typed, **options):
    with pytest.raises(forms.ValidationError) as refused:
        kept(typed, **options)
    return refused.value.messages


@pytest.mark.parametrize("row", [row for row in ROWS if row["kept"]], ids=lambda row: ascii(row["typed"])[:60])
def test_an_address_is_kept_as_people_read_it(row):
    assert kept(row["typed"]) == row["kept"]


@pytest.mark.parametrize("row", [row for row in ROWS if row["error"]], ids=lambda row: ascii(row["typed"])[:60])
def test_an_error_names_what_is_wrong(row):
    assert errors_of(row["typed"]) == [row["error"]]


@pytest.mark.parametrize("row", [row for row in ROWS if row["same_as"]], ids=lambda row: ascii(row["typed"])[:60])
def test_spellings_of_one_address_have_the_same_index(row):
    assert (blind_index(row["typed"]), blind_index(row["kept"])) == (blind_index(row["same_as"]),) * 2


def test_the_table_has_enough_inputs_of_each_kind():
    counts = [sum(bool(row[column]) for row in ROWS) for column in ("kept", "error", "same_as")]
    assert [count >= 60 for count in counts] == [True] * 3
    assert [row for row in ROWS if bool(row["kept"]) == bool(row["error"])] == []


def test_keeping_an_address_again_changes_nothing():
    addresses = {row["kept"] for row in ROWS if row["kept"]}
    assert {kept(address) for address in addresses} == addresses


def test_every_message_is_in_the_table():
    messages = EmailAddressField().error_messages
    known = {without_names(said) for code, said in messages.items() if code not in ("invalid", "suggestion")}
    assert known - {without_names(row["error"]) for row in ROWS} == set()


def without_names(message):
    return re.sub("“[^”]*”", "“…”", str(message))


class Address(forms.Form):
    email = EmailAddressField(required=False)


class TestTypos:
    TYPO = {"email": "Rosalind@gmial.com"}

    def test_a_likely_typo_is_asked_about_once(self):
        form = Address(self.TYPO)
        assert form.errors["email"] == [
            "Did you mean Rosalind@gmail.com? If so, check the box. If the address is right as it is, send this again."
        ]
        assert 'value="Rosalind@gmial.com"' in str(form["email"])
        assert Address({**self.TYPO, "email_asked": "Rosalind@gmial.com"}).is_valid()

    def test_the_box_takes_the_other_address(self):
        form = Address({**self.TYPO, "email_asked": "Rosalind@gmial.com", "email_take": "on"})
        assert (form.errors, form.cleaned_data) == ({}, {"email": "Rosalind@gmail.com"})

    def test_the_box_does_not_replace_an_address_that_was_corrected_since(self):
        form = Address({"email": "r@mailbox.example", "email_asked": "Rosalind@gmial.com", "email_take": "on"})
        assert (form.errors, form.cleaned_data) == ({}, {"email": "r@mailbox.example"})

    def test_another_typo_is_asked_about_again(self):
        form = Address({"email": "Rosalind@gmai.com", "email_asked": "Rosalind@gmial.com"})
        assert form.has_error("email", "suggestion")

    def test_the_page_without_a_typo_has_no_box(self):
        form = Address({"email": "nowhere"})
        assert (form.is_valid(), "email_take" in str(form["email"])) == (False, False)

    def test_a_form_that_asks_elsewhere_takes_it(self):
        assert kept("r@gmial.com", suggests=False) == "r@gmial.com"


def test_an_error_keeps_what_was_typed():
    assert 'value=" Ana &lt;ana@&gt;"' in str(Address({"email": " Ana <ana@>"})["email"])


def test_the_browser_cuts_no_pasted_text():
    assert "maxlength" not in str(Address()["email"])


def test_an_address_that_nobody_may_use_is_not_read():
    form = Address({"email": "nowhere"})
    form.fields["email"].is_unread = True
    assert (form.errors, form.cleaned_data) == ({}, {"email": ""})


# --- every form of the site


def subclasses_of(kind):
    for one in kind.__subclasses__():
        yield one
        yield from subclasses_of(one)


def forms_of_the_admin(request):
    for page in admin.site._registry.values():
        yield from [page.get_form(request).base_fields] if page.has_add_permission(request) else []
        yield page.get_form(request, obj=page.model(), change=True).base_fields


def email_fields(request):
    """Each field of a form of ours that takes an address."""
    for path in OURS:
        if "management" not in path.parts and path.name not in ("wsgi.py", "celery.py", "serve.py"):
            importlib.import_module(name_of(path))
    ours = (form for form in subclasses_of(forms.BaseForm) if form.__module__.partition(".")[0] in PARTS)
    for fields in (*(getattr(form, "base_fields", {}) for form in ours), *forms_of_the_admin(request)):
        yield from (field for field in fields.values() if _takes_an_address(field))


def _takes_an_address(field):
    return isinstance(field, forms.EmailField) or isinstance(field.widget, forms.EmailInput)


@pytest.mark.django_db
def test_every_form_of_the_site_takes_addresses_with_this_field(rf):
    request = rf.get("/")
    request.user = make.admin("ada")
    found = [*email_fields(request)]
    assert len(found) > 10
    assert {(type(field), type(field.widget)) for field in found} == {(EmailAddressField, EmailAddressInput)}


def test_no_file_of_ours_makes_another_field_for_addresses():
    bare = re.compile(r"\b(forms|models)\.EmailField|\bvalidate_email\b|EmailValidator|forms\.EmailInput\(")
    found = [name_of(path) for path in OURS if bare.search(path.read_text(encoding="utf-8"))]
    assert found == ["s4jr.form_fields.email", "s4jr.form_fields.required"]


def test_the_only_model_field_for_addresses_is_the_one_of_django_that_stays_empty():
    ours = [model for model in apps.get_models() if model.__module__.partition(".")[0] in PARTS]
    fields = [field for model in ours for field in model._meta.fields if isinstance(field, EmailField)]
    assert [str(field) for field in fields] == ["accounts.User.email"]
