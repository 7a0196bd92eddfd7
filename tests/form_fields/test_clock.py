"""A time of day is read in the ways people write it, in every language."""

from datetime import time

import pytest
from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils.translation import override

from chapters.meetings.meeting_forms import MoveForm
from chapters.meetings.series_form import SeriesForm
from members.announcements.send_forms import ScheduleForm
from s4jr.form_fields.clock import ClockField

HALF_PAST_SEVEN = [
    "19:30", "7:30 PM", "7:30 pm", "7:30PM", "7:30 p.m.", "7:30 P.M.", "7:30 p. m.", "7:30\u00a0p.m.", "7.30 pm",
    "07:30 pm", "7:30 PM\u200e", "\ufeff19:30",
    "7:30p", "19h30", "19 h 30", "19\u00a0h\u00a030", "19H30", "19.30", "19:30 h", "19:30 hrs", "19:30:00",
    " 19:30 ", "１９：３０", "7:30 ｐｍ", "19:30 PM",
]  # fmt: skip
OTHERS = {
    "7 pm": time(19), "7pm": time(19), "7 p.m.": time(19), "19h": time(19), "19 h": time(19), "19 hrs.": time(19),
    "7 am": time(7), "7 a. m.": time(7), "7h": time(7), "7 h 05": time(7, 5), "12 am": time(0),
    "12:30 a.m.": time(0, 30),
    "12 pm": time(12), "12:15 p.m.": time(12, 15), "0:05": time(0, 5), "0 h": time(0), "23:59": time(23, 59),
}  # fmt: skip
NO_TIMES = [
    "7", "19", "730", "7:3", "24:00", "25h", "7:60", "7:30 xm", "13 am", "0:30 am", "0:30 pm", "24 pm", "noon",
    "7:30 pm 8", "-7:30", "7:30:99", "h30", "pm",
]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "fr-ca", "es"])
@pytest.mark.parametrize("text", HALF_PAST_SEVEN)
def test_half_past_seven_in_the_evening_is_read_in_any_spelling_and_language(text, language):
    with override(language):
        assert ClockField().clean(text) == time(19, 30)


@pytest.mark.parametrize(("text", "read"), OTHERS.items())
def test_it_reads_other_times(text, read):
    assert ClockField().clean(text) == read


@pytest.mark.parametrize("text", NO_TIMES)
def test_what_is_no_time_or_could_be_two_gets_an_example(text):
    with pytest.raises(ValidationError) as refused:
        ClockField().clean(text)
    assert refused.value.messages == ["Enter a time, such as 7:30 p.m. or 19:30."]


@pytest.mark.parametrize("text", ["", "  ", None])
def test_without_an_answer_it_asks_for_a_time(text):
    with pytest.raises(ValidationError) as refused:
        ClockField().clean(text)
    assert refused.value.messages == ["Enter a time."]
    assert ClockField(required=False).clean(text) is None


def test_every_form_with_a_time_uses_it():
    fields = [form.base_fields["time_of_day"] for form in (MoveForm, SeriesForm, ScheduleForm)]
    assert [type(field) for field in fields] == [ClockField] * 3
    assert [field.widget.input_type for field in fields] == ["time"] * 3


def test_no_form_of_ours_reads_a_time_with_djangos_field():
    """Every form class that is loaded when the URLs are: a new one with a time needs this field too."""
    assert apps.ready
    found = [
        (form.__module__, name)
        for form in subclasses_of(forms.BaseForm)
        if form.__module__.startswith(("chapters.", "members.", "pages.", "s4jr."))
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, (forms.TimeField, forms.DateTimeField)) and not isinstance(field, ClockField)
    ]
    assert found == []


def subclasses_of(parent):
    for form in parent.__subclasses__():
        yield form
        yield from subclasses_of(form)
