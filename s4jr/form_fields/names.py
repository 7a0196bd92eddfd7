"""What a name may hold. Names stand in emails and on pages, where mail programs make a link of anything like one."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from s4jr.form_fields.links import links_in_name

_WHAT_TO_DO = _("Leave links out of this: “%(link)s” becomes one in emails. In a name, put a space after the period.")


def refuse_links(name: str) -> None:
    """Raise ValidationError where a name holds an address, in wide letters or with marks in it that show nothing."""
    links = links_in_name(name)
    if any(map(_is_spelled_out, links)):
        raise ValidationError(_("Leave links and email addresses out of this: it is shown in emails."))
    if links:
        raise ValidationError(_WHAT_TO_DO, params={"link": links[0]})


def _is_spelled_out(link: str) -> bool:
    """Whether nobody can mean a name by it."""
    return "@" in link or ":" in link or link.lower().startswith("www.")
