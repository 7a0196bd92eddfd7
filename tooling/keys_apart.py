"""Stores the site's keys in a file apart from the backups. Needs no database and no settings.

python -m tooling.keys_apart encrypt age1… < .env > keys.age   only the holder of the secret key can open it
python -m tooling.keys_apart open KEYFILE < keys.age >> .env   restores the three lines
"""

import sys

import pyrage

NAMES = ("SECRET_KEY", "FIELD_KEYS", "INDEX_KEY")


def key_lines(text):
    """The lines of an `.env` file that hold keys. Raises SystemExit with one sentence if one is missing."""
    lines = [line for line in text.splitlines() if line.startswith(tuple(f"{name}=" for name in NAMES))]
    missing = [name for name in NAMES if not any(line.startswith(f"{name}=") for line in lines)]
    if missing:
        raise SystemExit(f"{', '.join(missing)} not found in what was given.")
    return "".join(f"{line}\n" for line in lines)


def encrypt(text, public_keys):
    """The keys in an `.env` file, encrypted to age public keys, in bytes."""
    return pyrage.encrypt(key_lines(text).encode(), [pyrage.x25519.Recipient.from_str(key) for key in public_keys])


def open_(encrypted, key_file):
    """The lines in the output of `encrypt`; `key_file` is the text of an age key file."""
    secrets = [line for line in key_file.splitlines() if line.startswith("AGE-SECRET-KEY-")]
    return pyrage.decrypt(encrypted, [pyrage.x25519.Identity.from_str(line) for line in secrets]).decode()


def main(verb, *rest):
    if verb == "encrypt" and rest:
        sys.stdout.buffer.write(encrypt(sys.stdin.read(), rest))
    elif verb == "open" and len(rest) == 1:
        with open(rest[0], encoding="utf-8") as key_file:
            sys.stdout.write(open_(sys.stdin.buffer.read(), key_file.read()))
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main(*(sys.argv[1:] or [""]))
