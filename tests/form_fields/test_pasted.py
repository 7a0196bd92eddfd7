"""Codes and links are understood with the invisible characters that a paste brings along."""

import pytest
from django import forms

from s4jr.form_fields.pasted import PastedCodeField, PastedLinkField
from tests.form_fields.test_email import subclasses_of
from tests.test_architecture import OURS, name_of


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("4FK-9QX", "4FK-9QX"),
        ("\ufeff4FK\u200b-9QX\u00ad", "4FK-9QX"),
        ("\u202a4FK-9QX\u202c", "4FK-9QX"),
        ("４ＦＫ－９ＱＸ", "4FK-9QX"),
        ("\u00a04FK 9QX ", "4FK 9QX"),
    ],
)
def test_a_code_is_kept_without_marks(typed, kept):
    assert PastedCodeField().clean(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://meet.example/abc", "https://meet.example/abc"),
        ("meet.example/abc", "https://meet.example/abc"),
        ("\u200bhttps://meet.example/a\u00adbc\ufeff", "https://meet.example/abc"),
        ("<https://meet.example/abc>", "https://meet.example/abc"),
        (" https://meet.example/é?p=ａ ", "https://meet.example/é?p=ａ"),
    ],
)
def test_a_link_is_kept_without_marks_and_otherwise_as_it_is(typed, kept):
    assert PastedLinkField().clean(typed) == kept


def test_every_field_for_a_link_is_this_one():
    bare = [name_of(path) for path in OURS if "forms.URLField" in path.read_text(encoding="utf-8")]
    fields = [field for form in subclasses_of(forms.BaseForm) for field in getattr(form, "base_fields", {}).values()]
    ours = {type(field) for field in fields if isinstance(field, forms.URLField)}
    assert (bare, ours) == (["s4jr.form_fields.pasted"], {PastedLinkField})
