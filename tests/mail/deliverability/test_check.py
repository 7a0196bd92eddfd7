"""The whole check, as `manage.py check_mail` and the admin run it, against a real DNS server and a real mail server."""

import pytest
from django.core.management import CommandError, call_command

from s4jr.mail.deliverability.check import check_sender
from s4jr.mail.deliverability.findings import LONGEST_QUOTE, Finding, Status, exit_code, quote
from tests.mail.deliverability.senders import DOMAIN, good_records
from tests.servers.certificate import make_certificate
from tests.servers.dns import SERVFAIL, SILENCE
from tests.servers.process import free_port
from tests.servers.tls import TlsMailServer


@pytest.fixture(autouse=True)
def _sender(settings):
    settings.MAIL_FROM = f"hello@{DOMAIN}"
    settings.DKIM_SELECTORS = ["s1"]
    settings.BOUNCE_ADDRESS = ""


@pytest.fixture
def provider(tmp_path, monkeypatch, settings):
    """The mail server of a provider, whose host in EMAIL_URL is a name that leads to this machine."""
    certificate = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    server = TlsMailServer(free_port(), certificate)
    server.start()
    settings.EMAIL_URL = server.url
    yield server
    server.stop()


@pytest.fixture
def own_server(settings, smtp_sink):
    """A mail server of our own: it calls itself `sink.invalid`, which has the address 192.0.2.25."""
    settings.EMAIL_URL = f"smtp://127.0.0.1:{smtp_sink.port}"


def own_records():
    records = {
        **good_records(),
        "sink.invalid A": ["192.0.2.25"],
        "25.2.0.192.in-addr.arpa PTR": ["sink.invalid."],
    }
    return {**records, f"{DOMAIN} TXT": ["v=spf1 ip4:192.0.2.25 -all"]}


def statuses(findings):
    return [(finding.check, str(finding.status)) for finding in findings]


def problems(records, dns_server):
    """The findings that are not fine, once these records differ from a mail server of our own in good order."""
    dns_server.records = {**own_records(), **records}
    return [(one.check, str(one.status), one.result) for one in check_sender(seconds=5) if not one.is_ok]


def test_a_provider_in_good_order_has_no_problem(dns_server, provider):
    dns_server.records = good_records()
    findings = check_sender(seconds=10)
    assert statuses(findings) == [
        ("Mail server", "ok"),
        ("Encryption (TLS)", "ok"),
        ("Sign-in", "ok"),
        ("DKIM key", "ok"),
        ("DMARC record", "ok"),
        ("Replies", "ok"),
        ("SPF record", "ok"),
        ("SPF and your mail server", "note"),
        ("Reverse name", "note"),
    ]
    assert exit_code(findings) == 0


@pytest.mark.usefixtures("own_server")
class TestOwnServer:
    def test_in_good_order_each_check_is_fine(self, dns_server):
        dns_server.records = own_records()
        findings = check_sender(seconds=5)
        assert statuses(findings) == [
            ("Mail server", "ok"),
            ("DKIM key", "ok"),
            ("DMARC record", "ok"),
            ("Replies", "ok"),
            ("SPF record", "ok"),
            ("SPF and your mail server", "ok"),
            ("Reverse name", "ok"),
        ]

    @pytest.mark.parametrize(
        ("records", "result"),
        [
            (
                {"25.2.0.192.in-addr.arpa PTR": []},
                "The IP address of your mail server, 192.0.2.25, has no reverse name.",
            ),
            (
                {"25.2.0.192.in-addr.arpa PTR": ["host25.example."], "host25.example A": ["192.0.2.26"]},
                "192.0.2.25 is called host25.example, but that name doesn’t lead back to it.",
            ),
        ],
    )
    def test_a_reverse_name_must_lead_back(self, dns_server, records, result):
        assert problems(records, dns_server) == [("Reverse name", "problem", result)]

    def test_a_reverse_name_may_be_another_one_that_leads_back(self, dns_server):
        other = {"25.2.0.192.in-addr.arpa PTR": ["gone.example.", "m.example."], "m.example A": ["192.0.2.25"]}
        assert problems(other, dns_server) == []

    @pytest.mark.parametrize("addresses", [[], ["127.0.0.1"], ["10.1.2.3", "192.168.1.2"]])
    def test_a_name_without_a_public_address_is_a_problem(self, dns_server, addresses):
        assert problems({"sink.invalid A": addresses}, dns_server) == [
            (
                "Reverse name",
                "problem",
                "Your mail server calls itself “sink.invalid”, a name that leads to no public IP address.",
            )
        ]

    def test_spf_must_name_its_address(self, dns_server):
        assert problems({f"{DOMAIN} TXT": ["v=spf1 ip4:192.0.2.26 -all"]}, dns_server) == [
            ("SPF and your mail server", "problem", "The SPF record doesn’t let sink.invalid send from 192.0.2.25.")
        ]

    def test_without_spf_the_advice_is_the_whole_record(self, dns_server):
        dns_server.records = {**own_records(), f"{DOMAIN} TXT": []}
        [advice] = [finding.advice for finding in check_sender(seconds=5) if finding.is_problem]
        assert advice == "Add this TXT record at emails.example: v=spf1 ip4:192.0.2.25 -all"

    @pytest.mark.parametrize(
        ("records", "status", "result"),
        [
            ({f"{DOMAIN} MX": ["0 ."]}, "problem", "emails.example says that it takes no emails (a null MX record)."),
            (
                {f"{DOMAIN} MX": ["5 gone.example."]},
                "problem",
                "The MX record of emails.example names gone.example, which doesn’t exist.",
            ),
            ({f"{DOMAIN} MX": []}, "problem", "emails.example takes no emails, so whatever comes back gets lost."),
            (
                {f"{DOMAIN} MX": [], f"{DOMAIN} A": ["192.0.2.80"]},
                "note",
                "emails.example has no MX record, so emails to it go to its web server.",
            ),
        ],
    )
    def test_answers_must_arrive(self, dns_server, records, status, result):
        assert problems(records, dns_server) == [("Replies", status, result)]

    def test_spf_is_about_the_domain_of_the_return_address(self, dns_server, settings):
        settings.BOUNCE_ADDRESS = f"bounces@b.{DOMAIN}"
        result = f"b.{DOMAIN} has no SPF record, so mail servers can’t tell who may send in its name."
        assert problems({f"b.{DOMAIN} MX": ["10 in.provider.example."]}, dns_server) == [
            ("SPF record", "problem", result)
        ]

    def test_a_return_address_at_another_domain_is_a_problem(self, dns_server, settings):
        settings.BOUNCE_ADDRESS = "bounces@provider.example"
        records = {
            "provider.example TXT": ["v=spf1 ip4:192.0.2.25 -all"],
            "provider.example MX": ["10 in.provider.example."],
        }
        found = problems(records, dns_server)
        assert found == [
            (
                "Return address",
                "problem",
                "Bounces go to provider.example, which doesn’t fit emails.example. Only DKIM counts for DMARC then.",
            )
        ]

    def test_bounces_must_arrive_as_well(self, dns_server, settings):
        settings.BOUNCE_ADDRESS = f"bounces@b.{DOMAIN}"
        assert problems({f"b.{DOMAIN} TXT": ["v=spf1 ip4:192.0.2.25 -all"]}, dns_server) == [
            ("Bounces", "problem", f"b.{DOMAIN} takes no emails, so whatever comes back gets lost.")
        ]

    def test_a_return_address_at_the_same_domain_needs_nothing_more(self, dns_server, settings):
        settings.BOUNCE_ADDRESS = f"bounces@{DOMAIN}"
        dns_server.records = own_records()
        assert [check for check, status in statuses(check_sender(seconds=5)) if status == "ok"] == [
            "Mail server", "DKIM key", "DMARC record", "Return address", "Replies", "SPF record",
            "SPF and your mail server", "Reverse name",
        ]  # fmt: skip

    @pytest.mark.parametrize("trouble", [SERVFAIL, SILENCE])
    def test_one_name_without_an_answer_leaves_the_other_checks(self, dns_server, trouble):
        found = problems({f"_dmarc.{DOMAIN}": trouble}, dns_server)
        assert found == [
            (
                "DMARC record",
                "unknown",
                "We couldn’t look this up. The DNS gave no answer about _dmarc.emails.example.",
            )
        ]

    def test_one_selector_without_an_answer_leaves_the_others(self, dns_server):
        dns_server.records = {**own_records(), f"s2._domainkey.{DOMAIN}": SERVFAIL}
        keys = [finding for finding in check_sender(["s1", "s2"], seconds=5) if finding.check == "DKIM key"]
        assert [str(finding.status) for finding in keys] == ["ok", "unknown"]

    def test_offline_it_says_so_and_finds_no_problem(self, settings):
        settings.DNS_SERVER = "127.0.0.1:1"
        findings = check_sender(seconds=2)
        assert {finding.check for finding in findings if finding.status == Status.UNKNOWN} == {
            "DKIM key", "DMARC record", "Replies", "SPF record", "Reverse name",
        }  # fmt: skip
        assert (exit_code(findings), [finding for finding in findings if finding.is_problem]) == (2, [])

    def test_a_sender_in_another_script_is_looked_up_in_ascii(self, dns_server, settings):
        settings.MAIL_FROM = "hello@straße.example"
        check_sender(seconds=5)
        assert "xn--strae-oqa.example MX" in dns_server.queries

    @pytest.mark.parametrize("address", ["hello@localhost", "hello@" + "ß" * 80])
    def test_a_sender_without_a_real_domain_is_a_problem(self, dns_server, settings, address):
        settings.MAIL_FROM = address
        [sender] = [finding for finding in check_sender(seconds=5) if finding.is_problem]
        assert (sender.check, dns_server.queries) == ("Sender", [])


def test_a_server_of_our_own_that_is_down_is_one_problem(dns_server, settings):
    settings.EMAIL_URL = f"smtp://127.0.0.1:{free_port()}"
    assert [check for check, status, _result in problems({}, dns_server)] == ["Mail server"]


def test_a_folder_has_nothing_to_check(dns_server, settings):
    settings.EMAIL_URL = "file:///tmp/emails"
    assert (statuses(check_sender(seconds=5)), dns_server.queries) == ([("Mail server", "note")], [])


@pytest.mark.parametrize(
    ("found", "code"),
    [
        ([], 0),
        ([Status.OK, Status.NOTE], 0),
        ([Status.UNKNOWN, Status.OK], 2),
        ([Status.UNKNOWN, Status.PROBLEM, Status.OK], 1),
    ],
)
def test_a_problem_outweighs_what_could_not_be_checked(found, code):
    assert exit_code(Finding("check", status, "result") for status in found) == code


def test_text_from_the_dns_cannot_control_a_terminal():
    assert quote("a\x1b[2J\n\u202eb") == "a�[2J��b"
    assert quote("x" * 5000) == "x" * LONGEST_QUOTE + "…"


class TestCommand:
    def run(self, capsys, *arguments):
        with pytest.raises(SystemExit) as end:
            call_command("check_mail", *arguments)
        return end.value.code, capsys.readouterr().out.splitlines()

    @pytest.mark.usefixtures("own_server")
    def test_it_prints_one_line_for_each_check(self, dns_server, capsys):
        dns_server.records = {**own_records(), f"_dmarc.{DOMAIN} TXT": [], f"{DOMAIN} MX": SERVFAIL}
        code, lines = self.run(capsys, "--selector", "s1", "--selector", "s2.x")
        assert (code, lines[1:4]) == (
            1,
            [
                "ok              DKIM key: There is a DKIM key of 2048 bits at s1._domainkey.emails.example.",
                "problem         DKIM key: There is no DKIM key at s2.x._domainkey.emails.example. "
                "Add the TXT or CNAME record that your email provider gives you for this name.",
                "problem         DMARC record: emails.example has no DMARC record. "
                "Add this TXT record at _dmarc.emails.example: v=DMARC1; p=none",
            ],
        )

    @pytest.mark.usefixtures("own_server")
    def test_in_good_order_its_exit_code_is_0(self, dns_server, capsys):
        dns_server.records = own_records()
        code, lines = self.run(capsys)
        assert (code, {line.split()[0] for line in lines}) == (0, {"ok"})

    @pytest.mark.usefixtures("own_server")
    def test_offline_its_exit_code_is_2(self, dns_server, capsys):
        dns_server.is_closed = True
        assert self.run(capsys)[0] == 2

    def test_for_a_folder_it_says_that_there_is_nothing_to_check(self, settings, capsys):
        settings.EMAIL_URL = "file:///tmp/emails"
        assert self.run(capsys) == (
            0,
            [
                "note            Mail server: This site writes emails into a folder and sends none, "
                "so there is nothing to check."
            ],
        )

    @pytest.mark.parametrize("selector", ["", "a b", "a..b", "s1._domainkey.emails.example/", "-x", "é", "s1\n"])
    def test_a_selector_that_is_none_is_refused(self, selector):
        with pytest.raises(CommandError, match=r"enter only the selector, such as s1 or mail2026"):
            call_command("check_mail", f"--selector={selector}")
