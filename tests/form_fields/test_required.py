"""For a missing answer a form says what to do, never "This field is required." """

import pytest
from django import forms
from django.utils import translation
from django.utils.translation import gettext

from tests.form_fields.test_names import every_form
from tests.reading import Page, words

BARE = "This field is required."


def said_where_nothing_is_given(field):
    return str(field.error_messages["required"])


def test_no_form_of_the_site_uses_djangos_message():
    bare = [
        f"{form.__name__}.{name}"
        for form in every_form()
        for name, field in getattr(form, "base_fields", {}).items()
        if field.required and said_where_nothing_is_given(field) == BARE
    ]
    assert bare == []


@pytest.mark.parametrize(
    ("field", "said"),
    [
        (forms.CharField(), "Fill this in."),
        (forms.IntegerField(), "Fill this in."),
        (forms.EmailField(), "Enter an email address."),
        (forms.ChoiceField(), "Choose one."),
        (forms.TypedChoiceField(), "Choose one."),
        (forms.ModelChoiceField(None), "Choose one."),
        (forms.MultipleChoiceField(), "Choose at least one."),
        (forms.BooleanField(), "Check this box to continue."),
        (forms.FileField(), "Choose a file."),
        (forms.DateField(), "Enter a date."),
        (forms.TimeField(), "Enter a time."),
        (forms.CharField(error_messages={"required": "Enter your name."}), "Enter your name."),
    ],
    ids=lambda value: type(value).__name__,
)
def test_each_kind_of_field_says_what_to_do(field, said):
    assert said_where_nothing_is_given(field) == said


@pytest.mark.django_db
def test_so_do_forms_of_allauth(client):
    page = Page(client.post("/account/login/", {}).content.decode())
    assert words(page.one(id="id_login_error")) == "Error: “Username” is empty. Fill it in."


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "sent", "said"),
    [
        ("/my-details/", {"code": ""}, {"id_code_error": "Enter your code."}),
        ("/my-details/", {"do": "send_link"}, {"id_email_error": "Enter your email address."}),
        (
            "/account/2fa/recovery-codes/sign-in/",
            {"login": ""},
            {"id_login_error": "Enter your sign-in name.", "id_code_error": "Enter one of your recovery codes."},
        ),
    ],
)
def test_a_form_with_one_field_names_it_in_the_error(client, address, sent, said):
    page = Page(client.post(address, sent).content.decode())
    assert {name: words(page.one(id=name)).removeprefix("Error: ") for name in said} == said


class Letter(forms.Form):
    name = forms.CharField()
    about = forms.CharField(label="What is it about?")
    day = forms.DateField()
    own = forms.CharField(error_messages={"required": "Enter a title."})


def test_a_field_without_a_message_of_its_own_is_named():
    assert Letter({}).errors == {
        "name": ["“Name” is empty. Fill it in."],
        "about": ["“What is it about?” is empty. Fill it in."],
        "day": ["Enter a date."],
        "own": ["Enter a title."],
    }


def test_naming_a_field_of_one_form_leaves_the_next_form_alone():
    Letter({}).is_valid()
    assert said_where_nothing_is_given(Letter.base_fields["name"]) == "Fill this in."


def test_the_error_is_in_the_language_of_the_page():
    with translation.override("fr-ca"):
        assert said_where_nothing_is_given(forms.CharField()) == gettext("Fill this in.")
