"""The form renderer, as screen readers, keyboards and browsers without scripts use it."""

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Div, Field, Fieldset, Layout, Submit
from crispy_forms.utils import render_crispy_form
from django import forms
from django.template import engines
from django.utils import translation

from tests.reading import Page, words

ALLY, SURVIVOR = ("ally", "Ally"), ("survivor", "Survivor")
GOOD = {"name": "Wren", "email": "wren@example.org", "contact": "yes", "agreement": "on"}


class Everything(forms.Form):
    """One field of each kind that the site uses."""

    name = forms.CharField(label="Name to use", help_text="So that we know what to call you.")
    email = forms.EmailField(label="E-mail")
    contact = forms.ChoiceField(
        label="May we write to you?",
        help_text="Choose what is safe.",
        choices=[("yes", "Yes"), ("none", "Do not write to me")],
        widget=forms.RadioSelect,
    )
    agreement = forms.BooleanField(label="I agree", help_text="You can read it first.")
    region = forms.ChoiceField(
        label="Region",
        required=False,
        choices=[("", "–"), ("Canada", [("CA-ON", "Ontario")]), ("US", [("US-ME", "Maine")])],
    )
    relation = forms.MultipleChoiceField(
        label="You are", required=False, choices=[ALLY, SURVIVOR], widget=forms.CheckboxSelectMultiple
    )
    message = forms.CharField(label="Anything else", required=False, widget=forms.Textarea, max_length=10)
    form_token = forms.CharField(required=False, widget=forms.HiddenInput)
    website = forms.CharField(label="Website", required=False)

    helper = FormHelper()
    helper.layout = Layout(
        "form_token",
        Field("website", template="forms/honeypot.html"),
        Fieldset("You", "name", "email", Div("contact", css_class="apart")),
        "agreement",
        Fieldset("Tell us more, if you like", "region", "relation", "message", template="forms/layout/more.html"),
        ButtonHolder(Submit("send", "Send", css_class="button--join")),
    )


def shown(form):
    return Page(render_crispy_form(form))


@pytest.fixture
def empty():
    return shown(Everything())


@pytest.fixture
def failed():
    return shown(Everything({"name": "Wren", "email": "not an address", "message": "far longer than ten"}))


def test_every_input_has_its_own_label(empty):
    answers = [
        e
        for e in empty.elements
        if e["tag"] in {"input", "select", "textarea"} and e.get("type") not in {"hidden", "submit"}
    ]
    labels = [e["for"] for e in empty.all(tag="label")]
    assert sorted(labels) == sorted(answer["id"] for answer in answers)


def test_ids_are_unique(failed):
    ids = [e["id"] for e in failed.elements if "id" in e]
    assert sorted(ids) == sorted(set(ids))


def test_help_text_is_read_out_with_the_field(empty):
    assert empty.one(id="id_name")["aria-describedby"] == "id_name_helptext"
    assert words(empty.one(id="id_name_helptext")) == "So that we know what to call you."
    assert empty.one(id="id_agreement")["aria-describedby"] == "id_agreement_helptext"
    assert words(empty.one(id="id_agreement_helptext")) == "You can read it first."


def test_optional_fields_say_so_and_required_fields_have_no_asterisk(empty):
    assert words(empty.one(tag="label", for_="id_message")) == "Anything else (optional)"
    assert words(empty.one(tag="label", for_="id_name")) == "Name to use"
    assert "*" not in "".join(e["text"] for e in empty.elements)


def test_each_question_has_one_aria_required():
    class Calm(Everything):
        use_required_attribute = False

    page = shown(Calm())
    assert [e["id"] for e in page.elements if e.get("aria-required")] == [
        "id_name", "id_email", "div_id_contact", "id_agreement"
    ]  # fmt: skip
    assert [e["id"] for e in page.elements if "required" in e] == []
    assert page.one(id="div_id_contact")["role"] == "radiogroup"


def test_radios_and_checkboxes_are_in_a_fieldset_with_a_legend(empty):
    radios = empty.one(tag="fieldset", id="div_id_contact")
    assert radios["aria-describedby"] == "id_contact_helptext"
    assert words(radios) == "May we write to you? Choose what is safe. Yes Do not write to me"
    assert words(empty.one(tag="fieldset", id="div_id_relation")) == "You are (optional) Ally Survivor"
    assert [words(e) for e in empty.all(tag="legend")] == ["You", "May we write to you?", "You are (optional)"]


def test_a_select_keeps_its_groups(empty):
    assert [e["label"] for e in empty.all(tag="optgroup")] == ["Canada", "US"]


def test_the_honeypot_is_hidden_from_people(empty):
    trap = empty.one(name="website")
    assert (trap["tabindex"], trap["autocomplete"]) == ("-1", "off")
    assert empty.one(class_="honeypot")["aria-hidden"] == "true"


def test_a_button_has_our_class(empty):
    assert empty.one(name="send")["class"] == "button button--join"


def test_the_form_shows_no_summary_before_a_submission(empty):
    assert empty.all(role="alert") == []
    assert [e["tag"] for e in empty.elements if "aria-invalid" in e] == []


def test_the_summary_takes_focus_without_a_script(failed):
    summary = failed.one(role="alert")
    assert (summary["tabindex"], "autofocus" in summary) == ("-1", True)


def test_the_summary_links_to_each_field_with_an_error(failed):
    links = [(e["href"], words(e)) for e in failed.all(tag="a")]
    assert links == [
        ("#id_email", "E-mail"),
        ("#id_contact_0", "May we write to you?"),
        ("#id_agreement", "I agree"),
        ("#id_message", "Anything else"),
    ]
    assert [words(e) for e in failed.all(tag="li")] == [
        "E-mail Enter a valid email address.",
        "May we write to you? Choose one.",
        "I agree Check this box to continue.",
        "Anything else Use at most 10 characters. This has 19.",
    ]
    targets = {e["id"] for e in failed.elements if "id" in e}
    assert [href for href, _ in links if href[1:] not in targets] == []


def test_an_error_is_read_out_with_its_field(failed):
    email = failed.one(id="id_email")
    assert (email["aria-invalid"], email["aria-describedby"]) == ("true", "id_email_error")
    assert words(failed.one(id="id_email_error")) == "Error: Enter a valid email address."
    assert failed.one(id="div_id_contact")["aria-describedby"] == "id_contact_helptext id_contact_error"
    assert words(failed.one(id="id_contact_error")) == "Error: Choose one."


def test_answers_are_kept(failed):
    assert failed.one(id="id_name")["value"] == "Wren"
    assert failed.one(id="id_email")["value"] == "not an address"
    assert failed.one(id="id_message")["text"].strip() == "far longer than ten"


def test_optional_fields_are_folded_until_the_form_opens_them(empty):
    opened = FormHelper()
    opened.layout = Layout(Fieldset("More", "message", template="forms/layout/more.html", open=True))
    shown = Page(render_crispy_form(Everything(), opened))
    assert ["open" in page.one(tag="details") for page in (empty, shown)] == [False, True]


def test_the_summary_shows_non_field_errors():
    form = Everything(GOOD)
    form.add_error(None, "Please send this once more.")
    assert words(shown(form).one(tag="li")) == "Please send this once more."


def test_user_input_is_escaped():
    form = Everything({**GOOD, "name": '"><script>alert(1)</script>'})
    assert [e["tag"] for e in shown(form).elements if e["tag"] == "script"] == []


def test_the_form_has_novalidate(empty):
    assert "novalidate" in empty.one(tag="form")


def test_a_form_without_a_layout_has_the_same_fields():
    class Plain(forms.Form):
        name = forms.CharField(label="Name to use")

    template = engines["django"].from_string("{% load crispy_forms_tags %}{{ form|crispy }}")
    page = Page(template.render({"form": Plain({})}))
    assert page.one(tag="a")["href"] == "#id_name"
    assert words(page.one(tag="label")) == "Name to use"


def test_the_title_says_that_there_is_a_problem():
    page = engines["django"].from_string("{% extends 'base_neutral.html' %}{% block title %}Join{% endblock %}")
    with translation.override("en"):
        titles = [Page(page.render({"form": form})).one(tag="title")["text"] for form in (Everything(), Everything({}))]
    assert titles == ["Join", "Error: Join"]
