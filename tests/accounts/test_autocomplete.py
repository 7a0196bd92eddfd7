"""No browser stores what is typed in the admin: a name, an address, or the word a person was looked for by."""

import pytest
from django import forms
from django.contrib import admin
from django.urls import reverse

from tests import make
from tests.reading import Page

pytestmark = pytest.mark.django_db
#: Widgets whose text a browser could offer again. A password is the password manager's.
TYPED = (forms.TextInput, forms.Textarea)
LEFT_OUT = (forms.PasswordInput, forms.HiddenInput, forms.DateInput, forms.TimeInput)
#: Form fields that no page shows as a text field, or whose template says it; the text of a page; the style guide.
SAID_ELSEWHERE = {
    "website",
    "back",
    "LineForm",
    "ChapterLineForm",
    "RepresentativeLineForm",
    "TextBlockForm.text",
    "TextListForm.q",
    "Sample",
    "Bare",
}
OURS = ("s4jr.", "chapters.", "members.", "pages.")


def remembered_by(fields):
    """The names of text fields that a browser may remember."""
    typed = {name: field.widget for name, field in fields.items() if isinstance(field.widget, TYPED)}
    shown = {name: widget for name, widget in typed.items() if not isinstance(widget, LEFT_OUT)}
    return [name for name, widget in shown.items() if not widget.attrs.get("autocomplete")]


def with_subclasses(form):
    for one in form.__subclasses__():
        yield one
        yield from with_subclasses(one)


def may_be_typed_into(model_admin, request, record):
    return model_admin.has_add_permission(request) if record is None else model_admin.has_change_permission(request)


@pytest.fixture
def request_of_ada(rf):
    request = rf.get("/")
    request.user = make.admin("ada")
    return request


def test_no_field_of_a_registered_admin_is_remembered(request_of_ada):
    remembered, seen = set(), set()
    for model, model_admin in admin.site._registry.items():
        for record in (None, model()):
            if may_be_typed_into(model_admin, request_of_ada, record):
                fields = model_admin.get_form(request_of_ada, record, change=record is not None).base_fields
                seen.add(model)
                remembered |= {f"{model._meta.label}.{name}" for name in remembered_by(fields)}
    assert (len(seen) > 3, sorted(remembered)) == (True, [])


def test_no_form_of_ours_is_remembered():
    ours = {form for form in with_subclasses(forms.Form) if form.__module__.startswith(OURS)}
    found = {(form.__name__, name) for form in ours for name in remembered_by(form.base_fields)}
    known = {(form, name) for form, name in found if {form, name, f"{form}.{name}"} & SAID_ELSEWHERE}
    assert (len(ours) > 20, sorted(found - known)) == (True, [])


def test_no_search_box_is_remembered(client):
    make.signed_in_staff(client)
    boxes = []
    for model in admin.site._registry:
        page = client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))
        if page.status_code == 200:
            boxes += Page(page.content.decode()).all(id="searchbar")
    assert ({box.get("autocomplete") for box in boxes}, len(boxes) > 3) == ({"off"}, True)


def test_a_field_without_the_attribute_is_found():
    class Form(forms.Form):
        name = forms.CharField()
        secret = forms.CharField(widget=forms.PasswordInput)
        closed = forms.CharField(widget=forms.TextInput(attrs={"autocomplete": "off"}))

    assert remembered_by(Form.base_fields) == ["name"]
