"""What admin pages cost at ten thousand, a hundred thousand and a million members, compared to SQL and stock Django.

    ./dev bench admin [--quick]

`benchmarks/crowd.py` creates the members from a seed. The views run in this process on real PostgreSQL; a figure is the
median of several, and the figures of one row are measured in one run.
"""

import tracemalloc

from benchmarks import deciding, keeping, ours
from benchmarks.counting import counted, middle_of
from benchmarks.report import publish, table

SIZES = (10_000, 100_000, 1_000_000)
QUICK = (2_000, 20_000)
TIMES = 7
QUEUE = "/manage/members/member/"


def main(*, quick):
    sizes = QUICK if quick else SIZES
    with ours.standing():
        from benchmarks import crowd

        measured, before = {}, 0
        for size in sizes:
            crowd.fill(before, size)
            before = size
            measured[size] = _at(size, exports=min(size, 100_000) if size == sizes[1] else 0)
        lines = [
            *_over_sizes(measured),
            "",
            *_export(measured[sizes[1]]),
            "",
            *keeping.rows(20_000 if quick else sizes[-1]),
        ]
        publish("admin", "./dev bench admin", lines, keep=not quick)


def _at(size, exports):
    nobody = _nobody(size - 1)
    client, ada = _signed_in(size)
    found = {
        "queue": _page(client, QUEUE),
        "queue, SQL": _sql(
            "SELECT id, number, status FROM members_member WHERE status = 'waiting' ORDER BY received_on, id LIMIT 50"
        ),
        "queue, stock": _stock_page(ada),
        "find": _page(client, f"{QUEUE}?q={nobody}&status=all"),
        "find, SQL": _sql(f"SELECT id, number FROM members_member WHERE email_index = '{_index(size - 1)}'"),
        "find, stock": _sql(
            f"SELECT id FROM members_member WHERE UPPER(email_index) LIKE UPPER('%{_index(size - 1)}%')", times=3
        ),
        "approve": deciding.approve(ada),
        "approve, SQL": deciding.approve_by_sql(),
        "approve, stock": deciding.approve_one_by_one(ada),
    }
    if exports:
        found["export"] = _take_list(ada, exports)
    return found


# --- pages and queries


def _page(client, address):
    def ask():
        answer = client.get(address)
        assert answer.status_code == 200, answer.status_code

    return middle_of(ask, TIMES)


def _sql(statement, times=TIMES):
    from django.db import connection

    def ask():
        with connection.cursor() as cursor:
            cursor.execute(statement)
            cursor.fetchall()

    return middle_of(ask, times)


def _stock_page(user):
    """The same table by a `ModelAdmin` with only `list_display`, `list_filter` and `date_hierarchy`."""
    from django.contrib.admin import AdminSite, ModelAdmin
    from django.test import RequestFactory

    from members.models import Member

    stock = type("Stock", (ModelAdmin,), {
        "list_display": ["number", "country", "status"], "list_filter": ["status", "country"],
        "date_hierarchy": "received_on", "ordering": ["received_on"],
    })(Member, AdminSite(name="admin"))  # fmt: skip

    def ask():
        request = RequestFactory().get(QUEUE, {"status__exact": "waiting"})
        request.user, request.LANGUAGE_CODE, request.session = user, "en", {}
        stock.changelist_view(request).render()

    return middle_of(ask, 3)


def _nobody(nth):
    from benchmarks import crowd

    return crowd.address(nth)


def _index(nth):
    from s4jr.crypto.blind_index import blind_index

    return blind_index(_nobody(nth))


# --- export


def _take_list(ada, count):
    """(figure of the export, people, peak memory in MB, figure of one COPY); both outputs are discarded."""
    from django.db import connection

    from members.import_export.exporter import export
    from members.models import Member

    floor = f"COPY (SELECT * FROM members_member ORDER BY id LIMIT {count}) TO STDOUT"
    with counted() as copied, connection.cursor() as cursor, cursor.copy(floor) as lines:
        for _line in lines:
            pass
    memory = {people: _memory_of_list(ada, people) for people in (count // 10, count)}
    with counted() as spent:
        lines = sum(1 for _line in export(_first(Member, count), by=ada, reason="benchmark"))
    return spent, lines - 2, memory, copied


def _first(model, count):
    last = model.objects.order_by("pk").values_list("pk", flat=True)[count - 1]
    return model.objects.filter(pk__lte=last).oldest_first()


def _memory_of_list(ada, people):
    """The peak memory of Python during an export, in MB above what it held before."""
    from members.import_export.exporter import export
    from members.models import Member

    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for _line in export(_first(Member, people), by=ada, reason="benchmark"):
        pass
    most = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()
    return most / 1e6


def _signed_in(size):
    from django.test import Client

    from tests import make

    client = Client(SERVER_NAME="testserver")
    return client, make.signed_in_staff(client, f"ada-{size}")


# --- the table


def _over_sizes(measured):
    sizes = list(measured)
    small, large = measured[sizes[0]], measured[sizes[-1]]
    head = ["measured", *(f"{size:,}" for size in sizes), "goal"]
    over = lambda name, part: [f"{measured[size][name][part] / small[name][part]:.2f}" for size in sizes]  # noqa: E731
    beside = lambda name, to, part: [f"{measured[size][name][part] / measured[size][to][part]:.1f}" for size in sizes]  # noqa: E731
    milliseconds = lambda name: [f"{measured[size][name]['postgres'] * 1000:.1f}" for size in sizes]  # noqa: E731
    statements = lambda name: [measured[size][name]["statements"] for size in sizes]  # noqa: E731
    yield from table(head, [
        [f"waiting queue, CPU, × its own at {sizes[0]:,}", *over("queue", "cpu"), "at most 1.3"],
        ["the same, statements", *statements("queue"), "at most 6"],
        ["the same, ms of PostgreSQL", *milliseconds("queue"), "at most 5"],
        ["floor: its SQL alone, × its own", *over("queue, SQL", "seconds"), ""],
        ["a stock `ModelAdmin` with a date hierarchy, time × its own", *over("queue, stock", "seconds"), ""],
        ["find one person by address, time × its own", *over("find", "seconds"), "at most 1.3"],
        ["floor: one index look-up, × its own", *over("find, SQL", "seconds"), ""],
        ["`icontains`, as stock `search_fields` look, × its own", *over("find, stock", "seconds"), ""],
        [f"approve {deciding.AT_ONCE:,}, statements", *statements("approve"), "at most 8"],
        ["the same, time × one statement", *beside("approve", "approve, SQL", "seconds"), "at most 6"],
        ["the same in a loop of saves, statements", *statements("approve, stock"), ""],
        ["the same in a loop, time × one statement", *beside("approve, stock", "approve, SQL", "seconds"), ""],
    ])  # fmt: skip
    assert large


def _export(found):
    spent, people, memory, copied = found["export"]
    few, many = memory
    head = ["export as CSV", "people", "statements", "× one `COPY`", f"memory, {few:,}", f"memory, {many:,}", "goal"]
    times = f"{spent['seconds'] / copied['seconds']:.1f}"
    sizes = [f"{memory[few]:.1f} MB", f"{memory[many]:.1f} MB"]
    cells = ["opened, guarded, noted", f"{people:,}", spent["statements"], times, *sizes, "streamed, memory flat"]
    yield from table(head, [cells])
