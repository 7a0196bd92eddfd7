"""How the directory bears many representatives: questions to the database, bytes, and time as a ratio. On PostgreSQL.

    .venv/bin/python -m benchmarks.directory

Everybody is invented (tests/chapters/cast.py). The table is also written to docs/directory.md. Times are those of the
view alone, and are told only as a multiple of the same page with one representative.
"""

import gzip
import os
import re
import sys
import time
from pathlib import Path
from statistics import median

from tests.servers.plugin import Parts

REPORT = Path(__file__).parent.parent / "docs" / "directory.md"
SIZES = [(0, 1), (1, 1), (6, 6), (1_000, 200), (10_000, 600)]
PAGES = {
    "the index": "/representatives/",
    "one region": "/representatives/?place=CA-ON",
    "one country": "/representatives/?place=US",
    "a search": "/representatives/?q=orla",
}
TIMES = 15
PICTURE = re.compile(rb'<svg class="map__.*?</svg>', re.DOTALL)


def measured(client, address):
    """(questions, bytes, bytes without the map, bytes as sent, milliseconds) of one page."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        html = client.get(address).content
    bare = PICTURE.sub(b"", html)
    return len(asked), len(html), len(bare), len(gzip.compress(html)), median(_milliseconds(client, address))


def _milliseconds(client, address):
    for _ in range(TIMES):
        begun = time.perf_counter()
        client.get(address)
        yield (time.perf_counter() - begun) * 1000


def rows():
    from django.test import Client

    from chapters.models import Representative
    from s4jr.accounts.models import User
    from tests.chapters import cast

    client, with_one = Client(), {}
    for count, regions in SIZES:
        Representative.objects.all().delete()
        User.objects.all().delete()
        cast.many(count, regions)
        for name, address in PAGES.items():
            questions, whole, bare, sent, milliseconds = measured(client, address)
            with_one[name] = milliseconds if count == 1 else with_one.get(name)
            ratio = f"{milliseconds / with_one[name]:.1f}" if with_one[name] else ""
            sizes = " | ".join(f"{size / 1000:.1f}" for size in (whole, bare, sent))
            yield f"| {count:,} in {min(count, regions)} | {name} | {questions} | {sizes} | {ratio} |"


def report(lines):
    return f"""# The directory with many representatives

The pages of `/representatives/` on PostgreSQL, with invented people, by `.venv/bin/python -m benchmarks.directory`.
Kilobytes are thousands of bytes: of the whole HTML, of the HTML without the picture of the map, and of what is
sent to a browser that takes it compressed, as all do. "Time" is a multiple of the same page with one representative.
One question of a region is for what its representatives say of the place; the rest is for the people. The index asks
once more while it shows all cards, that is for up to six. Once a second one reader's page asks besides whether the
words of the site have changed.

Last run: {time.strftime("%Y-%m-%d")}.

| representatives in regions | page | questions | KB | without the map | as sent | time |
|---|---|---|---|---|---|---|
{chr(10).join(lines)}

Where the map comes from, and under which licence: [`chapters/map/LICENCE.md`](../chapters/map/LICENCE.md).
`tests/chapters/directory/test_views.py` and `test_map.py` hold the questions and the bytes; no test holds a time.
"""


def main():
    import django
    from django.core.management import call_command

    parts = Parts()
    parts.start()
    try:
        os.environ.update(parts.environment() | {"DATABASE_URL": parts.database_url("postgres")})
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "s4jr.settings")
        django.setup()
        from django.conf import settings
        from django.db import connections

        settings.ALLOWED_HOSTS, settings.CACHE_VERSION_SECONDS = ["testserver"], 3600
        settings.STORAGES = {
            **settings.STORAGES,
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        }
        call_command("migrate", verbosity=0)
        text = report(rows())
        REPORT.write_text(text)
        sys.stdout.write(text)
        connections.close_all()
    finally:
        parts.stop()


if __name__ == "__main__":
    main()
