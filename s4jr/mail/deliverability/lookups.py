"""DNS lookups with an answer, an empty answer or CouldNotLook, within one time limit for all of them together."""

import ipaddress
import time
from functools import cache, cached_property

import dns.exception
import dns.name
import dns.rdatatype
import dns.resolver
import dns.reversename

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

#: Far more than a sender in good order needs: SPF takes at most 10 names, each with up to 20 addresses.
MOST_QUERIES = 150
#: After so many failures, and not one answer, no more names are looked up.
OFFLINE_AFTER = 2
SECONDS_A_TRY, SECONDS_A_QUERY = 1.0, 3.0
#: A name that the DNS can't have, such as one with a label of more than 63 characters.
NO_NAME = (dns.name.LabelTooLong, dns.name.NameTooLong, dns.name.EmptyLabel, dns.name.BadEscape, UnicodeError)


class CouldNotLook(Exception):
    """The DNS gave no answer that can be trusted: neither that there is a record nor that there is none."""


class Lookups:
    """Lookups for one check. Repeated ones take no time; what the machine's own resolver follows (CNAME) is followed.

    `server` is "address:port" of a DNS server; if it is empty, those of this machine are asked.
    """

    def __init__(self, seconds: float, server: str = "") -> None:
        self._until = time.monotonic() + seconds
        self._queries = self._failures = 0
        self._is_online = False
        self._resolver = _make_resolver(server)
        self._ask = cache(self._ask_once)

    def texts(self, name: str) -> list[str]:
        """TXT records. The strings of a record belong together (RFC 7208, 3.3)."""
        return [b"".join(record.strings).decode("utf-8", "replace") for record in self._ask(name, "TXT")]

    def mail_servers(self, name: str) -> list[str]:
        """The hosts of MX records, the preferred one first. A null MX (RFC 7505) is "."."""
        records = sorted(self._ask(name, "MX"), key=lambda record: record.preference)
        return [record.exchange.to_text() for record in records]

    def addresses(self, name: str) -> list[Address]:
        found = [*self._ask(name, "A"), *self._ask(name, "AAAA")]
        return [ipaddress.ip_address(record.address) for record in found]

    def names(self, address: Address) -> list[str]:
        """Reverse names (PTR)."""
        found = self._ask(dns.reversename.from_address(str(address)).to_text(), "PTR")
        return [record.target.to_text(omit_final_dot=True).lower() for record in found]

    def _ask_once(self, name, kind):
        self._queries += 1
        is_offline = not self._is_online and self._failures >= OFFLINE_AFTER
        if self._queries > MOST_QUERIES or is_offline:
            raise CouldNotLook(name)
        try:
            found = self._resolve(name, kind)
        except (dns.exception.DNSException, OSError) as error:
            self._failures += 1
            raise CouldNotLook(name) from error
        self._is_online = True
        return found

    def _resolve(self, name, kind):
        seconds = min(SECONDS_A_QUERY, self._until - time.monotonic())
        try:
            return list(self._resolver.resolve(dns.name.from_text(name), kind, lifetime=seconds))
        except dns.resolver.NXDOMAIN:
            if self._denies_root:
                raise
            return []
        except (dns.resolver.NoAnswer, *NO_NAME):
            return []

    @cached_property
    def _denies_root(self):
        """Whether the DNS server says that the root doesn't exist: in some closed networks it says so of every name."""
        try:
            self._resolver.resolve(dns.name.root, "NS", lifetime=SECONDS_A_TRY)
        except dns.resolver.NXDOMAIN:
            return True
        except (dns.exception.DNSException, OSError):
            return False
        return False


def _make_resolver(server):
    """A resolver. If this machine is not set up to ask any server, it has none, and each lookup fails."""
    try:
        resolver = dns.resolver.Resolver(configure=not server)
    except dns.resolver.NoResolverConfiguration:
        return dns.resolver.Resolver(configure=False)
    if server:
        host, _, port = server.rpartition(":")
        resolver.nameservers, resolver.port = [host.strip("[]")], int(port)
    resolver.timeout = SECONDS_A_TRY
    return resolver
