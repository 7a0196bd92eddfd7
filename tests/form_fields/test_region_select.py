from django import forms

from s4jr.form_fields.region_select import RegionSelect
from tests.reading import Page

CHOICES = [("", "Not <said>"), ("CA", [("CA-ON", "Ontario"), ('CA-"X"', "Île & more")]), ("US", "United States")]


def parts(widget, value):
    """Return the elements inside the rendered select, without surrounding white space."""
    page = Page(widget(attrs={"class": "wide", "required": True}, choices=CHOICES).render("region", value, {"id": "r"}))
    return [{**element, "text": element["text"].strip()} for element in page.elements if element["tag"] != "select"]


def test_it_renders_the_same_as_a_django_select():
    for value in (None, "", "CA-ON", 'CA-"X"', "US", "nowhere"):
        assert parts(RegionSelect, value) == [
            {**element, "text": element["text"].replace("\n", "").replace("  ", "")}
            for element in parts(forms.Select, value)
        ]


def test_its_attributes_are_those_of_a_django_select():
    said = [
        Page(w(attrs={"class": "wide"}).render("region", "", {"id": "r"})).one(tag="select")
        for w in (RegionSelect, forms.Select)
    ]
    assert {**said[0], "text": ""} == {**said[1], "text": ""}
