from django import forms

from s4jr.form_fields.region_select import RegionSelect
from tests.reading import Page

CHOICES = [("", "Not <said>"), ("CA", [("CA-ON", "Ontario"), ('CA-"X"', "Île & more")]), ("US", "United States")]


def parts(widget, value):
    """Everything in the select as Django would say it, whatever the white space."""
    page = Page(widget(attrs={"class": "wide", "required": True}, choices=CHOICES).render("region", value, {"id": "r"}))
    return [{**element, "text": element["text"].strip()} for element in page.elements if element["tag"] != "select"]


def test_it_says_what_a_select_of_django_says():
    for value in (None, "", "CA-ON", 'CA-"X"', "US", "nowhere"):
        assert parts(RegionSelect, value) == [
            {**element, "text": element["text"].replace("\n", "").replace("  ", "")}
            for element in parts(forms.Select, value)
        ]


def test_its_own_attributes_are_those_of_a_select_of_django():
    said = [
        Page(w(attrs={"class": "wide"}).render("region", "", {"id": "r"})).one(tag="select")
        for w in (RegionSelect, forms.Select)
    ]
    assert {**said[0], "text": ""} == {**said[1], "text": ""}
