"""Long text: a line end is one character, and nothing that somebody pastes is cut without a word."""

import importlib
import re

import pytest
from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.forms.forms import BaseForm
from django.test import RequestFactory

from s4jr.form_fields.long_text import LongTextField
from tests import make
from tests.test_architecture import OURS, ROOT, name_of

PARTS = ("s4jr", "pages", "chapters", "members")


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_a_line_end_is_one_character_however_it_is_written(end):
    assert LongTextField(max_length=3).clean(f"a{end}b") == "a\nb"


def test_a_text_that_is_too_long_says_how_long_it_may_be():
    with pytest.raises(forms.ValidationError) as problem:
        LongTextField(max_length=3).clean("a\r\nbc")
    assert problem.value.messages == ["Shorten this to 3 characters or fewer. It has 4 now."]


def test_its_box_does_not_cut_what_is_pasted():
    class Email(forms.Form):
        words = LongTextField(max_length=3, rows=4)

    assert 'rows="4"' in str(Email()["words"])
    assert "maxlength" not in str(Email()["words"])


def test_a_text_that_is_too_long_comes_back_whole():
    class Email(forms.Form):
        words = LongTextField(max_length=3)

    assert "all of it" in str(Email({"words": "all of it"})["words"])


# --- every form of the project


def subclasses_of(kind):
    for one in kind.__subclasses__():
        yield one
        yield from subclasses_of(one)


def our_forms():
    """{name: its fields} of every form class that the project writes."""
    for path in OURS:
        if "management" not in path.parts and path.name not in ("wsgi.py", "celery.py", "serve.py"):
            importlib.import_module(name_of(path))
    found = {f"{one.__module__}.{one.__qualname__}": one for one in subclasses_of(BaseForm)}
    return {name: one.base_fields for name, one in found.items() if name.partition(".")[0] in PARTS}


def forms_of_the_admin(request):
    """{name: its fields} of every form that the admin makes from a model, inlines too."""
    for model, page in admin.site._registry.items():
        if page.has_add_permission(request):
            yield model.__name__, page.get_form(request).base_fields
        if page.has_change_permission(request):
            yield f"{model.__name__} (change)", page.get_form(request, obj=model(), change=True).base_fields
        for formset, inline in page.get_formsets_with_inlines(request):
            yield f"{model.__name__} > {inline.model.__name__}", formset.form.base_fields


def boxes_that_cut(named_fields):
    boxes = [
        (f"{name}.{field_name}", field)
        for name, fields in named_fields
        for field_name, field in fields.items()
        if isinstance(field.widget, (forms.Textarea, AdminTextareaWidget))
    ]
    assert len(boxes) > 3
    return [name for name, field in boxes if not isinstance(field, LongTextField) or "maxlength" in field.widget.attrs]


def test_every_box_for_long_text_in_our_forms_is_this_field():
    assert boxes_that_cut(our_forms().items()) == []


@pytest.mark.django_db
def test_every_box_for_long_text_in_the_admin_is_this_field():
    request = RequestFactory().get("/")
    request.user = make.admin()
    assert boxes_that_cut(forms_of_the_admin(request)) == []


def test_no_template_writes_a_box_that_cuts():
    cutting = re.compile(r"<textarea[^>]*maxlength")
    pages = [path for path in (ROOT / "templates").rglob("*.html") if cutting.search(path.read_text())]
    assert [path.relative_to(ROOT).as_posix() for path in pages] == []


def test_nothing_else_rewrites_line_ends():
    """One place does, so no form counts them twice."""
    rewrites = [name_of(path) for path in OURS if re.search(r'replace\("\\r\\n"', path.read_text())]
    assert rewrites == ["s4jr.form_fields.long_text"]
