"""What forms say about an answer that is too long, too high or too low: the limit, in plain words.

Set on Django's classes, so that fields of models and of libraries use them too. `LongTextField` has its own.
"""

from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy


def set_limit_messages() -> None:
    MaxLengthValidator.message = ngettext_lazy(
        "Use at most %(limit_value)d character. This has %(show_value)d.",
        "Use at most %(limit_value)d characters. This has %(show_value)d.",
        "limit_value",
    )
    MaxValueValidator.message = _("Enter %(limit_value)s or less.")
    MinValueValidator.message = _("Enter %(limit_value)s or more.")
