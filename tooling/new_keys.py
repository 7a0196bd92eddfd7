"""Three new keys for `.env`: `python -m tooling.new_keys >> .env`. Needs nothing but Python."""

import base64
import secrets
import sys


def new_keys():
    """The three keys, each random; `s4jr/checks.py` has their requirements."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_KEYS": f"k1:{base64.b64encode(secrets.token_bytes(32)).decode()}",
        "INDEX_KEY": secrets.token_urlsafe(32),
    }


def as_lines(values):
    """A mapping in the format of `.env` files."""
    return "".join(f"{name}={value}\n" for name, value in values.items())


if __name__ == "__main__":
    sys.stdout.write(as_lines(new_keys()))
