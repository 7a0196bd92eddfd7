"""The place field: typed or chosen, the form gets a code; text that it cannot resolve stays in the field."""

import pytest
from django import forms

from chapters.place_field import PlaceAnswerMixin, PlaceField
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


# --- codes, long texts, and what nobody sees


@pytest.mark.parametrize("text", ["US-PA", "us-pa", "90210", "GB-SCT", "PR", "Toronto", "🇨🇦", "Ont\u200bario"])
def test_codes_cities_and_postal_codes_give_a_code_and_nothing_of_the_text(text):
    form = Form({"place": text})
    found = {"US-PA": "US-PA", "us-pa": "US-PA", "90210": "US-CA", "GB-SCT": "GB-SCT", "PR": "US-PR"}
    others = {"Toronto": "CA-ON", "🇨🇦": "CA", "Ont\u200bario": "CA-ON"}
    assert (form.is_valid(), form.cleaned_data) == (True, {"place": {**found, **others}[text]})


def test_a_city_of_two_places_offers_both():
    assert offered("Portland") == [("US-OR", "Oregon, United States"), ("US-ME", "Maine, United States")]


def test_a_long_text_gets_an_error_and_no_browser_cuts_it():
    box = Page(str(Form()["place"])).one(type="text")
    assert errors("Ontario" + " " * 80 + "x") == ["This is too long. Enter only a state, province or country."]
    assert ("maxlength" in box, box["list"]) == (False, "id_place_list")


class ExactForm(forms.Form):
    place = PlaceField(label="Place", required=False, any_part=True, confirms=True)


@pytest.mark.parametrize("text", ["US-PA", "Pennsylvania", "pennsylvania, united states", "Pensilvania"])
def test_a_full_name_needs_no_confirmation(text):
    form = ExactForm({"place": text})
    assert (form.is_valid(), form.cleaned_data) == (True, {"place": "US-PA"})


@pytest.mark.parametrize("text", ["PA", "Penn.", "Philadelphia", "19104"])
def test_any_other_text_shows_the_full_name_first_which_then_counts(text):
    form = ExactForm({"place": text})
    assert form.errors["place"] == [
        "Do you mean Pennsylvania, United States? If so, send this again. If not, correct it."
    ]
    shown = Page(str(form["place"])).one(type="text")["value"]
    assert (shown, ExactForm({"place": shown}).is_valid()) == ("Pennsylvania, United States", True)


def test_a_part_of_another_country_counts_where_any_part_does():
    form = ExactForm({"place": "Bavaria"})
    assert (form.is_valid(), form.cleaned_data) == (True, {"place": "DE-BY"})


def test_a_suggested_part_of_another_country_can_be_chosen_there():
    form = ExactForm({"place": "Punjab"})
    assert not form.is_valid()
    codes = [box["value"] for box in Page(str(form["place"])).all(type="radio")]
    assert (len(codes), {"IN-PB", "PK-PB"} <= set(codes)) == (2, True)
    chosen = ExactForm({"place": "Punjab", "place_meant": "PK-PB"})
    assert (chosen.is_valid(), chosen.cleaned_data) == (True, {"place": "PK-PB"})
    assert Form({"place": "Punjab", "place_meant": "PK-PB"}).is_valid() is False


# --- a place and its codes


class AnswerForm(PlaceAnswerMixin):
    pass


@pytest.mark.parametrize(
    ("answers", "codes"),
    [
        ({"place": "Scotland"}, ("GB-SCT", "GB", "GB-SCT")),
        ({"place": "Puerto Rico"}, ("US-PR", "US", "US-PR")),
        ({"country": "PR"}, ("US-PR", "US", "US-PR")),
        ({"region": "GB-WLS"}, ("GB-WLS", "GB", "GB-WLS")),
        ({"country": "GB", "place": "Wales"}, ("GB-WLS", "GB", "GB-WLS")),
        ({"place": "France"}, ("FR", "FR", "")),
        ({}, ("", "", "")),
    ],
)
def test_a_place_sets_its_country_and_region(answers, codes):
    form = AnswerForm(answers)
    assert form.is_valid()
    assert tuple(form.cleaned_data[name] for name in ("place", "country", "region")) == codes
