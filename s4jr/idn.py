"""Host names in their own script (https://bürger.example) and as machines read them (https://xn--brger-kva.example).

Settings, headers, links and the email protocol take the second form only; text for people has the first. Mapped by UTS
46, without the old mapping of ß: straße.example is not strasse.example.
"""

from collections.abc import Callable

import idna

#: The longest part of a domain between two periods, in octets (RFC 1035, 2.3.4).
LONGEST_LABEL = 63


def domain_on_wire(domain: str) -> str:
    """A domain in ASCII and lower case. Raises UnicodeError, such as `idna.IDNAError`, if it has no such form."""
    if domain.isascii() and "xn--" not in domain.lower():
        if any(len(label) > LONGEST_LABEL for label in domain.split(".")):
            raise idna.IDNAError("a label is too long")
        return domain.lower()
    try:
        return idna.encode(domain, uts46=True).decode()
    except UnicodeError:
        plain = without_joiners(domain)
        if plain == domain:
            raise
        return domain_on_wire(plain)


def domain_for_people(domain: str) -> str:
    """A domain in its own script and lower case. Raises UnicodeError if it has no form in ASCII."""
    return idna.decode(ascii) if "xn--" in (ascii := domain_on_wire(domain)) else ascii


def without_joiners(text: str) -> str:
    """The text without the joiners of Persian and Indic scripts."""
    return text.replace("\u200c", "").replace("\u200d", "")


def ascii_host(host: str) -> str:
    """The host as machines read it. A name that can't be a domain stays as it is: `s4jr.checks` reports it."""
    if host.isascii():
        return host
    dot = "." if host.startswith(".") else ""  # a pattern of ALLOWED_HOSTS
    try:
        return dot + domain_on_wire(host.removeprefix("."))
    except UnicodeError:
        return host


def ascii_url(url: str) -> str:
    """The URL with its host as machines read it."""
    return _with_host(url, ascii_host)


def ascii_email(address: str) -> str:
    """The email address with its domain as machines read it."""
    return _with_domain(address, ascii_host)


def readable_url(url: str) -> str:
    """The URL with its host in its own script, for text that people read and no program follows."""
    return _with_host(url, _readable_host)


def readable_email(address: str) -> str:
    """The email address with its domain in its own script."""
    return _with_domain(address, _readable_host)


def _readable_host(host: str) -> str:
    try:
        return idna.decode(host) if "xn--" in host.lower() else host
    except idna.IDNAError:
        return host


def _with_host(url: str, convert: Callable[[str], str]) -> str:
    """The URL with its host converted, and its scheme, user, port and path as they are."""
    scheme, mark, rest = url.partition("://")
    end = min((at for sign in "/?#" if (at := rest.find(sign)) >= 0), default=len(rest))
    user, at, place = rest[:end].rpartition("@")
    host, colon, port = place.partition(":")
    is_number = place.startswith("[")  # an address of IPv6
    return url if is_number else f"{scheme}{mark}{user}{at}{convert(host)}{colon}{port}{rest[end:]}"


def _with_domain(address: str, convert: Callable[[str], str]) -> str:
    local, at, domain = address.rpartition("@")
    return f"{local}{at}{convert(domain)}"
