"""DMARC records: each thing that is wrong has a finding, and the record of a domain above counts."""

import pytest

from s4jr.mail.deliverability.dmarc import check_alignment, check_dmarc, check_reports, find_dmarc
from s4jr.mail.deliverability.lookups import Lookups
from tests.mail.deliverability.senders import results

DOMAIN = "emails.group.example"
PLACE = f"_dmarc.{DOMAIN}"


def check(dns_server, *records, at=PLACE):
    dns_server.records = {f"{at} TXT": list(records)}
    return check_dmarc(find_dmarc(Lookups(5, dns_server.where), DOMAIN), DOMAIN)


@pytest.mark.parametrize(
    ("record", "status", "result"),
    [
        ("v=DMARC1; p=reject", "ok", f"The DMARC record at {PLACE} says “p=reject”."),
        ("v=DMARC1;p=Quarantine;pct=100;t=n;", "ok", f"The DMARC record at {PLACE} says “p=quarantine”."),
        ("v=DMARC1; p=none", "note", f"The DMARC record at {PLACE} protects no one yet, because it says “p=none”."),
        ("v=DMARC1; p=reject; pct=20", "note", f"The DMARC record at {PLACE} covers only some emails."),
        ("v=DMARC1; p=reject; t=y", "note", f"The DMARC record at {PLACE} covers only some emails."),
        ("v=DMARC1; p=block", "problem", f"The DMARC record at {PLACE} can’t be read, or has no “p=”."),
        ("v=DMARC1", "problem", f"The DMARC record at {PLACE} can’t be read, or has no “p=”."),
        ("v=DMARC1; p=none; p=reject", "problem", f"The DMARC record at {PLACE} can’t be read, or has no “p=”."),
        ("v=DMARC1; reject", "problem", f"The DMARC record at {PLACE} can’t be read, or has no “p=”."),
        (
            "v=DMARC1; p=reject; ruf=mailto:us@emails.group.example",
            "problem",
            f"The DMARC record at {PLACE} asks for failure reports. They can contain whole emails.",
        ),
        ("p=reject; v=DMARC1", "problem", f"{DOMAIN} has no DMARC record."),
        ("v=DMARC10; p=reject", "problem", f"{DOMAIN} has no DMARC record."),
    ],
)
def test_what_a_record_says_is_found(dns_server, record, status, result):
    assert results([check(dns_server, record)]) == [(status, result)]


def test_a_missing_record_comes_with_the_one_to_add(dns_server):
    finding = check(dns_server)
    assert results([finding]) == [("problem", f"{DOMAIN} has no DMARC record.")]
    assert finding.advice == f"Add this TXT record at {PLACE}: v=DMARC1; p=none"


def test_several_records_count_for_nothing(dns_server):
    assert results([check(dns_server, "v=DMARC1; p=none", "v=DMARC1; p=reject")]) == [
        ("problem", f"There is more than one DMARC record at {PLACE}.")
    ]


@pytest.mark.parametrize(
    ("record", "policy"),
    [
        ("v=DMARC1; p=reject", "reject"),
        ("v=DMARC1; p=reject; sp=quarantine", "quarantine"),
        ("v=DMARC1; p=none; sp=reject", "reject"),
    ],
)
def test_the_record_of_the_domain_above_counts(dns_server, record, policy):
    above = "_dmarc.group.example"
    assert results([check(dns_server, record, at=above)]) == [("ok", f"The DMARC record at {above} says “p={policy}”.")]


def test_sp_is_not_about_the_domain_itself(dns_server):
    assert check(dns_server, "v=DMARC1; p=none; sp=reject").result.endswith("because it says “p=none”.")


def test_a_top_level_domain_is_not_asked(dns_server):
    check(dns_server)
    assert dns_server.queries == [f"_dmarc.{DOMAIN} TXT", "_dmarc.group.example TXT"]


@pytest.mark.parametrize(
    ("return_domain", "record", "status"),
    [
        (DOMAIN, "v=DMARC1; p=none; aspf=s", "ok"),
        ("bounces.emails.group.example", "v=DMARC1; p=none", "ok"),
        ("bounces.emails.group.example", "v=DMARC1; p=none; aspf=s", "problem"),
        ("group.example", "v=DMARC1; p=none", "ok"),
        ("bounces.group.example", "v=DMARC1; p=none", "note"),
        ("bounces.group.example", "v=DMARC1; p=none; aspf=s", "problem"),
        ("provider.example", "v=DMARC1; p=none", "problem"),
    ],
)
def test_bounces_go_to_a_domain_that_fits_the_sender(dns_server, return_domain, record, status):
    dns_server.records = {f"{PLACE} TXT": [record]}
    lookups = Lookups(5, dns_server.where)
    finding = check_alignment(lookups, find_dmarc(lookups, DOMAIN), DOMAIN, return_domain)
    assert str(finding.status) == status


def test_a_record_above_both_domains_shows_that_they_belong_together(dns_server):
    dns_server.records = {"_dmarc.group.example TXT": ["v=DMARC1; p=reject"]}
    lookups = Lookups(5, dns_server.where)
    finding = check_alignment(lookups, find_dmarc(lookups, DOMAIN), DOMAIN, "bounces.group.example")
    assert str(finding.status) == "ok"


@pytest.mark.parametrize(
    ("rua", "advice"),
    [
        ("", "Add “rua=mailto:” and an email address of yours. You get reports about who sends in your name."),
        (
            "; rua=mailto:us@emails.group.example",
            "Once the reports show only your own emails, use “p=quarantine”. Two weeks later use “p=reject”.",
        ),
    ],
)
def test_a_record_becomes_stricter_in_steps(dns_server, rua, advice):
    assert check(dns_server, f"v=DMARC1; p=none{rua}").advice == advice


@pytest.mark.parametrize(
    ("rua", "allowed", "refused"),
    [
        ("", [], []),
        ("mailto:us@emails.group.example", [], []),
        ("mailto:us@reports.group.example!10m", [], []),
        ("mailto:us@webmail.example", [], ["webmail.example"]),
        ("mailto:us@webmail.example", ["webmail.example"], []),
        ("mailto:us@group.example, MAILTO:us@One.example , mailto:us@two.example", ["two.example"], ["one.example"]),
        ("https://reports.example/", [], []),
        ("mailto:us@", [], []),
    ],
)
def test_reports_reach_another_domain_only_if_it_allows_them(dns_server, rua, allowed, refused):
    dns_server.records = {
        f"{PLACE} TXT": [f"v=DMARC1; p=none; rua={rua}"],
        **{f"{DOMAIN}._report._dmarc.{domain} TXT": ["v=DMARC1;"] for domain in allowed},
    }
    lookups = Lookups(5, dns_server.where)
    findings = check_reports(lookups, find_dmarc(lookups, DOMAIN))
    assert results(findings) == [
        ("note", f"DMARC reports don’t reach {domain}, because it doesn’t allow them.") for domain in refused
    ]


def test_the_record_that_allows_reports_is_named(dns_server):
    dns_server.records = {f"{PLACE} TXT": ["v=DMARC1; p=none; rua=mailto:us@webmail.example"]}
    lookups = Lookups(5, dns_server.where)
    [finding] = check_reports(lookups, find_dmarc(lookups, DOMAIN))
    assert finding.advice == (
        f"Use an address at {DOMAIN} for “rua=”. Or ask webmail.example for a TXT record at "
        f"{DOMAIN}._report._dmarc.webmail.example: v=DMARC1"
    )


def test_only_some_addresses_for_reports_are_looked_up(dns_server):
    rua = ",".join(f"mailto:us@{number}.example" for number in range(50))
    dns_server.records = {f"{PLACE} TXT": [f"v=DMARC1; p=none; rua={rua}"]}
    lookups = Lookups(5, dns_server.where)
    assert len(check_reports(lookups, find_dmarc(lookups, DOMAIN))) == 3
