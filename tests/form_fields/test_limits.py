"""An answer over a limit is told the limit, in plain words."""

import pytest
from django import forms

from chapters.models import Chapter


class Limits(forms.Form):
    name = forms.CharField(max_length=5)
    year = forms.IntegerField(min_value=1990, max_value=2030)


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"name": "sevenly", "year": "2000"}, {"name": ["Use at most 5 characters. This has 7."]}),
        ({"name": "five", "year": "1989"}, {"year": ["Enter 1990 or more."]}),
        ({"name": "five", "year": "2031"}, {"year": ["Enter 2030 or less."]}),
    ],
)
def test_a_form_says_the_limit(answers, said):
    assert Limits(answers).errors == said


def test_so_does_a_form_made_from_a_model():
    form = forms.modelform_factory(Chapter, fields=["area"])({"area": "a" * 121})
    assert form.errors == {"area": ["Use at most 120 characters. This has 121."]}
