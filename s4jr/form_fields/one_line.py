"""A name, or another few words on one line, from a stranger's hand."""

import unicodedata

from django import forms
from django.utils.translation import gettext_lazy as _

#: They show nothing, and are emails in Persian and Indic names and joins in emoji.
JOINERS = "\u200c\u200d"
#: Emails and symbols that show nothing: the Hangul fillers and the blank of Braille.
BLANK = "\u115f\u1160\u2800\u3164\uffa0"


class OneLineField(forms.CharField):
    """Words in any script, as they were typed but for marks that show nothing or could make them read as others."""

    def to_python(self, value):
        return super().to_python("".join(_kept(character) for character in value) if value else value)

    def validate(self, value):
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
