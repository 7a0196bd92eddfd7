"""Long text: a line ending is one character, and no pasted text is cut silently."""

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
def test_every_line_ending_counts_as_one_character(end):
    assert LongTextField(max_length=3).clean(f"a{end}b") == "a\nb"


def test_the_error_for_long_text_states_the_limit():
    with pytest.raises(forms.ValidationError) as problem:
        LongTextField(max_length=3).clean("a\r\nbc")
    assert problem.value.messages == ["Shorten this to 3 characters or fewer. It has 4 now."]


def test_the_textarea_does_not_cut_pasted_text():
    class Email(forms.Form):
        words = LongTextField(max_length=3, rows=4)

    assert 'rows="4"' in str(Email()["words"])
    assert "maxlength" not in str(Email()["words"])


def test_a_text_that_is_too_long_is_shown_again_in_full():
    class Email(forms.Form):
        words = LongTextField(max_length=3)

    assert "all of it" in str(Email({"words": "all of it"})["words"])


# --- every form of the project


def subclasses_of(kind):
    for one in kind.__subclasses__():
        yield one
        yield from subclasses_of(one)


def our_forms():
    """Return {name: fields} of every form class of the project."""
    for path in OURS:
        if "management" not in path.parts and path.name not in ("wsgi.py", "celery.py", "serve.py"):
            importlib.import_module(name_of(path))
    found = {f"{one.__module__}.{one.__qualname__}": one for one in subclasses_of(BaseForm)}
    # A mixin for forms has no fields yet.
    return {name: getattr(one, "base_fields", {}) for name, one in found.items() if name.partition(".")[0] in PARTS}


def forms_of_the_admin(request):
    """Return {name: fields} of every form that the admin builds from a model, including inlines."""
    for model, page in admin.site._registry.items():
        if page.has_add_permission(request):
            yield model.__name__, page.get_form(request).base_fields
        if page.has_change_permission(request):
            yield f"{model.__name__} (change)", page.get_form(request, obj=model(), change=True).base_fields
        for formset, inline in page.get_formsets_with_inlines(request):
            yield f"{model.__name__} > {inline.model.__name__}", formset.form.base_fields


def textareas_that_cut(named_fields):
    boxes = [
        (f"{name}.{field_name}", field)
        for name, fields in named_fields
        for field_name, field in fields.items()
        if isinstance(field.widget, (forms.Textarea, AdminTextareaWidget))
    ]
    assert len(boxes) > 3
    return [name for name, field in boxes if not isinstance(field, LongTextField) or "maxlength" in field.widget.attrs]


def test_our_forms_use_this_field_for_long_text():
    assert textareas_that_cut(our_forms().items()) == []


@pytest.mark.django_db
def test_the_admin_uses_this_field_for_long_text():
    request = RequestFactory().get("/")
    request.user = make.admin()
    assert textareas_that_cut(forms_of_the_admin(request)) == []


def test_no_template_has_a_textarea_that_cuts():
    cutting = re.compile(r"<textarea[^>]*maxlength")
    pages = [path for path in (ROOT / "templates").rglob("*.html") if cutting.search(path.read_text())]
    assert [path.relative_to(ROOT).as_posix() for path in pages] == []


def test_only_this_field_normalizes_line_endings():
    """With one place, no form counts line endings twice."""
    rewrites = [name_of(path) for path in OURS if re.search(r'replace\("\\r\\n"', path.read_text())]
    assert rewrites == ["s4jr.form_fields.long_text"]
