"""What was typed into a form so far, for a fresh one: in another language, or about another topic."""

from typing import Any

from django import forms
from django.http import QueryDict

#: The button of a page that asks for the same page in another language, with what was typed so far.
LANGUAGE_STEP = "language"


def typed_so_far(form_class: type[forms.Form], data: QueryDict) -> dict[str, Any]:
    """Initial values for a form of this class. Nothing is checked: it may be half of a form."""
    fields = form_class.base_fields.items()
    return {name: field.widget.value_from_datadict(data, {}, name) for name, field in fields}
