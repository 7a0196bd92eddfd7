"""The form that asks for a status code."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from s4jr.form_fields.pasted import PastedCodeField


class StatusCodeForm(forms.Form):
    """A status code, however it was written down. If valid, `whose` is a QuerySet of its one row.

    Subclasses define in `with_code` how the row is found, and in `acts`, TextChoices, which buttons there are; the
    first is to look, which is all that a code does by itself.
    """

    use_required_attribute = False
    WRONG = "wrong"
    acts: type[models.TextChoices]

    code = PastedCodeField(
        label=_("Your code"),
        help_text=_("Twelve letters and numbers. Dashes, spaces and capital letters don’t matter."),
        max_length=60,
        error_messages={"required": _("Enter your code.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def with_code(self, code: str) -> models.QuerySet[Any]:
        """A QuerySet of the row with this code, or of none."""
        raise NotImplementedError

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        self.whose = self.with_code(code)
        if not self.whose.exists():
            raise ValidationError(
                _(
                    "We can’t find anything with this code. Check it for typos. If it’s correct, what it was for "
                    "may have been deleted."
                ),
                code=self.WRONG,
            )
        return code

    @property
    def is_wrong(self) -> bool:
        return self.has_error("code", self.WRONG)

    @property
    def act(self) -> Any:
        """The button that was clicked, as a member of `acts`; if it is unknown, to look."""
        action = self.data.get("do")
        return self.acts(action) if action in self.acts.values else next(iter(self.acts))
