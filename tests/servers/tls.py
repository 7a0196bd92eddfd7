"""A mail server with TLS and sign-in."""

import ssl

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult


class TlsMailServer:
    """Takes one user and password, over STARTTLS or, with `implicit=True`, over TLS from the first byte."""

    USER, PASSWORD = "mara", "a word of passage"

    def __init__(self, port, certificate, *, implicit=False, offers_tls=True, offers_sign_in=True):
        self.port, self.implicit, self.received = port, implicit, []
        self.refusal = None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self._context = context if offers_tls else None
        self._offers_sign_in = offers_sign_in
        self._controller = None

    @property
    def url(self):
        scheme, password = "submissions" if self.implicit else "submission", self.PASSWORD.replace(" ", "%20")
        return f"{scheme}://{self.USER}:{password}@127.0.0.1:{self.port}"

    def start(self):
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.factory = self._connected
        if self.implicit:
            self._controller.ssl_context = self._context
        self._controller.start()

    def stop(self):
        self._controller.stop(no_assert=True)

    def _connected(self):
        sign_in = {"authenticator": self._sign_in, "auth_require_tls": not self.implicit}
        if not self._offers_sign_in:
            sign_in = {"auth_exclude_mechanism": ["LOGIN", "PLAIN"]}
        starttls = None if self.implicit else self._context
        return SMTP(self, hostname="mail.example", tls_context=starttls, **sign_in)

    def _sign_in(self, server, session, envelope, mechanism, data):
        self.received.append((data.login.decode(), data.password.decode()))
        if self.refusal:
            return AuthResult(success=False, handled=False, message=self.refusal)
        return AuthResult(success=self.received[-1] == (self.USER, self.PASSWORD), handled=False)

    async def handle_DATA(self, server, session, envelope):
        raise AssertionError("an email was sent")
