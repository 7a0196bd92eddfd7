"""A throw-away certificate for an IP address, signed by itself: a program that trusts the file trusts the server."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

DAY = timedelta(days=1)


def write_certificate(folder, **values):
    """Write `privkey.pem` and `fullchain.pem` into the folder."""
    key, certificate = _key_and_certificate(**values)
    (folder / "privkey.pem").write_bytes(key)
    (folder / "fullchain.pem").write_bytes(certificate)


def make_certificate(folder, **values):
    """Write the key and the certificate into one file; returns its path."""
    file = folder / "mail.pem"
    file.write_bytes(b"".join(_key_and_certificate(**values)))
    return file


def _key_and_certificate(*, days=90, ip="127.0.0.1", from_day=-1):
    """A key and its certificate as PEM, valid for so many days."""
    now, key = datetime.now(UTC), ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + min(from_day, days - 2) * DAY)
        .not_valid_after(now + days * DAY + DAY / 2)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(ip))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private, certificate.public_bytes(Encoding.PEM)
