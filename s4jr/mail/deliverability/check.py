"""The whole check of what we send: `check_sender()` for the admin and for `manage.py check_mail`."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext

from s4jr.mail.deliverability.dkim import check_dkim
from s4jr.mail.deliverability.dmarc import check_alignment, check_dmarc, check_reports, find_dmarc
from s4jr.mail.deliverability.domains import domain_of
from s4jr.mail.deliverability.findings import Finding, Status, quote
from s4jr.mail.deliverability.inbound import check_inbound
from s4jr.mail.deliverability.lookups import Address, CouldNotLook, Lookups
from s4jr.mail.deliverability.reverse_name import check_reverse_name, is_public, provider_finding
from s4jr.mail.deliverability.server_findings import check_server
from s4jr.mail.deliverability.server_probe import MailServer, ServerProbe, mail_server_of
from s4jr.mail.deliverability.spf import Policy
from s4jr.mail.deliverability.spf_findings import check_spf, check_spf_sender


@dataclass(frozen=True)
class SendingHost:
    """The host that hands our emails to others, as far as we know: its name, and the public IP addresses of the name.

    `addresses` is None if the DNS gave no answer.
    """

    name: str
    is_ours: bool
    addresses: Sequence[Address] | None

    @property
    def known_addresses(self) -> Sequence[Address]:
        return self.addresses or []


def check_sender(selectors: Iterable[str] | None = None, *, seconds: float) -> list[Finding]:
    """Every finding about the configured sender, in the active language, within about so many seconds.

    `selectors` are those of the DKIM keys; None stands for DKIM_SELECTORS.
    """
    if settings.EMAIL_URL.startswith("file:"):
        result = gettext("This site writes emails into a folder and sends none, so there is nothing to check.")
        return [Finding(gettext("Mail server"), Status.NOTE, result)]
    server = mail_server_of(settings.EMAIL_URL)
    probe = ServerProbe(server, seconds, urlsplit(settings.EMAIL_LINK_URL).hostname or "")
    lookups = Lookups(seconds, settings.DNS_SERVER)
    chosen = settings.DKIM_SELECTORS if selectors is None else selectors
    before, after = _check_domain(lookups, list(chosen), server, probe)
    return [*check_server(server, probe.facts()), *before, *after]


def _check_domain(lookups, selectors, server, probe):
    """Findings about the sender's domain: first those that need nothing of the mail server, while it answers."""
    domain = domain_of(settings.MAIL_FROM)
    if "." not in domain:
        result = gettext("Emails come from %(address)s. No one outside this machine can reply to that.")
        advice = gettext("Set MAIL_FROM to an address at a domain of yours.")
        values = {"address": quote(settings.MAIL_FROM)}
        return [Finding(gettext("Sender"), Status.PROBLEM, result % values, advice)], []
    before = [*_check_policies(lookups, domain, selectors), *_check_inbound(lookups, domain)]
    return before, _check_host(lookups, domain, _sending_host(lookups, server, probe))


def _check_policies(lookups, domain, selectors):
    """Findings about DKIM, DMARC and the Return-Path."""
    for chosen in [[selector] for selector in selectors] or [[]]:
        yield from _look(gettext("DKIM key"), check_dkim, lookups, domain, chosen)
    yield from _look(gettext("DMARC record"), _check_dmarc, lookups, domain)


def _check_inbound(lookups, domain):
    """Findings about the domains to which emails come back."""
    checks = {_return_domain(domain): gettext("Bounces"), domain: gettext("Replies")}
    for each in sorted(checks, key=domain.__ne__):
        yield from _look(checks[each], check_inbound, lookups, each, checks[each])


def _check_dmarc(lookups, domain):
    record, return_domain = find_dmarc(lookups, domain), _return_domain(domain)
    findings = [check_dmarc(record, domain)]
    if record:
        findings += _look(gettext("DMARC reports"), check_reports, lookups, record)
    if return_domain != domain or _bounce_address():
        findings += _look(gettext("Return address"), check_alignment, lookups, record, domain, return_domain)
    return findings


def _bounce_address() -> str:
    return getattr(settings, "BOUNCE_ADDRESS", "")


def _return_domain(domain: str) -> str:
    """The domain of the Return-Path, which SPF is about."""
    return domain_of(_bounce_address()) or domain


def _sending_host(lookups: Lookups, server: MailServer, probe: ServerProbe) -> SendingHost:
    name = probe.facts().name if server.is_ours else server.host
    try:
        addresses = list(filter(is_public, lookups.addresses(name))) if name else None
    except CouldNotLook:
        addresses = None
    return SendingHost(name, server.is_ours, addresses)


def _check_host(lookups: Lookups, domain: str, host: SendingHost) -> list[Finding]:
    """Findings about SPF and the reverse name, which depend on the host that sends."""
    return [
        *_look(gettext("SPF record"), _check_spf, lookups, _return_domain(domain), host),
        *_look(gettext("Reverse name"), _check_reverse_name, lookups, host),
    ]


def _check_spf(lookups: Lookups, domain: str, host: SendingHost) -> list[Finding]:
    ours = host.known_addresses if host.is_ours else []
    findings, policy = check_spf(lookups, domain, ours)
    return [*findings, *_check_spf_sender(policy, host)]


def _check_spf_sender(policy: Policy | None, host: SendingHost) -> list[Finding]:
    if policy is None or (host.is_ours and not host.known_addresses):
        return []
    return [check_spf_sender(policy, host.name, host.known_addresses, host.is_ours)]


def _check_reverse_name(lookups: Lookups, host: SendingHost) -> list[Finding]:
    if not host.is_ours:
        return [provider_finding(host.name)]
    if not host.name:  # it did not answer, as its own finding says
        return []
    if host.addresses is None:
        raise CouldNotLook(host.name)
    return check_reverse_name(lookups, host.name, host.addresses)


def _look(check: str, look: Callable[..., Finding | list[Finding]], *arguments: object) -> list[Finding]:
    """The findings of one check, or the finding that the DNS gave no answer to it."""
    try:
        found = look(*arguments)
    except CouldNotLook as error:
        result = gettext("We couldn’t look this up. The DNS gave no answer about %(name)s.")
        advice = gettext("Try again later. If it stays, check this server’s connection and the DNS of that name.")
        return [Finding(check, Status.UNKNOWN, result % {"name": quote(str(error))}, advice)]
    return found if isinstance(found, list) else [found]
