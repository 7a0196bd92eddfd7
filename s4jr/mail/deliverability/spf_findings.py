"""What an SPF record lacks, and whether it lets our mail server send."""

from collections.abc import Sequence

from django.utils.translation import gettext

from s4jr.mail.deliverability.findings import Finding, Status, quote
from s4jr.mail.deliverability.lookups import Address, Lookups
from s4jr.mail.deliverability.spf import MOST_LOOKUPS, Flaw, FlawFound, Policy, SpfReader


def check_spf(lookups: Lookups, domain: str, ours: Sequence[Address]) -> tuple[list[Finding], Policy | None]:
    """The finding about the record of `domain`, and its Policy if mail servers can read it.

    `ours` are the IP addresses of a mail server of our own, which the advice for a missing record names.
    """
    try:
        policy = SpfReader(lookups).read(domain)
    except FlawFound as found:
        return [_flaw_finding(found, domain, ours)], None
    return [_policy_finding(policy, domain)], policy


def check_spf_sender(policy: Policy, host: str, addresses: Sequence[Address], is_ours: bool) -> Finding:
    """Whether the Policy lets these IP addresses of the host send. A provider may send from others."""
    check, values = gettext("SPF and your mail server"), {"host": quote(host)}
    results = {address: policy.result_for(address) for address in addresses}
    if results and set(results.values()) == {"+"}:
        return Finding(check, Status.OK, gettext("The SPF record lets %(host)s send.") % values)
    refused = [address for address, result in results.items() if result not in ("+", None)]
    if is_ours and refused:
        return Finding(
            check,
            Status.PROBLEM,
            gettext("The SPF record doesn’t let %(host)s send from %(ip)s.") % {**values, "ip": refused[0]},
            gettext("Add this to the record, before its last part: %(part)s") % {"part": _ip_part(refused[0])},
        )
    return Finding(
        check,
        Status.NOTE,
        gettext("We can’t tell from which IP addresses %(host)s sends.") % values,
        gettext("Make sure that the SPF record has the value that your email provider gives you."),
    )


def _ip_part(address):
    return f"ip{address.version}:{address}"


def _flaw_finding(found: FlawFound, domain: str, ours: Sequence[Address]) -> Finding:
    result, advice = _flaw_words(found.flaw)
    values = {"domain": quote(domain), "part": quote(found.part), "count": MOST_LOOKUPS}
    if found.flaw == Flaw.MISSING and ours:
        advice = gettext("Add this TXT record at %(domain)s: %(record)s")
        values["record"] = " ".join(["v=spf1", *map(_ip_part, ours), "-all"])
    return Finding(gettext("SPF record"), Status.PROBLEM, result % values, advice % values)


def _flaw_words(flaw: Flaw) -> tuple[str, str]:
    return {
        Flaw.MISSING: (
            gettext("%(domain)s has no SPF record, so mail servers can’t tell who may send in its name."),
            gettext("Ask your email provider for its SPF value. Add it as a TXT record at %(domain)s."),
        ),
        Flaw.SEVERAL: (
            gettext("%(part)s has more than one SPF record, so none of them counts."),
            gettext("Make one TXT record of them: “v=spf1” once, then all parts, then “-all”."),
        ),
        Flaw.SYNTAX: (
            gettext("The SPF record of %(domain)s has a part that mail servers can’t read: %(part)s"),
            gettext("Correct or remove that part. One such part makes the whole record count for nothing."),
        ),
        Flaw.LOOP: (
            gettext("The SPF record of %(domain)s leads around in a circle, back to %(part)s."),
            gettext("Remove the part that leads back to %(part)s."),
        ),
        Flaw.EMPTY_INCLUDE: (
            gettext("The SPF record of %(domain)s includes %(part)s, which has no SPF record."),
            gettext("Check the spelling with your email provider, or remove that part."),
        ),
        Flaw.TOO_MANY_LOOKUPS: (
            gettext("The SPF record of %(domain)s needs more than %(count)d DNS lookups. Mail servers give up on it."),
            gettext("Remove each “include:” of a service that no longer sends emails for you."),
        ),
        Flaw.TOO_MANY_VOID_LOOKUPS: (
            gettext("The SPF record of %(part)s names three hosts that don’t exist. Mail servers give up on it."),
            gettext("Remove the parts that name old hosts."),
        ),
    }[flaw]


def _policy_finding(policy: Policy, domain: str) -> Finding:
    values = {"domain": quote(domain), "end": f"{policy.last_word}all"}
    if policy.last_word == "+":
        status, result = Status.PROBLEM, gettext("The SPF record of %(domain)s lets every computer send in its name.")
        advice = gettext("Change its last part to “-all”.")
    elif policy.last_word == "?":
        status, result = (
            Status.PROBLEM,
            gettext("The SPF record of %(domain)s doesn’t say what happens to emails from anyone else."),
        )
        advice = gettext("End it with “-all”, or with “~all” while you try it out.")
    elif policy.uses("ptr"):
        status, result = (
            Status.NOTE,
            gettext("The SPF record of %(domain)s uses “ptr”. Many mail servers ignore it."),
        )
        advice = gettext("Name the IP addresses instead, with “ip4:” or “ip6:”.")
    elif not policy.last_word:
        status, advice = Status.OK, ""
        result = gettext("%(domain)s has one SPF record.")
    else:
        status, advice = Status.OK, ""
        result = gettext("%(domain)s has one SPF record, and it ends in “%(end)s”.")
    return Finding(gettext("SPF record"), status, result % values, advice)
