"""A form field for a name or a few other words on one line."""

import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

#: Invisible, but part of the spelling of Persian and Indic names and of emoji.
JOINERS = "\u200c\u200d"
#: Letters and symbols that are invisible: the Hangul fillers and the Braille blank.
BLANK = "\u115f\u1160\u2800\u3164\uffa0"


class OneLineField(forms.CharField):
    """Words in any script, without characters that are invisible or could make them read differently."""

    def to_python(self, value: Any) -> Any:
        return super().to_python("".join(_kept(character) for character in value) if value else value)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not any(_is_seen(character) for character in value):
            raise forms.ValidationError(_("This looks blank. Enter something that shows on the screen."))


def _kept(character):
    kind = unicodedata.category(character)
    if kind in ("Cc", "Zl", "Zp"):
        return " "
    return "" if kind == "Cf" and character not in JOINERS else character


def _is_seen(character):
    return unicodedata.category(character)[0] in "LNPS" and character not in BLANK
