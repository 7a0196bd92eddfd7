"""The form field for the name that a person goes by."""

import re
import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from s4jr.form_fields.names import NAME_RULES

#: Line breaks and other control characters.
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
#: Letters and symbols that are invisible: the Hangul fillers and the blank Braille pattern.
BLANK = re.compile("[\u115f\u1160\u2800\u3164\uffa0]")
#: Characters that reorder text (UAX #9), and two invisible ones. U+200C and U+200D are allowed: they are letters in
#: Persian and Indic names and joiners in emoji.
DECEPTIVE = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


class NameField(forms.CharField):
    """A name in any script, on one line. Characters that could make it look like another name are removed."""

    default_validators = NAME_RULES

    def to_python(self, value: Any) -> Any:
        return super().to_python(CONTROL.sub(" ", DECEPTIVE.sub("", value)) if value else value)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not any(unicodedata.category(character)[0] in "LNPS" for character in BLANK.sub("", value)):
            raise forms.ValidationError(_("This name looks blank. Enter a name that shows on the screen."))
