"""Invented representatives, one by one or by the thousand."""

import io
from datetime import timedelta
from itertools import cycle, islice

import pycountry
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import connection
from django.utils import timezone
from PIL import Image

from chapters.directory.search import SEARCHED, searched
from chapters.models import Chapter, Representative
from chapters.representatives.consent import LASTS
from s4jr.accounts.models import User
from tests.query_counts import REGIONS

FIRST_NAMES = ("Orla", "Bram", "Odalys", "Nizhoni", "Thaddeus", "Xiadani", "Ewa", "Zdeněk", "Ngozi", "Ayesha")
LAST_NAMES = ("Invented", "Madeup", "Fictive", "Nobody", "Imagined")
NOTHING_SAID = dict.fromkeys(SEARCHED, "")
WORDS = "I listen first. Somebody who was never here taught me that a circle has room for one more."
ADDRESS = "orla.invented@mailbox.example"
COPIED_FROM = 1000


def today():
    return timezone.now().date()


def person(username="orla", **fields):
    """A user who signs in as a representative."""
    return User.objects.create_user(username, password=None, **{"address": ADDRESS, **fields})


def representative(username="orla", *, place="CA-ON", **fields):
    """Orla Invented of Ontario, who agreed today to a public profile; arguments replace any field."""
    user = fields.pop("user", None) or person(username)
    confirmed_on = fields.pop("confirmed_on", today())
    said = {
        "country": place[:2],
        "region": place,
        "begins_on": confirmed_on or today(),
        "display_name": "Orla Invented",
        "pronouns": "she/her",
        "words": WORDS,
        "languages": "English, Gaeilge",
        "shows_region": True,
        "confirmed_on": confirmed_on,
        "consent_until": confirmed_on and confirmed_on + LASTS,
    }
    said |= fields
    return Representative.objects.create(user=user, searched=searched({**NOTHING_SAID, **said}), **said)


def hidden_since_yesterday():
    """Return the fields of a profile whose owner got the email and both reminders and did not respond."""
    return {"consent_until": today() - timedelta(days=2), "emails_written": 3, "asked_on": today() - timedelta(days=7)}


def of_chapter(chapter, username="bram", **fields):
    """A representative of a chapter."""
    return representative(
        username, place="", **{"country": "", "chapter": chapter, "display_name": "Bram Madeup", **fields}
    )


def chapter(**fields):
    """An open chapter in Toronto."""
    said = {"slug": "lakeside", "name": "Lakeside circle", "status": "open", "country": "CA", "region": "CA-ON"}
    return Chapter.objects.create(**{**said, **fields})


def one_of_many_chapters(number, **fields):
    """The chapter with this number, of a place of its own, as far as there are places."""
    place = REGIONS[number % len(REGIONS)]
    said = {"slug": f"circle-{number}", "name": f"Circle {number}", "country": place[:2], "region": place, **fields}
    return Chapter.objects.filter(slug=said["slug"]).first() or chapter(**said)


def many(count, regions):
    """Create this many representatives, spread over the first regions of the world, starting with the US and Canada.

    The first round over the regions is created one by one, and the database copies it for the rest: ten thousand
    created in Python take as long as a hundred other tests.
    """
    once = min(count, max(regions, COPIED_FROM))
    users = [User(username=f"invented-{n}", password=UNUSABLE_PASSWORD_PREFIX, address="") for n in range(once)]
    places = cycle(islice(_regions(), regions))
    profiles = [_profile(n, user, next(places), today()) for n, user in enumerate(User.objects.bulk_create(users))]
    made = Representative.objects.bulk_create(profiles)
    if count > once:
        _copy(times=count // once - 1)
    return made


def _copy(times):
    """Copy every representative of `many` this many times, each with the same user."""
    kept = ", ".join(field.column for field in Representative._meta.concrete_fields if not field.primary_key)
    new_id = "gen_random_uuid()" if connection.vendor == "postgresql" else "lower(hex(randomblob(16)))"
    table, numbers = Representative._meta.db_table, ", ".join(f"({n})" for n in range(times))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (id, {kept}) SELECT {new_id}, {kept} FROM {table}, (VALUES {numbers}) AS times "
            "WHERE user_id IN (SELECT id FROM accounts_user WHERE username LIKE 'invented-%')"
        )


def _regions():
    codes = sorted(part.code for part in pycountry.subdivisions)
    return sorted(codes, key=lambda code: (code[:2] not in ("CA", "US"), code))


def _profile(number, user, place, day):
    profile = Representative(
        user=user,
        country=place[:2],
        region=place,
        begins_on=day,
        display_name=f"{FIRST_NAMES[number % 10]} {LAST_NAMES[number % 5]} {number}",
        pronouns=("she/her", "they/them", "he/him", "")[number % 4],
        words=WORDS,
        languages=("English", "English, Français", "Español, English")[number % 3],
        shows_region=True,
        mandated_reporter=("", "yes", "no")[number % 3],
        ties=("", "None.")[number % 2],
        answer_days="1 2 3 5",
        confirmed_on=day - timedelta(days=number % 80),
        consent_until=day + timedelta(days=30),
    )
    profile.searched = searched({name: getattr(profile, name) for name in SEARCHED})
    return profile


def photograph(size=(1600, 1200), kind="JPEG", **more):
    """Return the bytes of a photo with noise in every pixel, which compresses worst."""
    picture = Image.effect_noise(size, 90).convert("RGB")
    file = io.BytesIO()
    picture.save(file, kind, **more)
    return file.getvalue()
