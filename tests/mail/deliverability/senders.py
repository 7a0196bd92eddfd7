"""A sender in good order, as its DNS shows it: the site of `emails.example`, which sends through a provider."""

import base64

from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

DOMAIN = "emails.example"
HOST = "mail.provider.example"


def rsa_key(bits):
    """A throw-away public key as in `p=`."""
    key = rsa.generate_private_key(65537, bits).public_key()
    return base64.b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


def ed25519_key():
    key = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key()
    return base64.b64encode(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


KEY = rsa_key(2048)


def good_records():
    return {
        f"{DOMAIN} TXT": ["some-site-verification=abc", "v=spf1 include:spf.provider.example -all"],
        "spf.provider.example TXT": ["v=spf1 ip4:192.0.2.0/24 -all"],
        f"{HOST} A": ["192.0.2.25"],
        f"s1._domainkey.{DOMAIN} TXT": [f"v=DKIM1; k=rsa; p={KEY}"],
        f"_dmarc.{DOMAIN} TXT": ["v=DMARC1; p=reject; rua=mailto:reports@emails.example"],
        f"{DOMAIN} MX": ["10 in.provider.example."],
        "in.provider.example A": ["192.0.2.26"],
    }


def results(findings):
    """Pairs of status and result, which tests compare."""
    return [(str(finding.status), finding.result) for finding in findings]
