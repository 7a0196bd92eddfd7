"""The forms to find people. All are sent by POST: no address, code or name may be part of a URL."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chapters.place_field import PlaceField
from members.applications.ways_to_help import WAYS_TO_HELP
from members.find.filters import (
    Filters,
    chapter_choices,
    language_choices,
    month_choices,
    status_choices,
)
from members.find.names import LETTERS_AT_LEAST, can_be_searched, words_of
from members.find.place_filter import name_of_code
from members.models import Member

HELP_WITH_TERM = _("A full email address, a number (No. 4F2A91), a status code, or a name.")
#: Browsers must not remember whom an admin looked for.
_FORGOTTEN = {"autocomplete": "off", "spellcheck": "false"}


class ReasonField(forms.CharField):
    """Why an admin searches. It goes into the access log."""

    def __init__(self, **options: Any) -> None:
        texts = {
            "label": _("Why are you looking for them?"),
            "help_text": _("This goes into the access log, encrypted. One sentence is enough."),
            "error_messages": {"required": _("Say why, in one sentence.")},
        }
        super().__init__(max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off"}), **{**texts, **options})


class FindForm(forms.Form):
    """Whom an admin looks for by address, number or code, and why."""

    use_required_attribute = False

    term = forms.CharField(
        label=_("Who are you looking for?"),
        help_text=HELP_WITH_TERM,
        max_length=254,
        error_messages={"required": _("Enter what you know: an email address, a number, a code or a name.")},
        widget=forms.TextInput(attrs=_FORGOTTEN),
    )
    reason = ReasonField()


class FilterForm(forms.Form):
    """The filters that both searches share."""

    use_required_attribute = False

    place = PlaceField(
        label=_("Place"), help_text=_("A country, state or province, a postal code or a large city"), required=False
    )
    month = forms.ChoiceField(
        label=_("Month applied"), required=False, choices=lambda: [("", _("Any")), *month_choices()]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The list names a place by its code; the box shows its name."""
        super().__init__(*args, **kwargs)
        self.initial["place"] = name_of_code(self.initial.get("place", ""))

    @property
    def filters(self) -> Filters:
        """The chosen filters of a valid form."""
        chosen = {name: value for name, value in self.cleaned_data.items() if name in Filters.__dataclass_fields__}
        return Filters(**chosen)


class NameForm(FilterForm):
    name = forms.CharField(
        label=_("Name"),
        help_text=_(
            "Whole words of the name to use, one of them with three characters or more. Accents and capitals don’t "
            "matter."
        ),
        max_length=120,
        error_messages={"required": _("Enter a word of the name.")},
        widget=forms.TextInput(attrs=_FORGOTTEN),
    )
    reason = ReasonField()
    field_order = ["name", "reason", "place", "month"]

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if not can_be_searched(words_of(name)):
            said = _("Enter a whole word of the name with %(count)d characters or more.")
            raise forms.ValidationError(said % {"count": LETTERS_AT_LEAST})
        return name


class WaysForm(FilterForm):
    ways = forms.MultipleChoiceField(
        label=_("Ways to help"),
        help_text=_("Finds people who offered at least one of these."),
        choices=WAYS_TO_HELP,
        error_messages={"required": _("Check at least one.")},
        widget=forms.CheckboxSelectMultiple,
    )
    reason = ReasonField()
    status = forms.ChoiceField(label=_("Status"), choices=status_choices, initial=Member.Status.APPROVED)
    chapter = forms.ChoiceField(
        label=_("Chapter"), required=False, choices=lambda: [("", _("Any")), *chapter_choices()]
    )
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=lambda: [("", _("Any")), *language_choices()]
    )
    field_order = ["ways", "reason", "status", "place", "chapter", "language", "month"]
