"""Fictional members, created from a seed and inserted into PostgreSQL by COPY. None of them exists.

Each has a unique address, encrypted and indexed as the site does it, so they can be found and emailed. The other
encrypted columns reuse a pool of POOL encrypted texts each, made by the site's own `encrypt`: they are as long as real
ones and cost the database the same, but only POOL of them differ.
"""

import random
from datetime import timedelta
from itertools import islice

from django.db import connection
from django.utils import timezone

from members.models import Member
from s4jr.crypto.blind_index import blind_index, keyed_hash
from s4jr.crypto.fields import encrypt, encrypted_fields

POOL = 64
SEED = 20261127
#: Percent of members by status. Undecided ones applied within the last 50 days, the others within three years.
MIX = {"approved": 80, "waiting": 10, "left": 4, "declined": 2, "lapsed": 2, "on_hold": 1, "closed": 1}
UNDECIDED = ("waiting", "on_hold")
PLACES = [("CA", "CA-ON"), ("CA", "CA-QC"), ("US", "US-NY"), ("US", "US-CA"), ("US", "US-TX"), ("GB", "")]
LANGUAGES = ["en", "en", "en", "fr-ca", "es"]
#: The text of a pool, by column; every other encrypted column is an encrypted blank.
SAID = {
    "name": "Nobody Testperson {}",
    "pronouns": "they",
    "relation": "ally",
    "ways_to_help": "media policy",
    "message": "A heron stands in the reeds, and nobody of this crowd exists: {}. That is all there is to say of it.",
}
NUMBERS = 16**6  # a member's number has six hex digits
STRIDE = 7_368_787  # odd, so that no number repeats before all were used
EMPTY = r"\N"


def address(nth):
    """The address of the nth member."""
    return f"nobody{nth}@crowd.example"


def fill(start, stop, *, encrypted=True):
    """Insert the members from `start` to before `stop`: the same ones each time, except for nonces and dates.

    Without `encrypted` their encrypted columns are empty, which takes a third of the time.
    """
    columns = [field for field in Member._meta.concrete_fields if not field.primary_key]
    names = ", ".join(connection.ops.quote_name(field.column) for field in columns)
    rows = ("\t".join(row[field.name] for field in columns) + "\n" for row in _rows(start, stop, encrypted))
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY {_table()} ({names}) FROM STDIN") as copy:
            while lines := "".join(islice(rows, 500)):
                copy.write(lines)
        cursor.execute(f"ANALYZE {_table()}")


def _table():
    return connection.ops.quote_name(Member._meta.db_table)


def _rows(start, stop, encrypted):
    """The cells of COPY for each member, by field name."""
    chance, now, pools = random.Random(f"{SEED} {start}"), timezone.now(), _pools() if encrypted else {}
    blank = {field.name: EMPTY if field.null else "" for field in Member._meta.concrete_fields}
    plain = {
        "times_corrected": "0",
        "version": "1",
        "reminded_days": "0",
        "agreement_version": "1",
        "word_proves_inbox": "f",
    }
    for nth, status in enumerate(chance.choices(list(MIX), MIX.values(), k=stop - start), start):
        words = {name: pool[nth % POOL] for name, pool in pools.items()}
        own = {"email": encrypt(address(nth), "member.email")} if encrypted else {}
        yield {**blank, **plain, **words, **own, **_who(nth), **_how(nth, chance), **_when(status, chance, now)}


def _pools():
    said = {field: SAID.get(field.name, "") for field in encrypted_fields(Member)}
    return {field.name: [encrypt(text.format(n), field.context) for n in range(POOL)] for field, text in said.items()}


def _who(nth):
    to = address(nth)
    return {
        "number": f"{nth * STRIDE % NUMBERS:06X}",
        "email_index": blind_index(to),
        "code_hash": keyed_hash("crowd-code", to),
        "form_token": f"crowd{nth}",
    }


def _how(nth, chance):
    country, region = PLACES[nth % len(PLACES)]
    return {
        "contact": "discreet" if nth % 7 == 0 else "yes",
        "country": country,
        "region": region,
        "language": LANGUAGES[nth % len(LANGUAGES)],
        "newsletter": "t" if chance.random() < 0.5 else "f",
    }


def _when(status, chance, now):
    """The dates that the status and the table's constraints require."""
    received = now - timedelta(days=chance.randrange(50 if status in UNDECIDED else 3 * 365))
    decided = min(now, received + timedelta(days=chance.randrange(1, 20)))
    return {
        "status": status,
        "received_on": received.date().isoformat(),
        "agreed_at": received.isoformat(),
        "decided_at": EMPTY if status in UNDECIDED else decided.isoformat(),
        "left_on": decided.date().isoformat() if status == "left" else EMPTY,
    }
