"""What was typed into a form so far, as initial values for another: in another language, or about another topic."""

from typing import Any

from django import forms
from django.http import QueryDict

#: The button that requests the same page in another language, with what was typed so far.
LANGUAGE_STEP = "language"


def typed_so_far(form_class: type[forms.Form], data: QueryDict) -> dict[str, Any]:
    """Initial values for a form of this class. Nothing is validated: the form may be half filled in."""
    widgets: dict[str, Any] = {name: field.widget for name, field in form_class.base_fields.items()}
    return {name: widget.value_from_datadict(data, {}, name) for name, widget in widgets.items()}
