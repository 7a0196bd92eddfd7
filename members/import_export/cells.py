"""The cells of an export in words that people read, in the active language. The import reads the same words."""

from collections.abc import Callable
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext

from chapters.place_search import place_label
from chapters.regions import region_name
from members.applications.ways_to_help import ways_in_words
from members.models import Member
from s4jr.crypto.fields import shown
from s4jr.crypto.unreadable_text import is_unreadable, words_for_people
from s4jr.mail.models import Suppression


def cell_of(member: Member, name: str) -> Any:
    """The value of a column in words: "Approved" for `approved`, "Ontario" for `CA-ON`."""
    value = shown(member, name)
    if is_unreadable(value):
        return words_for_people()  # people read the file outside the admin
    return IN_WORDS[name](member) if name in IN_WORDS else value


def reason_in_words(reason: str) -> str:
    """Why emails to an address are stopped: "The address doesn’t exist" for `bounced`. "" if they are not."""
    return str(capfirst(Suppression.Reason(reason).label)) if reason else ""


#: The columns whose values are codes. The country is unambiguous: "Georgia (country)".
IN_WORDS: dict[str, Callable[[Member], str]] = {
    "status": lambda member: str(capfirst(member.get_status_display())),
    "contact": lambda member: member.get_contact_display(),
    "country": lambda member: place_label(member.country) if member.country else "",
    "region": lambda member: region_name(member.region),
    "language": lambda member: member.language_name,
    "newsletter": lambda member: gettext("Yes") if member.newsletter else gettext("No"),
    "ways_to_help": lambda member: ways_in_words(member.ways_to_help),
}
