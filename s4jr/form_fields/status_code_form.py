"""The form that asks for a status code, for whatever the code stands for."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class StatusCodeForm(forms.Form):
    """A status code, however it was written down. Valid, it has `whose`: a QuerySet of the one row it stands for.

    Each kind says in `with_code` how its row is found, and in `acts`, TextChoices, what may be pressed; the first of
    them is to look, which is all that a code does by itself.
    """

    use_required_attribute = False
    WRONG = "wrong"
    acts = None

    code = forms.CharField(
        label=_("Your code"),
        help_text=_("Twelve letters and numbers. Dashes, spaces and capital letters don’t matter."),
        max_length=60,
        error_messages={"required": _("Enter your code.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def with_code(self, code):
        """A QuerySet of the row that this code stands for, or of none."""
        raise NotImplementedError

    def clean_code(self):
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
    def is_wrong(self):
        return self.has_error("code", self.WRONG)

    @property
    def act(self):
        """The button that was pressed; to look where it is none of ours."""
        action = self.data.get("do")
        return self.acts(action) if action in self.acts.values else next(iter(self.acts))
