"""The place field: typed or chosen, the form gets a code; text that it cannot resolve stays in the field."""

import pytest
from django import forms

from chapters.place_field import PlaceField
from tests.reading import Page, words


class Form(forms.Form):
    place = PlaceField(label="Place", required=False)


def errors(text):
    form = Form({"place": text})
    return [str(error) for error in form.errors.get("place", [])]


def offered(text):
    form = Form({"place": text})
    form.is_valid()
    page = Page(str(form["place"]))
    return [(box["value"], words(page.one(tag="label", for_=box["id"]))) for box in page.all(type="radio")]


@pytest.mark.parametrize(
    ("text", "code"),
    [("", ""), (" ", ""), ("Ontario", "CA-ON"), ("Ontario, Canada", "CA-ON"), ("PA", "US-PA"), ("France", "FR")],
)
def test_it_returns_the_code(text, code):
    form = Form({"place": text})
    assert (form.is_valid(), form.cleaned_data) == (True, {"place": code})


def test_two_places_of_one_name_are_offered():
    assert errors("Georgia") == ["“Georgia” is more than one place. Choose the one you mean."]
    assert offered("Georgia") == [("US-GA", "Georgia, United States"), ("GE", "Georgia (country)")]


def test_a_typo_offers_the_nearest_names():
    assert errors("Ontaro") == [
        "We don’t know “Ontaro.” Did you mean one of these? Choose it, or correct the spelling."
    ]
    assert offered("Ontaro") == [("CA-ON", "Ontario, Canada")]


def test_a_part_of_another_country_offers_the_country():
    assert offered("Bavaria") == [("DE", "Germany")]


def test_an_unknown_place_says_what_to_do():
    assert errors("xyzzy") == ["We don’t know “xyzzy.” Check the spelling, or enter only the country."]
    assert offered("xyzzy") == []


@pytest.mark.parametrize("text", ["Georgia", "Ontaro", "xyzzy", "<b>x</b>", "x" * 200])
def test_the_typed_text_stays_in_the_field(text):
    form = Form({"place": text})
    assert not form.is_valid()
    assert Page(str(form["place"])).one(type="text")["value"] == text


@pytest.mark.parametrize("chosen", ["US-GA", "GE"])
def test_the_chosen_place_counts(chosen):
    form = Form({"place": "Georgia", "place_meant": chosen})
    assert (form.is_valid(), form.cleaned_data) == (True, {"place": chosen})


@pytest.mark.parametrize("chosen", ["", "XX", "<b>", "DE-BY"])
def test_a_choice_that_was_not_offered_is_ignored(chosen):
    form = Form({"place": "Georgia", "place_meant": chosen})
    assert (form.is_valid(), form["place"].value()) == (False, "Georgia")


def test_choices_of_one_request_do_not_leak_to_the_next():
    offered("Georgia")
    assert Page(str(Form()["place"])).all(type="radio") == []


def test_the_list_starts_with_the_united_states_and_canada():
    page = Page(str(Form()["place"]))
    options = [option["text"] for option in page.all(tag="option")]
    assert (options[:3], page.one(type="text")["list"]) == (
        ["United States", "Canada", "Alabama, United States"], page.one(tag="datalist")["id"]
    )  # fmt: skip
