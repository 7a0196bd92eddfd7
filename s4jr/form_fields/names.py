"""What a name may hold. Names stand in emails and on pages, where mail programs make a link of anything like one."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_LINK = re.compile(r"://|www\.|@", re.IGNORECASE)


def refuse_links(name: str) -> None:
    """Raise ValidationError where a name holds an address, in wide letters or with marks in it that show nothing."""
    plain = unicodedata.normalize("NFKC", name)
    if _LINK.search("".join(character for character in plain if unicodedata.category(character) != "Cf")):
        raise ValidationError(_("Leave links and email addresses out of this: it is shown in emails."))
