"""A throw-away certificate, and a mail server with TLS and sign-in that uses it."""

import datetime
import ipaddress
import ssl

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

DAY = datetime.timedelta(days=1)


def make_certificate(folder, *, days=90, ip="127.0.0.1", from_day=-1):
    """Write a certificate that signs itself, valid for so many days, with its key; returns the path of the file."""
    now, key = datetime.datetime.now(datetime.UTC), ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + min(from_day, days - 2) * DAY)
        .not_valid_after(now + days * DAY + DAY / 2)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(ip))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "mail.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + certificate.public_bytes(Encoding.PEM))
    return file


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
