"""DKIM keys (RFC 6376): the public keys with which mail servers verify the signature of our emails."""

import base64
import binascii
import re
from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key
from django.utils.translation import gettext

from s4jr.mail.deliverability.findings import Finding, Status, quote
from s4jr.mail.deliverability.lookups import Lookups
from s4jr.mail.deliverability.tag_list import read_tags

#: RFC 8301, 3.2: shorter RSA keys are not accepted, and signers should use the longer ones.
FEWEST_BITS, GOOD_BITS = 1024, 2048
#: RFC 8463: an Ed25519 key is its 32 bytes.
ED25519_BYTES = 32


@dataclass(frozen=True)
class Key:
    """A key record. `bits` is the length of an RSA key, 0 for Ed25519, None if the key can't be read."""

    tags: dict[str, str]
    bits: int | None

    @property
    def is_revoked(self) -> bool:
        return self.tags["p"] == ""

    @property
    def is_for_email(self) -> bool:
        """Whether it verifies emails that are signed with SHA-256, the only hash that RFC 8301 allows."""
        services, hashes = self._listed("s", "*"), self._listed("h", "sha256")
        return bool(services & {"*", "email"}) and "sha256" in hashes

    @property
    def is_test(self) -> bool:
        return "y" in self._listed("t", "")

    def _listed(self, tag, usual):
        return {part.strip().lower() for part in (self.tags.get(tag) or usual).split(":")}


def read_key(record: str) -> Key | None:
    """The key of a TXT record; None if it is not a key record at all."""
    tags = read_tags(record)
    if tags is None or "p" not in tags or tags.get("v", "DKIM1") != "DKIM1":
        return None
    return Key(tags, _key_bits(tags.get("k", "rsa").lower(), re.sub(r"\s", "", tags["p"])))


def _key_bits(kind, encoded):
    try:
        raw = base64.b64decode(encoded, validate=True)
        if kind == "ed25519":
            return 0 if len(raw) == ED25519_BYTES else None
        key = load_der_public_key(raw)
    except (binascii.Error, ValueError, UnsupportedAlgorithm):
        return None
    return key.key_size if isinstance(key, RSAPublicKey) and kind == "rsa" else None


def check_dkim(lookups: Lookups, domain: str, selectors: list[str]) -> list[Finding]:
    """A finding for each selector. Whether our emails are signed with the key, only a received email shows."""
    if not selectors:
        result = gettext("We can’t look for your DKIM key, because we don’t know its selector.")
        advice = gettext("Your email provider tells you. It is also in the source of a test email, after “s=”.")
        return [Finding(gettext("DKIM key"), Status.UNKNOWN, result, advice)]
    names = [f"{selector}._domainkey.{domain}" for selector in selectors]
    return [_records_finding(name, lookups.texts(name)) for name in names]


def _records_finding(name: str, records: list[str]) -> Finding:
    keys = [key for record in records if (key := read_key(record))]
    values = {"name": quote(name), "bits": keys[0].bits if keys else None}
    if not records:
        status, result = Status.PROBLEM, gettext("There is no DKIM key at %(name)s.")
        advice = gettext("Add the TXT or CNAME record that your email provider gives you for this name.")
    elif len(records) > 1:
        status, result = (
            Status.PROBLEM,
            gettext("There is more than one record at %(name)s."),
        )
        advice = gettext("Keep only the one from your email provider. Mail servers may use the wrong one.")
    elif not keys:
        status, result = Status.PROBLEM, gettext("The DKIM record at %(name)s can’t be read.")
        advice = gettext("Copy it again from your email provider. It has “p=” and a long key.")
    else:
        status, result, advice = _key_words(keys[0])
    return Finding(gettext("DKIM key"), status, result % values, advice)


def _key_words(key: Key) -> tuple[Status, str, str]:
    """The status, the result and the advice for a record that holds a key."""
    longer = gettext("Ask your email provider for a key of 2048 bits.")
    if key.is_revoked:
        advice = gettext("Add the current key of your email provider.")
        return Status.PROBLEM, gettext("The DKIM key at %(name)s is empty, so it is no longer valid."), advice
    if key.bits is None:
        advice = gettext("Copy it again from your email provider, without line breaks or quotation marks inside.")
        return Status.PROBLEM, gettext("The DKIM key at %(name)s is damaged."), advice
    if not key.is_for_email:
        advice = gettext("Ask your email provider for a key for emails with SHA-256.")
        return Status.PROBLEM, gettext("The DKIM key at %(name)s is not for the signatures of emails."), advice
    if key.bits and key.bits < FEWEST_BITS:
        return (
            Status.PROBLEM,
            gettext("The DKIM key at %(name)s is too short (%(bits)d bits)."),
            longer,
        )
    return _usable_key_words(key, longer)


def _usable_key_words(key, longer):
    if key.is_test:
        advice = gettext("Remove “t=y” from the record once emails arrive.")
        return Status.NOTE, gettext("The DKIM key at %(name)s is marked as a test."), advice
    if not key.bits:
        advice = gettext("Ask your email provider for an RSA key as well.")
        return (
            Status.NOTE,
            gettext("Many mail servers can’t use the key at %(name)s (Ed25519)."),
            advice,
        )
    if key.bits < GOOD_BITS:
        return Status.NOTE, gettext("The DKIM key at %(name)s works, but it is short (%(bits)d bits)."), longer
    return Status.OK, gettext("There is a DKIM key of %(bits)d bits at %(name)s."), ""
