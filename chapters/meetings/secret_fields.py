"""Form fields for what only people who are going may see: the meeting link, and the street address or dial-in.

A saved value is never rendered, and no public text may repeat it.
"""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _

from chapters.meetings.widgets import UnshownLinkInput, UnshownTextarea
from chapters.models import Meeting, MeetingSeries
from s4jr.crypto.fields import readable
from s4jr.form_fields.links import as_seen
from s4jr.form_fields.long_text import LongTextField
from s4jr.form_fields.pasted import PastedLinkField

if TYPE_CHECKING:
    from django.utils.functional import StrPromise

LEAKS = _("The meeting link goes only to people who RSVP, by email. Leave it out of the text.")
VENUE_LEAKS = _("Only people who are going see the street address or phone number. Leave it out of the text.")

KEPT_SECRET = _(
    "We store it encrypted and never show it, so if this page comes back with an error, enter it again. You "
    "can also add it later."
)
REMOVE_BY_SAVING_EMPTY = _(
    "We store it encrypted and never show it again, here or anywhere else. To remove it, save this field empty."
)
#: Who sees the venue and when; `members.rsvps` decides it.
WHO_SEES_THE_VENUE = _(
    "Members who are going see it on their own page, from 24 hours before the meeting until it ends. Guests see it "
    "only if you accept them by name. It is never in an email or a calendar. We store it encrypted and don’t show it "
    "to you again. You can add it later."
)
WHO_SEES_THE_SAVED_VENUE = _(
    "Members who are going see it on their own page, from 24 hours before the meeting until it ends. Guests see it "
    "only if you accept them by name. It is never in an email or a calendar. We store it encrypted and don’t show it "
    "to you again. To remove it, save this field empty."
)
#: Shorter parts of a street address or dial-in are not searched for: "12" is in many texts.
SHORTEST_PART = 5
#: A phone number or code, however it is written: digits with spaces or signs between. A comma ends it.
NUMBER = re.compile(r"\d(?:[\s()+./\u2010-\u2015-]*\d)*")
#: Shorter numbers are house numbers and times of day.
SHORTEST_NUMBER = 6
#: Digits of a phone number in the United States and Canada, without the 1 before it.
WITHOUT_COUNTRY = 10


def link_field(help_text: "StrPromise") -> PastedLinkField:
    return PastedLinkField(
        label=_("Meeting link"),
        max_length=500,
        required=False,
        widget=UnshownLinkInput(attrs={"autocomplete": "off"}),
        help_text=help_text,
    )


def venue_field(help_text: "StrPromise") -> LongTextField:
    return LongTextField(
        label=_("Street address, or phone number and code"),
        max_length=500,
        required=False,
        widget=UnshownTextarea(attrs={"rows": 3, "autocomplete": "off"}),
        help_text=help_text,
    )


def require_https(link: str) -> str:
    """The link; a ValidationError if it has another scheme. No link is fine."""
    if link and urlsplit(link).scheme != "https":
        raise forms.ValidationError(_("Enter a link that starts with https://."))
    return link


# --- public text that repeats one of them


def leak_in(texts: Iterable[str], *, link: str = "", venue: str = "") -> "StrPromise | None":
    """The error for texts that contain the link or the venue; None if they contain neither."""
    texts = list(texts)
    if names_link(link, *texts):
        return LEAKS
    return VENUE_LEAKS if names_venue(venue, *texts) else None


def leak_about(meeting: Meeting, *texts: str) -> "StrPromise | None":
    """The same for the link and the venue of one meeting, its own and those of its series."""
    holders: list[Meeting | MeetingSeries] = [meeting, *([meeting.series] if meeting.series else [])]
    leaks = (leak_in(texts, link=readable(one, "join_link"), venue=readable(one, "venue")) for one in holders)
    return next(filter(None, leaks), None)


def names_link(link: str, *texts: str) -> bool:
    """Whether one of the texts contains the host and path of the link."""
    parts = urlsplit(link)
    return bool(parts.netloc) and any(f"{parts.netloc}{parts.path}".lower() in text.lower() for text in texts)


def names_venue(venue: str, *texts: str) -> bool:
    """Whether one of the texts contains a part of the venue that has a number, such as "12 Elm Street".

    A phone number is found with any separators, and with or without the code of its country.
    """
    parts = [_plain_words(part) for part in re.split(r"[,;\n]", venue) if re.search(r"\d", part)]
    searched = [part for part in parts if len(part) >= SHORTEST_PART]
    numbers = [number[-WITHOUT_COUNTRY:] for number in _numbers_in(venue)]
    return any(
        any(f" {part} " in f" {_plain_words(text)} " for part in searched) or _has_number(text, numbers)
        for text in texts
    )


def _has_number(text: str, numbers: list[str]) -> bool:
    """Whether one of the numbers is in the text, also without its area code."""
    return any(number in said or said in number for said in _numbers_in(text) for number in numbers)


def _numbers_in(text: str) -> list[str]:
    """The digits of each phone number or code in a text."""
    found = ("".join(filter(str.isdecimal, number)) for number in NUMBER.findall(as_seen(text)))
    return [digits for digits in found if len(digits) >= SHORTEST_NUMBER]


def _plain_words(text: str) -> str:
    """The words and numbers of a text in lower case, with one space between them."""
    return " ".join(re.findall(r"\w+", as_seen(text).casefold()))
