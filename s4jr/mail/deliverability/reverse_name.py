"""The reverse name of a mail server of our own (RFC 1912, 2.1). Many mail servers accept nothing without one."""

from collections.abc import Sequence
from ipaddress import ip_network

from django.utils.translation import gettext

from s4jr.mail.deliverability.findings import Finding, Status, quote
from s4jr.mail.deliverability.lookups import Address, Lookups

#: Networks that no other mail server can reach: RFC 1122, 1918, 3927, 6598; RFC 4193, 4291.
NOT_PUBLIC = [
    *map(ip_network, ("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16")),
    *map(ip_network, ("172.16.0.0/12", "192.168.0.0/16", "::/127", "fc00::/7", "fe80::/10")),
]


def is_public(address: Address) -> bool:
    return not any(address in network for network in NOT_PUBLIC)


def provider_finding(host: str) -> Finding:
    result = gettext("%(host)s sends your emails, so your email provider takes care of this.") % {"host": quote(host)}
    return Finding(gettext("Reverse name"), Status.NOTE, result)


def check_reverse_name(lookups: Lookups, name: str, addresses: Sequence[Address]) -> list[Finding]:
    """A finding for each IP address of the mail server that calls itself `name`."""
    if not addresses:
        result = gettext("Your mail server calls itself “%(name)s”, a name that leads to no public IP address.")
        advice = gettext("Give it a full name with an A record in the DNS (in Postfix: myhostname).")
        return [Finding(gettext("Reverse name"), Status.PROBLEM, result % {"name": quote(name)}, advice)]
    return [_address_finding(lookups, name, address) for address in addresses]


def _address_finding(lookups, name, address):
    names = lookups.names(address)
    confirmed = [each for each in names if address in lookups.addresses(each)]
    values = {"ip": address, "name": quote((confirmed or names or [name])[0]), "wanted": quote(name)}
    advice = gettext("Ask the company that rents you the server to set the reverse name (PTR) of %(ip)s to %(wanted)s.")
    if confirmed:
        status, result, advice = Status.OK, gettext("%(ip)s is called %(name)s, and that name leads back to it."), ""
    elif names:
        status, result = Status.PROBLEM, gettext("%(ip)s is called %(name)s, but that name doesn’t lead back to it.")
    else:
        status, result = Status.PROBLEM, gettext("The IP address of your mail server, %(ip)s, has no reverse name.")
    return Finding(gettext("Reverse name"), status, result % values, advice % values)
