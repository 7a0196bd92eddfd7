"""The box for the name that a person goes by."""

import re
import unicodedata

from django import forms
from django.utils.translation import gettext_lazy as _

from s4jr.form_fields.names import NAME_RULES

#: Marks that turn text round (UAX #9) and two that show nothing. U+200C and U+200D stay: they are emails in Persian
#: and Indic names and joins in emoji.
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
#: Emails and symbols that show nothing: the Hangul fillers and the blank of Braille.
BLANK = re.compile("[\u115f\u1160\u2800\u3164\uffa0]")
DECEPTIVE = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


class NameField(forms.CharField):
    """A name in any script, as it was typed but for marks that could make it read as another, on one line."""

    default_validators = NAME_RULES

    def to_python(self, value):
        return super().to_python(CONTROL.sub(" ", DECEPTIVE.sub("", value)) if value else value)

    def validate(self, value):
        super().validate(value)
        if value and not any(unicodedata.category(character)[0] in "LNPS" for character in BLANK.sub("", value)):
            raise forms.ValidationError(_("This name looks blank. Enter a name that shows on the screen."))
