"""What a name may hold. Names stand in emails and on pages, where mail programs make a link of anything like one."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from s4jr.form_fields.links import as_seen, links_in_name

_WHAT_TO_DO = _(
    "Leave out links. “%(link)s” turns into a link in emails. If this is a name, put a space after the period."
)

#: No number that can be called from elsewhere is shorter. A year, or an age beside it, is.
_PHONE_NUMBER = 7


def refuse_links(name: str) -> None:
    """Raise ValidationError where a name holds an address, in wide emails or with marks in it that show nothing."""
    links = links_in_name(name)
    if any(map(_is_spelled_out, links)):
        raise ValidationError(_("Leave out links and email addresses. This text appears in emails."))
    if links:
        raise ValidationError(_WHAT_TO_DO, params={"link": links[0]})


def refuse_phone_numbers(name: str) -> None:
    """Raise ValidationError where a name holds as many digits as a phone number, of any script, whatever is between."""
    if sum(map(str.isdecimal, as_seen(name))) >= _PHONE_NUMBER:
        raise ValidationError(_("Leave out phone numbers. This text appears in emails."))


#: The validators of every field for the name of a person or a chapter: see docs/decisions/0019.
NAME_RULES = [refuse_links, refuse_phone_numbers]


def _is_spelled_out(link: str) -> bool:
    """Whether nobody can mean a name by it."""
    return "@" in link or ":" in link or link.lower().startswith("www.")
