import pytest

from tests.servers.dovecot import Dovecot

BOUNCE_ADDRESS = "bounces@quiet.example"


@pytest.fixture(autouse=True)
def _bounces_come_back(settings):
    settings.BOUNCE_ADDRESS = BOUNCE_ADDRESS


@pytest.fixture(scope="session")
def _dovecot(parts):
    server = Dovecot(parts.folder / "dovecot")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def imap_server(_dovecot, settings, monkeypatch):
    """The IMAP server that BOUNCE_MAILBOX_URL leads to, with an empty mailbox: `.deliver(…)`, `.messages()`."""
    monkeypatch.setenv("SSL_CERT_FILE", str(_dovecot.certificate))  # trusted by this test and no other
    settings.BOUNCE_MAILBOX_URL = _dovecot.url
    _dovecot.empty()
    yield _dovecot
    _dovecot.empty()
