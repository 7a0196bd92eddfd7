"""SPF records: each thing that is wrong has a finding, and a record says who may send."""

from ipaddress import ip_address

import pytest

from s4jr.mail.deliverability.lookups import CouldNotLook, Lookups
from s4jr.mail.deliverability.spf import FlawFound, SpfReader, read_terms
from s4jr.mail.deliverability.spf_findings import check_spf, check_spf_sender
from tests.mail.deliverability.senders import DOMAIN, results
from tests.servers.dns import SERVFAIL

ADDRESS = ip_address("192.0.2.25")


@pytest.fixture
def lookups(dns_server):
    return Lookups(5, dns_server.where)


def check(dns_server, *records, **others):
    """The only finding about these SPF records of DOMAIN; `others` are the records of more names."""
    dns_server.records = {
        f"{DOMAIN} TXT": list(records),
        **{f"{name}.example TXT": [text] for name, text in others.items()},
    }
    [finding], _policy = check_spf(Lookups(5, dns_server.where), DOMAIN, [])
    return finding


@pytest.mark.parametrize(
    ("record", "end"),
    [("v=spf1 ip4:192.0.2.0/24 -all", "-all"), ("V=SPF1 A ~ALL", "~all"), ("v=spf1  mx   -all  ", "-all")],
)
def test_one_record_that_ends_in_all_is_fine(dns_server, record, end):
    assert results([check(dns_server, "other text", record)]) == [
        ("ok", f"emails.example has one SPF record, and it ends in “{end}”.")
    ]


def test_the_end_of_a_redirect_counts(dns_server):
    finding = check(dns_server, "v=spf1 redirect=other.example", other="v=spf1 a ~all")
    assert results([finding]) == [("ok", "emails.example has one SPF record, and it ends in “~all”.")]


def test_a_redirect_with_a_macro_has_an_unknown_end(dns_server):
    finding = check(dns_server, "v=spf1 redirect=%{d}._spf.example")
    assert results([finding]) == [("ok", "emails.example has one SPF record.")]


@pytest.mark.parametrize("text", ["v=spf10 -all", "v=spf2 -all", "spf1 -all", " v=spf1 -all"])
def test_another_text_is_no_spf_record(dns_server, text):
    finding = check(dns_server, text)
    assert results([finding]) == [
        ("problem", "emails.example has no SPF record, so mail servers can’t tell who may send in its name.")
    ]
    assert finding.advice == "Ask your email provider for its SPF value. Add it as a TXT record at emails.example."


def test_a_mail_server_of_our_own_gets_the_record_to_add(lookups):
    [finding], _policy = check_spf(lookups, DOMAIN, [ADDRESS, ip_address("2001:db8::25")])
    assert finding.advice == ("Add this TXT record at emails.example: v=spf1 ip4:192.0.2.25 ip6:2001:db8::25 -all")


def test_several_records_count_for_nothing(dns_server):
    assert results([check(dns_server, "v=spf1 a -all", "v=spf1 mx -all")]) == [
        ("problem", "emails.example has more than one SPF record, so none of them counts.")
    ]


@pytest.mark.parametrize(
    "part",
    [
        "ipv4:192.0.2.1", "ip4:192.0.2.999", "ip4:2001:db8::1", "ip6:192.0.2.1", "ip4", "ip4:192.0.2.1/33",
        "ip4:192.0.2.0/255.255.255.0", "ip4:192.0.2.0/0.0.0.255", "ip6:fe80::1%eth0",
        "include", "include:", "include=other.example", "redirect:other.example", "redirect=", "exists", "all:x",
        "-a=x", "ip4=192.0.2.1", "a:", "mx/", "a/2x", "-", "-all;", "1.2.3.4", "a:hé.example",
    ],
)  # fmt: skip
def test_a_part_that_mail_servers_cannot_read_is_named(dns_server, part):
    finding = check(dns_server, f"v=spf1 {part} -all")
    assert results([finding]) == [
        ("problem", f"The SPF record of emails.example has a part that mail servers can’t read: {part}")
    ]


@pytest.mark.parametrize("name", ["redirect", "exp"])
def test_a_modifier_that_stands_twice_is_wrong(name):
    with pytest.raises(FlawFound):
        read_terms(f"v=spf1 {name}=a.example {name}=b.example")


def test_unknown_modifiers_are_ignored(dns_server):
    assert check(dns_server, "v=spf1 a unknown=x exp=why.example -all").is_ok


def test_a_mask_that_is_too_long_is_wrong(dns_server, lookups):
    dns_server.records = {f"{DOMAIN} TXT": ["v=spf1 a/99 -all"], f"{DOMAIN} A": ["192.0.2.1"]}
    [finding], _policy = check_spf(lookups, DOMAIN, [])
    assert finding.result == "The SPF record of emails.example has a part that mail servers can’t read: a/99"


def test_records_that_include_each_other_are_a_circle(dns_server):
    finding = check(
        dns_server,
        "v=spf1 include:a.example -all",
        a="v=spf1 include:b.example -all",
        b="v=spf1 include:a.example -all",
    )
    assert results([finding]) == [
        ("problem", "The SPF record of emails.example leads around in a circle, back to a.example.")
    ]


def test_an_include_of_nothing_is_named(dns_server):
    assert results([check(dns_server, "v=spf1 include:gone.example -all")]) == [
        ("problem", "The SPF record of emails.example includes gone.example, which has no SPF record.")
    ]


@pytest.mark.parametrize(("count", "status"), [(10, "ok"), (11, "problem")])
def test_ten_lookups_are_allowed_over_all_records(dns_server, count, status):
    """The include itself is the first of them."""
    exists = " ".join(f"exists:{number}.example" for number in range(count - 1))
    finding = check(dns_server, "v=spf1 include:a.example -all", a=f"v=spf1 {exists} -all")
    assert str(finding.status) == status
    assert status == "ok" or finding.result == (
        "The SPF record of emails.example needs more than 10 DNS lookups. Mail servers give up on it."
    )


@pytest.mark.parametrize(("count", "status"), [(2, "ok"), (3, "problem")])
def test_two_hosts_may_be_missing(dns_server, count, status):
    hosts = " ".join(f"a:{number}.example" for number in range(count))
    assert str(check(dns_server, f"v=spf1 {hosts} -all").status) == status


@pytest.mark.parametrize(
    ("record", "status", "result"),
    [
        ("v=spf1 +all", "problem", "The SPF record of emails.example lets every computer send in its name."),
        ("v=spf1 all", "problem", "The SPF record of emails.example lets every computer send in its name."),
        (
            "v=spf1 a ?all",
            "problem",
            "The SPF record of emails.example doesn’t say what happens to emails from anyone else.",
        ),
        (
            "v=spf1 a",
            "problem",
            "The SPF record of emails.example doesn’t say what happens to emails from anyone else.",
        ),
        ("v=spf1", "problem", "The SPF record of emails.example doesn’t say what happens to emails from anyone else."),
        ("v=spf1 ptr -all", "note", "The SPF record of emails.example uses “ptr”. Many mail servers ignore it."),
    ],
)
def test_an_end_that_protects_nothing_is_found(dns_server, record, status, result):
    assert results([check(dns_server, record)]) == [(status, result)]


def test_a_record_of_many_strings_and_thousands_of_characters_is_read(dns_server):
    parts = " ".join(f"ip4:192.0.2.{number}" for number in range(250))
    assert check(dns_server, f"v=spf1 {parts} -all").is_ok


def test_a_failing_dns_server_says_nothing_about_the_record(dns_server, lookups):
    dns_server.records = {f"{DOMAIN} TXT": ["v=spf1 include:slow.example -all"], "slow.example": SERVFAIL}
    with pytest.raises(CouldNotLook, match=r"^slow\.example$"):
        check_spf(lookups, DOMAIN, [])


class TestWhoMaySend:
    RECORDS = {
        "host.example A": ["192.0.2.25"],
        "host.example AAAA": ["2001:db8::25"],
        f"{DOMAIN} A": ["192.0.2.25"],
        f"{DOMAIN} MX": ["10 host.example."],
        "yes.example TXT": ["v=spf1 ip4:192.0.2.25 -all"],
        "no.example TXT": ["v=spf1 -all"],
        "soft.example TXT": ["v=spf1 ?ip4:192.0.2.25 -all"],
    }

    def policy(self, dns_server, record):
        dns_server.records = {**self.RECORDS, f"{DOMAIN} TXT": [record]}
        return SpfReader(Lookups(5, dns_server.where)).read(DOMAIN)

    @pytest.mark.parametrize(
        ("parts", "result"),
        [
            ("ip4:192.0.2.25 -all", "+"),
            ("ip4:192.0.2.0/24 -all", "+"),
            ("ip4:192.0.2.24 -all", "-"),
            ("-ip4:192.0.2.25 +all", "-"),
            ("ip6:2001:db8::/32 ~all", "~"),
            ("a -all", "+"),
            ("a:host.example -all", "+"),
            ("a:host.example/30//64 -all", "+"),
            ("mx -all", "+"),
            ("mx/24 -all", "+"),
            ("include:yes.example -all", "+"),
            ("include:no.example ~all", "~"),
            ("include:soft.example -all", "-"),
            ("redirect=yes.example", "+"),
            ("redirect=yes.example ip4:192.0.2.24", "+"),
            ("redirect=yes.example -all", "-"),
            ("redirect=gone.example -all", "-"),
            ("redirect=%{d}.example ip4:192.0.2.25", "+"),
            ("redirect=%{d}.example", None),
            ("a:%{i}.example -all", None),
            ("exists:%{i}.example -all", None),
            ("ptr -all", None),
            ("ip4:192.0.2.25 ptr -all", "+"),
            ("", "?"),
        ],
    )
    def test_the_first_part_that_matches_decides(self, dns_server, parts, result):
        assert self.policy(dns_server, f"v=spf1 {parts}").result_for(ADDRESS) == result

    @pytest.mark.parametrize(
        ("is_ours", "parts", "status", "result"),
        [
            (True, "ip4:192.0.2.25 -all", "ok", "The SPF record lets mail.example send."),
            (False, "ip4:192.0.2.25 -all", "ok", "The SPF record lets mail.example send."),
            (True, "-all", "problem", "The SPF record doesn’t let mail.example send from 192.0.2.25."),
            (False, "-all", "note", "We can’t tell from which IP addresses mail.example sends."),
            (True, "ptr -all", "note", "We can’t tell from which IP addresses mail.example sends."),
        ],
    )
    def test_only_of_our_own_server_we_know_where_it_sends_from(self, dns_server, is_ours, parts, status, result):
        finding = check_spf_sender(self.policy(dns_server, f"v=spf1 {parts}"), "mail.example", [ADDRESS], is_ours)
        assert results([finding]) == [(status, result)]

    def test_the_part_to_add_is_named(self, dns_server):
        finding = check_spf_sender(self.policy(dns_server, "v=spf1 -all"), "mail.example", [ADDRESS], True)
        assert finding.advice == "Add this to the record, before its last part: ip4:192.0.2.25"

    def test_a_provider_without_an_address_is_a_note(self, dns_server):
        finding = check_spf_sender(self.policy(dns_server, "v=spf1 +all"), "mail.example", [], False)
        assert str(finding.status) == "note"
