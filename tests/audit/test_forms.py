"""The form that asks why a record is opened."""

from s4jr.audit.forms import ReasonForm
from tests.reading import Page


def test_the_browser_does_not_remember_reasons():
    assert Page(ReasonForm().as_div()).one(name="reason")["autocomplete"] == "off"
