"""`/styleguide/`: every component of the site, for developers; docs/design.md says when to use which.

It is in English only, like the docs, and requires access to the admin.
"""

import re
from itertools import groupby

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Fieldset, Layout
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pages.models import Statistic
from pages.team import team_of
from s4jr.accounts.admin_site import staff_page
from s4jr.accounts.session_timeout import idle
from s4jr.form_fields.long_text import LongTextField


class Sample(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="A line", help_text="Why we ask stands here.")
    words = LongTextField(label="Some lines", required=False)
    place = forms.ChoiceField(label="One of many", choices=[("", "Choose"), ("a", "The first"), ("b", "The second")])
    way = forms.ChoiceField(label="One of few", choices=[("a", "This"), ("b", "That")], widget=forms.RadioSelect)
    times = forms.MultipleChoiceField(
        label="Some of few",
        choices=[("a", "Mornings"), ("b", "Meetings")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    agrees = forms.BooleanField(label="I agree", help_text="What that means stands here.")
    later = forms.CharField(label="What may stay folded", required=False)
    website = forms.CharField(label="For machines", required=False)

    helper = FormHelper()
    helper.form_tag = False
    helper.layout = Layout(
        "name", "words", "place", "way", "times", "agrees",
        Fieldset("If you like, tell us more", "later", template="forms/layout/more.html"),
        Field("website", template="forms/honeypot.html"),
    )  # fmt: skip


class Bare(forms.Form):
    """A form without a crispy layout, as Django's admin and allauth render it."""

    word = forms.CharField(label="A bare field", help_text="Why we ask stands here.")


def example_figure() -> Statistic:
    """An unsaved statistic whose text says that it is an example."""
    return Statistic(label="20 of 100", text="An example: one fifth of the ring is lit.", slug="example", lit=20)


def tokens() -> list[list[tuple[str, str]]]:
    """The (name, value) pairs of the light scheme in file order, in two lists: colors, then all others."""
    css = (settings.BASE_DIR / "static" / "css" / "tokens.css").read_text()
    found = re.findall(r"--([\w-]+):\s+([^;]+);", css.partition("@media")[0])
    kinds = groupby(sorted(found, key=_is_no_colour), _is_no_colour)
    return [list(those) for _kind, those in kinds]


def _is_no_colour(token: tuple[str, str]) -> bool:
    return not token[1].startswith("#")


@idle(minutes=60)
@staff_page
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    colours, measures = tokens()
    shown = {
        "colours": colours,
        "measures": measures,
        "people": team_of(request)[:2],
        "statistic": example_figure(),
        "sample": Sample(auto_id="sample_%s"),
        "wrong": Sample({"name": "", "place": "z"}, auto_id="wrong_%s", prefix="wrong"),
        "bare": Bare({}, auto_id="bare_%s"),
        "answers": [("What we asked", "What was answered"), ("Something else", "An answer of its own")],
    }
    return render(request, "pages/styleguide.html", shown)
