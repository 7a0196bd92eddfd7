"""The mail server of EMAIL_URL, a real one with TLS: how far we get, and what stops us. No email is ever sent."""

import socket

import pytest

from s4jr.mail.deliverability.server_findings import check_server
from s4jr.mail.deliverability.server_probe import ServerFacts, ServerProbe, Trouble, mail_server_of
from tests.mail.deliverability.senders import results
from tests.servers.certificate import make_certificate
from tests.servers.process import free_port
from tests.servers.tls import TlsMailServer

ANSWERS = "127.0.0.1 answers on port {port}."


@pytest.fixture
def serve(tmp_path, monkeypatch):
    """Start a mail server with a certificate that this test trusts."""
    started = []

    def start(*, days=90, ip="127.0.0.1", from_day=-1, trusted=True, **options):
        certificate = make_certificate(tmp_path, days=days, ip=ip, from_day=from_day)
        if trusted:
            monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        server = TlsMailServer(free_port(), certificate, **options)
        server.start()
        started.append(server)
        return server

    yield start
    for server in started:
        server.stop()


def look(url, seconds=10):
    server = mail_server_of(url)
    return results(check_server(server, ServerProbe(server, seconds, "site.example").facts()))


@pytest.mark.parametrize("implicit", [False, True])
def test_a_server_in_good_order_has_three_findings(serve, implicit):
    server = serve(implicit=implicit)
    assert look(server.url) == [
        ("ok", ANSWERS.format(port=server.port)),
        ("ok", "TLSv1.3, with a certificate that is valid for 90 more days."),
        ("ok", "127.0.0.1 accepts our password."),
    ]
    assert server.received == [(server.USER, server.PASSWORD)]


@pytest.mark.parametrize(("days", "status"), [(13, "problem"), (14, "ok")])
def test_a_certificate_that_ends_soon_is_a_problem(serve, days, status):
    assert look(serve(days=days).url)[1][0] == status


@pytest.mark.parametrize("implicit", [False, True])
@pytest.mark.parametrize(
    ("certificate", "result"),
    [
        ({"days": -1}, "The certificate of 127.0.0.1 has expired."),
        ({"from_day": 5}, "The certificate of 127.0.0.1 is not valid yet."),
        ({"ip": "127.0.0.2"}, "The certificate is for another name than 127.0.0.1."),
        ({"trusted": False}, "The certificate of 127.0.0.1 is not from an authority that this server knows."),
    ],
)
def test_a_certificate_that_is_wrong_is_explained_and_gets_no_password(serve, implicit, certificate, result):
    server = serve(implicit=implicit, **certificate)
    assert (look(server.url)[-1], server.received) == (("problem", result), [])


def test_a_certificate_for_an_address_does_not_fit_a_name(serve):
    server = serve()
    assert look(server.url.replace("127.0.0.1", "localhost"))[-1] == (
        "problem", "The certificate is for another name than localhost."
    )  # fmt: skip


def test_a_server_without_encryption_gets_no_password(serve):
    server = serve(offers_tls=False)
    assert (look(server.url), server.received) == (
        [
            ("ok", ANSWERS.format(port=server.port)),
            ("problem", f"127.0.0.1 offers no encryption on port {server.port}, so we can’t sign in safely."),
        ],
        [],
    )


def test_a_port_for_starttls_is_not_one_for_implicit_tls(serve):
    server = serve()
    assert look(server.url.replace("submission:", "submissions:")) == [
        ("problem", "127.0.0.1 and this site can’t agree on an encryption.")
    ]


def test_a_wrong_password_is_named(serve):
    server = serve()
    assert look(server.url.replace("passage", "passing"))[-1] == (
        "problem", "127.0.0.1 doesn’t accept the user name or password in EMAIL_URL."
    )  # fmt: skip


def test_a_password_that_cannot_be_sent_is_named(serve):
    server = serve()
    assert look(server.url.replace("passage", "pass%C3%A9"))[-1] == (
        "problem", "127.0.0.1 doesn’t accept the user name or password in EMAIL_URL."
    )  # fmt: skip


def test_a_host_that_cannot_be_in_the_dns_could_not_be_reached():
    assert look(f"submission://a:b@{'x' * 64}.example")[-1] == ("unknown", f"We couldn’t reach {'x' * 64}.example.")


def test_a_sign_in_that_fails_for_now_is_not_a_wrong_password(serve):
    server = serve()
    server.refusal = "454 4.7.0 Temporary authentication failure"
    assert look(server.url)[-1] == ("unknown", "127.0.0.1 can’t check our password right now.")


def test_a_server_that_offers_no_sign_in_is_named(serve):
    server = serve(offers_sign_in=False)
    assert look(server.url)[-1] == (
        "problem", f"127.0.0.1 offers no sign-in that we can use on port {server.port}."
    )  # fmt: skip


def test_a_server_on_this_machine_needs_neither_encryption_nor_sign_in(smtp_sink):
    url = f"smtp://127.0.0.1:{smtp_sink.port}"
    assert look(url) == [("ok", ANSWERS.format(port=smtp_sink.port))]
    assert ServerProbe(mail_server_of(url), 10, "site.example").facts() == ServerFacts(
        answers=True, name="sink.invalid"
    )
    assert smtp_sink.deliveries == []


def test_a_port_on_which_nothing_listens_is_a_problem():
    port = free_port()
    assert look(f"smtp://127.0.0.1:{port}") == [("problem", f"Nothing answers on port {port} of 127.0.0.1.")]


def test_a_host_that_does_not_exist_could_not_be_reached():
    assert look("submission://a:b@mail.invalid") == [("unknown", "We couldn’t reach mail.invalid.")]


@pytest.fixture
def listener():
    """A port that accepts connections, on which the test says what it likes."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        yield found


def test_a_server_that_says_nothing_holds_no_one_up(listener):
    port = listener.getsockname()[1]
    server = mail_server_of(f"smtp://127.0.0.1:{port}")
    probe = ServerProbe(server, 0.3, "site.example")
    assert results(check_server(server, probe.facts())) == [("unknown", "127.0.0.1 didn’t answer in time.")]
    listener.accept()[0].close()
    probe._thread.join()


def test_a_server_that_says_nothing_ends_the_thread_as_well(listener):
    server = mail_server_of(f"smtp://127.0.0.1:{listener.getsockname()[1]}")
    probe = ServerProbe(server, 0.3, "site.example")
    probe._thread.join()
    assert probe.facts().trouble == Trouble.SILENT


def test_a_server_that_hangs_up_is_not_called_wrong(listener):
    port = listener.getsockname()[1]
    server = mail_server_of(f"smtp://127.0.0.1:{port}")
    probe = ServerProbe(server, 10, "site.example")
    connection, _peer = listener.accept()
    connection.sendall(b"220 mail.example\r\n")
    connection.recv(1000)
    connection.close()
    assert results(check_server(server, probe.facts())) == [
        ("ok", ANSWERS.format(port=port)),
        ("unknown", "127.0.0.1 ended the connection."),
    ]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://localhost", ("smtp", "localhost", 25, "", "")),
        ("submission://m%40x:a%2Fb@mail.example", ("submission", "mail.example", 587, "m@x", "a/b")),
        ("submissions://m:p@mail.example", ("submissions", "mail.example", 465, "m", "p")),
        ("submissions://m:p@mail.example:2465", ("submissions", "mail.example", 2465, "m", "p")),
    ],
)
def test_the_parts_of_email_url(url, expected):
    assert tuple(mail_server_of(url)) == expected


def test_every_trouble_has_words():
    server = mail_server_of("submission://m:p@mail.example")
    found = [check_server(server, ServerFacts(trouble=trouble)) for trouble in Trouble]
    assert [len(findings) for findings in found] == [1] * len(Trouble)
    assert all("mail.example" in findings[0].result and findings[0].advice for findings in found)
