"""Where the links of an email may lead: an edited text must not send a one-time link, or its reader, somewhere else."""

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext

#: Placeholders that become an address which works for its reader alone: `{link}`, `{confirm_link}`.
LINK_PLACEHOLDER = re.compile(r"\{(?:\w+_)?link\}")
#: What a mail program makes a link of, or a reader takes for one. The placeholders are taken out before.
_ADDRESS = re.compile(
    r"""
    (?<![a-z0-9+.-]) [a-z][a-z0-9+.-]* :/+ \S*           # a scheme: https://
    | \b (?:mailto|tel|sms|data|javascript) : \S*         # schemes that need no slash
    | www\. \S*
    | \S{0,64} @ \S*                                     # an email address, or an account
    | (?<![\w.-]) \w[\w-]* (?:\.[\w-]+)* \.[^\W\d_]{2,} (?:[:/?\#]\S*)?   # a bare domain, as in elsewhere.example
    | (?<![\w.]) \d{1,3} (?:\.\d{1,3}){3} \b \S*         # four numbers
    """,
    re.IGNORECASE | re.VERBOSE,
)
#: Signs that an address may hold in place of a full stop (UTS 46).
_STOPS = str.maketrans("\u3002\uff0e\uff61", "...")


def link_problems(text: str) -> Iterator[str]:
    """A sentence for each link placeholder that does not stand alone, and for each address that is not ours."""
    for line in _as_seen(text).splitlines():
        for link in LINK_PLACEHOLDER.findall(line):
            if line.strip() != link:
                yield gettext("Put %s on a line by itself, with nothing before or after it.") % link
    for address in _foreign_addresses(text):
        yield gettext("Take out “%s”: an email must not lead to another address.") % address


def _foreign_addresses(text):
    """What is an address without the placeholders, or with a value in their place: `elsewhere{days}.example`."""
    seen = _as_seen(text)
    found = [address for value in (" ", "7", "x") for address in _ADDRESS.findall(re.sub(r"\{\w+\}", value, seen))]
    return [address for address in dict.fromkeys(found) if not _is_ours(address)]


def _is_ours(address):
    """Whether it is an address of this site, scheme and port included, whatever sentence mark follows it."""
    try:
        host = urlsplit(address).netloc
    except ValueError:
        return False
    ours = (urlsplit(settings.SITE_URL), urlsplit(settings.LETTER_URL))
    return any(address.startswith(f"{site.scheme}://") and host.rstrip(".,;:!?)") == site.netloc for site in ours)


def _as_seen(text):
    """Wide letters as the plain ones they stand for, without the marks that show nothing."""
    plain = unicodedata.normalize("NFKC", text.translate(_STOPS)).translate(_STOPS)
    return "".join(character for character in plain if unicodedata.category(character) != "Cf")
