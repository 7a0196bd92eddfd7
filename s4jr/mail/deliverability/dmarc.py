"""DMARC records (RFC 7489 and its successor RFC 9989): what mail servers do with emails that only claim to be ours."""

from dataclasses import dataclass

from django.utils.translation import gettext

from s4jr.mail.deliverability.domains import common_parent, domain_of, parents_of
from s4jr.mail.deliverability.findings import Finding, Status, quote
from s4jr.mail.deliverability.lookups import Lookups
from s4jr.mail.deliverability.tag_list import read_tags

MOST_REPORT_DOMAINS = 3
POLICIES = {"none", "quarantine", "reject"}


@dataclass(frozen=True)
class DmarcRecord:
    """The record that counts for a domain: its own, or that of the nearest domain above it that has one.

    `tags` is None if the domain has several records, or one that mail servers ignore.
    """

    found_at: str
    tags: dict[str, str] | None
    count: int = 1

    def policy_for(self, domain: str) -> str:
        """What happens to emails that fail: `none`, `quarantine` or `reject`; empty if the record doesn't say."""
        tags = self.tags or {}
        policy = tags.get("p", "") if domain == self.found_at else tags.get("sp", tags.get("p", ""))
        return policy.lower() if policy.lower() in POLICIES else ""

    @property
    def is_partial(self) -> bool:
        """Whether it covers only a part of the emails: `pct` (RFC 7489), `t=y` (RFC 9989)."""
        tags = self.tags or {}
        return tags.get("pct", "100") != "100" or tags.get("t", "n").lower() == "y"

    @property
    def is_strict_about_spf(self) -> bool:
        return (self.tags or {}).get("aspf", "r").lower() == "s"


def find_dmarc(lookups: Lookups, domain: str) -> DmarcRecord | None:
    """The DmarcRecord of a domain, looked for at itself and then upward."""
    for name in (domain, *parents_of(domain)):
        records = [text for text in lookups.texts(f"_dmarc.{name}") if _is_dmarc(text)]
        if records:
            tags = read_tags(records[0]) if len(records) == 1 else None
            return DmarcRecord(name, tags, len(records))
    return None


def _is_dmarc(text):
    return text.partition(";")[0].replace(" ", "").lower() == "v=dmarc1"


def check_dmarc(record: DmarcRecord | None, domain: str) -> Finding:
    """What the record of a domain lacks."""
    place = f"_dmarc.{record.found_at if record else domain}"
    values = {"domain": quote(domain), "place": quote(place), "record": "v=DMARC1; p=none"}
    if record is None:
        status, result = Status.PROBLEM, gettext("%(domain)s has no DMARC record.")
        advice = gettext("Add this TXT record at %(place)s: %(record)s")
    elif record.count > 1:
        status, result = (
            Status.PROBLEM,
            gettext("There is more than one DMARC record at %(place)s."),
        )
        advice = gettext("Keep one of them. Until then none of them counts.")
    elif not record.policy_for(domain):
        status, result = Status.PROBLEM, gettext("The DMARC record at %(place)s can’t be read, or has no “p=”.")
        advice = gettext("It begins like this: %(record)s")
    else:
        status, result, advice = _policy_words(record, domain)
        values |= {"policy": f"p={record.policy_for(domain)}", "stricter": "p=quarantine", "strictest": "p=reject"}
    return Finding(gettext("DMARC record"), status, result % values, advice % values)


def _policy_words(record: DmarcRecord, domain: str) -> tuple[Status, str, str]:
    if "ruf" in (record.tags or {}):
        result = gettext("The DMARC record at %(place)s asks for failure reports. They can contain whole emails.")
        return Status.PROBLEM, result, gettext("Remove the part that begins with “ruf=”.")
    if record.policy_for(domain) == "none":
        result = gettext("The DMARC record at %(place)s protects no one yet, because it says “%(policy)s”.")
        return Status.NOTE, result, _stricter_advice(record)
    if record.is_partial:
        result = gettext("The DMARC record at %(place)s covers only some emails.")
        return Status.NOTE, result, gettext("Remove the parts “pct=” and “t=y” once emails arrive.")
    return Status.OK, gettext("The DMARC record at %(place)s says “%(policy)s”."), ""


def _stricter_advice(record):
    if "rua" not in (record.tags or {}):
        return gettext("Add “rua=mailto:” and an email address of yours. You get reports about who sends in your name.")
    return gettext(
        "Once the reports show only your own emails, use “%(stricter)s”. Two weeks later use “%(strictest)s”."
    )


def check_reports(lookups: Lookups, record: DmarcRecord) -> list[Finding]:
    """A finding for each address of `rua` that gets no reports, because its domain doesn't allow them (RFC 7489, 7.1).

    Mail servers ask only about another organization's domain. What shares a domain above is taken for one organization.
    """
    others = [domain for domain in _report_domains(record) if not common_parent(domain, record.found_at)]
    places = {domain: f"{record.found_at}._report._dmarc.{domain}" for domain in others[:MOST_REPORT_DOMAINS]}
    return [
        _reports_finding(record.found_at, domain, place)
        for domain, place in places.items()
        if not any(map(_is_dmarc, lookups.texts(place)))
    ]


def _report_domains(record):
    """The domains of the addresses in `rua`, such as `mailto:us@one.example!10m, mailto:us@two.example`."""
    uris = [uri.strip().lower() for uri in (record.tags or {}).get("rua", "").split(",")]
    addresses = [uri.removeprefix("mailto:").partition("!")[0] for uri in uris if uri.startswith("mailto:")]
    return [domain for domain in map(domain_of, addresses) if domain]


def _reports_finding(domain, other, place):
    values = {"domain": quote(domain), "other": quote(other), "place": quote(place), "record": "v=DMARC1"}
    result = gettext("DMARC reports don’t reach %(other)s, because it doesn’t allow them.")
    advice = gettext(
        "Use an address at %(domain)s for “rua=”. Or ask %(other)s for a TXT record at %(place)s: %(record)s"
    )
    return Finding(gettext("DMARC reports"), Status.NOTE, result % values, advice % values)


def check_alignment(lookups: Lookups, record: DmarcRecord | None, domain: str, return_domain: str) -> Finding:
    """Whether SPF counts for DMARC (RFC 7489, 3.1.2): From and Return-Path must be in one organizational domain."""
    status, result, advice = _alignment_words(lookups, record, domain, return_domain)
    values = {"domain": quote(domain), "other": quote(return_domain)}
    return Finding(gettext("Return address"), status, result % values, advice % values)


def _alignment_words(lookups, record, domain, return_domain):
    above = common_parent(domain, return_domain)
    is_strict = record is not None and record.is_strict_about_spf
    if domain == return_domain or (above in (domain, return_domain) and not is_strict):
        return Status.OK, gettext("Bounces go to %(other)s, which fits %(domain)s."), ""
    if is_strict or not above:
        result = gettext("Bounces go to %(other)s, which doesn’t fit %(domain)s. Only DKIM counts for DMARC then.")
        return Status.PROBLEM, result, gettext("Set BOUNCE_ADDRESS to an address at %(domain)s.")
    if any(map(_is_dmarc, lookups.texts(f"_dmarc.{above}"))):
        return Status.OK, gettext("Bounces go to %(other)s, which fits %(domain)s."), ""
    advice = gettext("To be sure, set BOUNCE_ADDRESS to an address at %(domain)s.")
    return Status.NOTE, gettext("We can’t tell whether %(other)s and %(domain)s belong together."), advice
