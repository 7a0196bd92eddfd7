"""SPF records (RFC 7208): which IP addresses may send in the name of a domain."""

import ipaddress
import re
from dataclasses import dataclass, field
from enum import Enum

from s4jr.mail.deliverability.domains import wire_name
from s4jr.mail.deliverability.lookups import Address, Lookups

#: RFC 7208, 4.6.4: of all records together. Past these limits mail servers stop reading.
MOST_LOOKUPS, MOST_VOID_LOOKUPS, MOST_MX_HOSTS = 10, 2, 10
LOOKS_UP = {"include", "a", "mx", "ptr", "exists", "redirect"}
NEEDS_DOMAIN = {"include", "exists", "redirect"}
HAVE_TARGET = {"a", "mx", "ptr"}
MECHANISMS = {"all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists"}
TERM = re.compile(r"(?P<qualifier>[+?~-]?)(?P<name>[A-Za-z][A-Za-z0-9_.-]*)(?P<value>[:=/].*)?", re.DOTALL)
TARGET = re.compile(r"(?::(?P<domain>[^/]+))?(?:/(?P<four>\d{1,2}))?(?://(?P<six>\d{1,3}))?")
#: Python also takes `192.0.2.0/255.255.255.0` and `fe80::1%eth0`, mail servers don't.
NETWORK = re.compile(r":[0-9A-Fa-f:.]+(?:/\d{1,3})?")
PASS, NEUTRAL = "+", "?"


class Flaw(Enum):
    """Why a record counts for nothing; mail servers call it `permerror`, or `none` without a record."""

    MISSING = "missing"
    SEVERAL = "several"
    SYNTAX = "syntax"
    LOOP = "loop"
    EMPTY_INCLUDE = "include of a domain without a record"
    TOO_MANY_LOOKUPS = "too many lookups"
    TOO_MANY_VOID_LOOKUPS = "too many lookups without an answer"


class FlawFound(Exception):
    def __init__(self, flaw: Flaw, part: str) -> None:
        super().__init__(flaw, part)
        self.flaw, self.part = flaw, part


@dataclass
class Term:
    """One part of a record. `networks` and `policy` are what it stands for; `is_open` if only a real email can tell."""

    qualifier: str
    name: str
    value: str = ""
    networks: list[ipaddress.IPv4Network | ipaddress.IPv6Network] = field(default_factory=list)
    policy: "Policy | None" = None
    is_open: bool = False


@dataclass
class Policy:
    """A record with all records that it includes."""

    terms: list[Term]
    redirect: "Policy | None" = None

    @property
    def last_word(self) -> str:
        """The qualifier for all other senders. Without `all` and `redirect` it is `?`; empty if we can't tell."""
        for term in self.terms:
            if term.name in ("all", "redirect"):  # a redirect is among the terms only if it has a macro
                return term.qualifier if term.name == "all" else ""
        return self.redirect.last_word if self.redirect else NEUTRAL

    def uses(self, name: str) -> bool:
        """Whether a record here or further down has a mechanism of this name."""
        inner = [term.policy for term in self.terms if term.policy] + ([self.redirect] if self.redirect else [])
        return any(term.name == name for term in self.terms) or any(policy.uses(name) for policy in inner)

    def result_for(self, address: Address) -> str | None:
        """The qualifier for emails from this IP address; None if only a real email can tell."""
        for term in sorted(self.terms, key=lambda term: term.name == "redirect"):  # it comes after all others
            matches = _term_matches(term, address)
            if matches is None:
                return None
            if matches:
                return term.qualifier
        return self.redirect.result_for(address) if self.redirect else NEUTRAL


def _term_matches(term, address):
    if term.is_open:
        return None
    if term.policy:
        result = term.policy.result_for(address)
        return None if result is None else result == PASS
    return term.name == "all" or any(address in network for network in term.networks)


def is_spf(text: str) -> bool:
    """Whether a TXT record is an SPF record (RFC 7208, 4.5)."""
    return text.lower() == "v=spf1" or text.lower().startswith("v=spf1 ")


def read_terms(record: str) -> list[Term]:
    """The terms of a record. Raises FlawFound(SYNTAX) that names the first wrong one."""
    terms = [_read_term(text) for text in record.split(" ")[1:] if text]
    for name in ("redirect", "exp"):
        if sum(term.name == name for term in terms) > 1:
            raise FlawFound(Flaw.SYNTAX, f"{name}=")
    return terms


def _without_idle_redirect(terms):
    """The terms without a redirect that no mail server follows, because there is an `all` (RFC 7208, 6.1)."""
    is_final = any(term.name == "all" for term in terms)
    return [term for term in terms if not (is_final and term.name == "redirect")]


def _read_term(text):
    found = TERM.fullmatch(text)
    if not found or not text.isascii():
        raise FlawFound(Flaw.SYNTAX, text)
    name, value = found["name"].lower(), found["value"] or ""
    is_modifier = value.startswith("=")
    is_known = name in MECHANISMS
    lacks_domain = name in NEEDS_DOMAIN and len(value) < 2
    if is_known == is_modifier or lacks_domain or (is_modifier and found["qualifier"]):
        raise FlawFound(Flaw.SYNTAX, text)
    return _with_networks(Term(found["qualifier"] or PASS, name, value), text)


def _with_networks(term, text):
    """Check the value of a mechanism, and fill in the network of `ip4:` and `ip6:`."""
    if term.name in ("ip4", "ip6") and not term.value.startswith("="):
        term.networks = [_read_network(term, text)]
    elif (term.name == "all" and term.value) or (term.name in HAVE_TARGET and not TARGET.fullmatch(term.value)):
        raise FlawFound(Flaw.SYNTAX, text)
    return term


def _read_network(term, text):
    kind = ipaddress.IPv4Network if term.name == "ip4" else ipaddress.IPv6Network
    try:
        if not NETWORK.fullmatch(term.value):
            raise ValueError(term.value)
        return kind(term.value[1:], strict=False)
    except ValueError:
        raise FlawFound(Flaw.SYNTAX, text) from None


class SpfReader:
    """Reads a record and all that it includes, and counts lookups as mail servers do."""

    def __init__(self, lookups: Lookups) -> None:
        self.lookups = lookups
        self.count = self.void = 0

    def read(self, domain: str) -> Policy:
        """The Policy of a domain. Raises FlawFound, and CouldNotLook from the lookups."""
        return self._policy_of(domain, ())

    def _policy_of(self, domain, above):
        if domain in above:
            raise FlawFound(Flaw.LOOP, domain)
        records = [text for text in self.lookups.texts(domain) if is_spf(text)]
        if len(records) != 1:
            raise FlawFound(self._flaw_of(records, above), domain)
        terms = _without_idle_redirect(read_terms(records[0]))
        for term in terms:
            self._resolve_term(term, domain, (*above, domain))
        redirects = [term.policy for term in terms if term.name == "redirect" and term.policy]
        return Policy([term for term in terms if term.is_open or not term.value.startswith("=")], *redirects)

    def _flaw_of(self, records, above):
        if records:
            return Flaw.SEVERAL
        return Flaw.EMPTY_INCLUDE if above else Flaw.MISSING

    def _resolve_term(self, term, domain, above):
        if term.name not in LOOKS_UP:
            return
        self.count += 1
        if self.count > MOST_LOOKUPS:
            raise FlawFound(Flaw.TOO_MANY_LOOKUPS, domain)
        if "%" in term.value or term.name in ("exists", "ptr"):
            term.is_open = True
        elif term.name in ("include", "redirect"):
            term.policy = self._policy_of(wire_name(term.value[1:]), above)
        else:
            self._fill_in_networks(term, domain)

    def _fill_in_networks(self, term, domain):
        target = TARGET.fullmatch(term.value)
        named, four, six = target.groups() if target else ("", None, None)
        addresses = self._addresses_of(term.name, wire_name(named or domain))
        if not addresses:
            self.void += 1
            if self.void > MOST_VOID_LOOKUPS:
                raise FlawFound(Flaw.TOO_MANY_VOID_LOOKUPS, domain)
        lengths = {4: four or "32", 6: six or "128"}
        try:
            ends = [f"{address}/{lengths[address.version]}" for address in addresses]
            term.networks = [ipaddress.ip_network(network, strict=False) for network in ends]
        except ValueError:
            raise FlawFound(Flaw.SYNTAX, f"{term.name}{term.value}") from None

    def _addresses_of(self, name, host):
        if name == "a":
            return self.lookups.addresses(host)
        hosts = self.lookups.mail_servers(host)[:MOST_MX_HOSTS]
        return [address for each in hosts if each != "." for address in self.lookups.addresses(each)]
