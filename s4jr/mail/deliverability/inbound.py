"""Whether replies and bounces can arrive: their domains take emails (RFC 5321, 5.1; RFC 7505)."""

from django.utils.translation import gettext

from s4jr.mail.deliverability.findings import Finding, Status, quote
from s4jr.mail.deliverability.lookups import Lookups

NULL_MX = "."


def check_inbound(lookups: Lookups, domain: str, check: str) -> Finding:
    """The finding named `check` about the MX records of a domain."""
    hosts = lookups.mail_servers(domain)
    missing = [host for host in hosts if host != NULL_MX and not lookups.addresses(host)]
    values = {"domain": quote(domain), "host": quote(missing[0] if missing else "".join(hosts[:1])).rstrip(".")}
    advice = gettext("Ask your email provider which MX records %(domain)s needs.")
    if NULL_MX in hosts:
        status, result = Status.PROBLEM, gettext("%(domain)s says that it takes no emails (a null MX record).")
    elif missing:
        status, result = Status.PROBLEM, gettext("The MX record of %(domain)s names %(host)s, which doesn’t exist.")
    elif hosts:
        status, result, advice = Status.OK, gettext("Emails to %(domain)s go to %(host)s."), ""
    elif lookups.addresses(domain):
        status, result = Status.NOTE, gettext("%(domain)s has no MX record, so emails to it go to its web server.")
    else:
        status, result = Status.PROBLEM, gettext("%(domain)s takes no emails, so whatever comes back gets lost.")
    return Finding(check, status, result % values, advice % values)
