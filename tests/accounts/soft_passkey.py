"""A software authenticator that creates and uses passkeys (WebAuthn level 2, ES256, attestation "none")."""

import hashlib
import json
import secrets
import struct

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode

HOST = "localhost"
ORIGIN = f"http://{HOST}"
PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40


class Device:
    """Holds one passkey. `is_verified` says whether the user gave a fingerprint, face or PIN."""

    def __init__(self, *, is_verified=True, origin=ORIGIN):
        self.origin = origin
        self.flags = PRESENT | (VERIFIED if is_verified else 0)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(16)
        self.owner = None

    def make(self, js_data):
        """Return the JSON that a browser sends after it creates a passkey."""
        options = js_data["creation_options"]["publicKey"]
        self.owner = options["user"]["id"]
        public = cbor.encode(dict(ES256.from_cryptography_key(self.key.public_key())))
        data = self._data(HAS_KEY) + bytes(16) + struct.pack(">H", len(self.id)) + self.id + public
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options["challenge"])
        return self._credential(clientDataJSON=client, attestationObject=attestation)

    def give(self, js_data):
        """Return the JSON that a browser sends after it uses the passkey."""
        client = self._client("webauthn.get", js_data["request_options"]["publicKey"]["challenge"])
        data = self._data()
        signed = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._credential(clientDataJSON=client, authenticatorData=data, signature=signed)

    def _data(self, more=0):
        return hashlib.sha256(HOST.encode()).digest() + bytes([self.flags | more]) + bytes(4)

    def _client(self, kind, challenge):
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _credential(self, **response):
        response = {name: websafe_encode(value) for name, value in response.items()}
        if "signature" in response:
            response["userHandle"] = self.owner
        identity = {"id": websafe_encode(self.id), "rawId": websafe_encode(self.id), "type": "public-key"}
        return json.dumps({**identity, "response": response, "clientExtensionResults": {"credProps": {"rk": True}}})
