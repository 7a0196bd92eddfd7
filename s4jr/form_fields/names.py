"""Validators for names. Names appear in emails and on pages, where mail programs turn anything link-like into links."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from s4jr.form_fields.links import as_seen, links_in_name

_WHAT_TO_DO = _(
    "Leave out links. “%(link)s” turns into a link in emails. If this is a name, put a space after the period."
)

#: The shortest phone number that can be called from elsewhere has 7 digits. A year, or a year and an age, has fewer.
_PHONE_NUMBER = 7


def refuse_links(name: str) -> None:
    """Raise ValidationError if a name holds an address, also in full-width letters or with invisible characters."""
    links = links_in_name(name)
    if any(map(_is_spelled_out, links)):
        raise ValidationError(_("Leave out links and email addresses. This text appears in emails."))
    if links:
        raise ValidationError(_WHAT_TO_DO, params={"link": links[0]})


def refuse_phone_numbers(name: str) -> None:
    """Raise ValidationError if a name holds as many digits as a phone number, in any script and with any separators."""
    if sum(map(str.isdecimal, as_seen(name))) >= _PHONE_NUMBER:
        raise ValidationError(_("Leave out phone numbers. This text appears in emails."))


#: Validators of every field for the name of a person or a chapter: see docs/decisions/0019.
NAME_RULES = [refuse_links, refuse_phone_numbers]


def _is_spelled_out(link: str) -> bool:
    """Whether it cannot be meant as a name."""
    return "@" in link or ":" in link or link.lower().startswith("www.")
