"""How the directory scales with representatives: queries, bytes, and time as a ratio. On PostgreSQL.

    .venv/bin/python -m benchmarks.directory

All people are fictional (tests/chapters/cast.py). The table is also written to docs/directory.md. Times are those of
the view alone, as a multiple of the same page with one representative.
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
    """(queries, bytes, bytes without the map, compressed bytes, milliseconds) of one page."""
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

The pages of `/representatives/` on PostgreSQL, with fictional people, by `.venv/bin/python -m benchmarks.directory`.
"KB" is thousands of bytes of the whole HTML. "Without the map" leaves out the picture of the map. "As sent" is what a
browser gets that accepts compression, as all do. "Time" is a multiple of the same page with one representative.
"Questions" are database queries. One query of a place is for what its representatives say about it, one for its
chapters, one for its meetings, and one more if it has meetings; the others are for the people. One query of the index
is for the six profiles that it shows. Once a second, the page of one reader also checks whether the content of the site
has changed.

Last run: {time.strftime("%Y-%m-%d")}.

| representatives in regions | page | questions | KB | without the map | as sent | time |
|---|---|---|---|---|---|---|
{chr(10).join(lines)}

[`chapters/map/LICENCE.md`](../chapters/map/LICENCE.md) says where the map comes from, and under which license.
`tests/chapters/directory/test_views.py` and `tests/chapters/map/test_drawing.py` test the queries and the bytes. No
test checks a time.
{_later_sections()}"""


def _later_sections():
    """What others wrote below the table."""
    _table, heading, rest = REPORT.read_text().partition("\n## ")
    return heading + rest


def main():
    import django
    from django.core.management import call_command

    parts = Parts()
    parts.start_all()
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
