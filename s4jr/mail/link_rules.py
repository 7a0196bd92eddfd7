"""Where links in emails may lead: an edited text must not send a one-time link, or its reader, elsewhere."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext

from s4jr.form_fields.links import addresses_in, as_seen
from s4jr.idn import ascii_url

#: Placeholders for URLs that work for their reader alone: `{link}`, `{confirm_link}`.
LINK_PLACEHOLDER = re.compile(r"\{(?:\w+_)?link\}")
#: A placeholder whose value could become part of an address: a meeting named "com" would complete `elsewhere.{title}`.
_GLUED = re.compile(r"(?<=[\w.:/@\\?#&=%+~}-])\{\w+\}|\{\w+\}(?=[.:/@\\?#&=%+~-]*\w|\{)")

#: What may follow an address in a sentence.
PUNCTUATION = ".,;:!?)"


def link_problems(text: str) -> Iterator[str]:
    """A sentence for each link placeholder that is not on its own line, and for each address that is not ours.

    Also for any other placeholder that touches a word: people choose its value.
    """
    for line in as_seen(text).splitlines():
        for link in LINK_PLACEHOLDER.findall(line):
            if line.strip() != link:
                yield gettext("Put %s on its own line, with nothing before or after it.") % link
        for placeholder in _GLUED.findall(LINK_PLACEHOLDER.sub("", line)):
            yield (
                gettext("Put a space before and after %s. Otherwise it could become part of an address.") % placeholder
            )
    for address in _foreign_addresses(text):
        yield gettext("Take out “%s”. Links in an email may lead only to our own site.") % address


def _foreign_addresses(text):
    """Addresses in the text with placeholders removed or replaced by a value: `elsewhere{days}.example`."""
    seen = as_seen(text)
    found = [address for value in (" ", "7", "x") for address in addresses_in(re.sub(r"\{\w+\}", value, seen))]
    return [address for address in dict.fromkeys(found) if not _is_ours(address)]


def _is_ours(address):
    """Whether it is an address of this site, scheme and port included, regardless of punctuation after it."""
    try:
        host = urlsplit(ascii_url(address.rstrip(PUNCTUATION))).netloc
    except ValueError:
        return False
    ours = (urlsplit(settings.SITE_URL), urlsplit(settings.EMAIL_LINK_URL))
    return any(address.startswith(f"{site.scheme}://") and host.rstrip(PUNCTUATION) == site.netloc for site in ours)
