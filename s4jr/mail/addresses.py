"""Which addresses can be emailed."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

#: Quoted local parts and encoded words: header parsers extract other addresses from them.
AMBIGUOUS = re.compile(r'["\\\s\x00-\x1f\x7f]|=\?|\?=')


def validate_writable(address: str) -> None:
    """Raise ValidationError if a mail program would read this address as another."""
    if AMBIGUOUS.search(address):
        raise ValidationError(
            _("We can’t send email to an address with quotation marks or “=?” in it. Enter another address.")
        )
