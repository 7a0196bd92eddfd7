"""What a page of words costs beside its floor and its peers: CPU of the server and requests, side by side in one run.

    ./dev bench [--quick]

Everything is real and on loopback: granian, PostgreSQL, nginx, and a stock `django-admin startproject` made in a
temporary folder. The figures are ratios to a bare Django view; the table is written to docs/performance.md.
"""

import http.client
import os
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.attack.proxy import find_or_install_nginx
from tests.servers.plugin import Parts
from tests.servers.process import Program, free_port, listens
from tooling.static_files import collect_static

REPORT = Path(__file__).parent.parent / "docs" / "performance.md"
CONNECTIONS = 16
BIN = Path(sys.executable).parent
BARE = """
SECRET_KEY, ROOT_URLCONF, ALLOWED_HOSTS, MIDDLEWARE = "x" * 60, "bare", ["*"], []
if __name__ == "bare":
    import os
    from django.conf import settings
    if not settings.configured:
        settings.configure(SECRET_KEY="x" * 60, ROOT_URLCONF="bare", ALLOWED_HOSTS=["*"], MIDDLEWARE=[])
    import django
    django.setup(set_prefix=False)
    from django.core.handlers.wsgi import WSGIHandler
    from django.http import HttpResponse
    from django.urls import path
    BODY = b"x" * 10_000
    urlpatterns = [path("", lambda request: HttpResponse(BODY))]
    application = WSGIHandler()
"""
STOCK_PAGE = "from django.shortcuts import render\ndef page(request):\n    return render(request, 'page.html')\n"
NGINX = """
worker_processes 1; pid {folder}/pid; error_log {folder}/error; events {{ worker_connections 512; }}
http {{ access_log off; server {{ listen 127.0.0.1:{port}; root {folder}/www; keepalive_requests 1000000; }} }}
"""


@dataclass
class Figure:
    """Microseconds of the server's CPU for one request, requests in a second, 99th percentile in milliseconds."""

    cpu: float
    rate: float
    p99: float


def granian(folder, module, port, environment):
    command = [str(BIN / "granian"), "--interface", "wsgi", module, "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "1", "--blocking-threads", "2", "--log-level", "warning"]
    return Program(command, folder / f"{port}.log", environment, cwd=folder)


def start(program, port, stack):
    stack.callback(program.stop)
    program.start()
    program.wait_until(lambda: listens(port))


def cpu_of(program):
    """Seconds of CPU that a server and all it started have used."""
    top = psutil.Process(program.process.pid)
    times = [process.cpu_times() for process in (top, *top.children(recursive=True))]
    return sum(spent.user + spent.system for spent in times)


def measure(program, port, path, requests, headers=None):
    """One Figure of `requests` over kept connections; a worker that answers anything but 200 ends the run."""
    spent = []
    _ask(port, path, 50, headers, [])
    before, begun = cpu_of(program), time.perf_counter()
    share = requests // CONNECTIONS
    readers = [threading.Thread(target=_ask, args=(port, path, share, headers, spent)) for _ in range(CONNECTIONS)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    took, count = time.perf_counter() - begun, share * CONNECTIONS
    if len(spent) != count:
        raise RuntimeError(f"{path} on {port}: {len(spent)} of {count} requests were answered with 200.")
    p99 = sorted(spent)[int(count * 0.99)] * 1000
    return Figure((cpu_of(program) - before) / count * 1e6, count / took, p99)


def _ask(port, path, count, headers, spent):
    wire = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for _ in range(count):
        begun = time.perf_counter()
        wire.request("GET", path, headers=headers or {})
        answer = wire.getresponse()
        answer.read()
        if answer.status == http.client.OK:
            spent.append(time.perf_counter() - begun)
    wire.close()


def pss_of(program):
    """Megabytes that belong to the server's largest process, shared pages divided."""
    top = psutil.Process(program.process.pid)
    return max(process.memory_full_info().pss for process in (top, *top.children(recursive=True))) / 1e6


def bare(folder, stack):
    port, here = free_port(), folder / "bare"
    here.mkdir()
    (here / "bare.py").write_text(BARE)
    program = granian(here, "bare:application", port, _plain())
    start(program, port, stack)
    return program, port, "/"


def stock(folder, stack):
    """As `django-admin startproject` makes it, with one template and one view."""
    port, here = free_port(), folder / "stock"
    here.mkdir()
    subprocess.run([BIN / "django-admin", "startproject", "stock", here], check=True)  # noqa: S603
    (here / "templates").mkdir()
    (here / "templates" / "page.html").write_text(
        "{% load i18n %}<!doctype html><h1>{% translate 'Page' %}</h1>" + "x" * 9000
    )
    (here / "stock" / "urls.py").write_text(
        f"from django.urls import path\n{STOCK_PAGE}urlpatterns = [path('', page)]\n"
    )
    settings = here / "stock" / "settings.py"
    text = (
        settings.read_text()
        .replace("DEBUG = True", "DEBUG = False")
        .replace("ALLOWED_HOSTS = []", "ALLOWED_HOSTS = ['*']")
    )
    settings.write_text(text.replace("'DIRS': []", "'DIRS': [BASE_DIR / 'templates']"))
    program = granian(here, "stock.wsgi:application", port, _plain())
    start(program, port, stack)
    return program, port, "/"


def _plain():
    return {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}


def static(folder, stack):
    port, here = free_port(), folder / "nginx"
    (here / "www").mkdir(parents=True)
    here.chmod(0o755), (here / "www").chmod(0o755)
    (here / "www" / "page.html").write_bytes(b"x" * 10_000)
    (here / "conf").write_text(NGINX.format(folder=here, port=port))
    rights = "user root;" if os.geteuid() == 0 else ""
    command = [find_or_install_nginx(), "-p", here, "-c", here / "conf", "-g", f"daemon off; {rights}"]
    program = Program(command, folder / "nginx.log")
    start(program, port, stack)
    return program, port, "/page.html"


def ours(parts, folder, stack):
    environment = {**os.environ, **parts.environment()}
    environment["DATABASE_URL"] = parts.database_url("postgres")
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], env=environment, check=True)
    subprocess.run([sys.executable, "manage.py", "createcachetable"], env=environment, check=True)
    collect_static(environment)
    port = int(environment["PORT"])
    program = granian(Path.cwd(), "s4jr.wsgi:application", port, environment)
    program.log = folder / "ours.log"
    start(program, port, stack)
    return program, port, "/why/"


def rows(quick):
    """(name, Figure) for each row, and megabytes before and after the requests."""
    hits, misses = (3_200, 320) if quick else (32_000, 1_600)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.chmod(0o755)
        parts = Parts()
        stack.callback(parts.stop)
        parts.start()
        program, port, path = ours(parts, folder, stack)
        measure(program, port, path, hits // 10)
        early = pss_of(program)
        small = {"Accept-Encoding": "br"}
        found = {
            "a bare Django view of 10 KB": measure(*bare(folder, stack), hits),
            "nginx, a file of 10 KB": measure(*static(folder, stack), hits),
            "stock startproject, one template": measure(*stock(folder, stack), hits // 4),
            "`/why/`, hit": measure(program, port, path, hits),
            "`/why/`, hit, brotli": measure(program, port, path, hits, small),
            "`/`, hit (made anew each second)": measure(program, port, "/", hits, small),
            "`/why/`, miss (a query goes past)": measure(program, port, "/why/?x=1", misses),
            "`GET /join/`": measure(program, port, "/join/", misses),
        }
        return found, (early, pss_of(program))


def table(found):
    one = found["a bare Django view of 10 KB"]
    yield "| row | server CPU, × bare | requests/s, × bare | p99 at 16 connections, × bare |"
    yield "|---|---|---|---|"
    for name, figure in found.items():
        yield f"| {name} | {figure.cpu / one.cpu:.2f} | {figure.rate / one.rate:.2f} | {figure.p99 / one.p99:.2f} |"


def main():
    quick = "--quick" in sys.argv
    found, (early, late) = rows(quick)
    lines = [*table(found), "", f"Largest process of the site (PSS): {early:.0f} MB early, {late:.0f} MB at the end."]
    print("\n".join(lines))  # noqa: T201
    if not quick and REPORT.exists():
        head, _, rest = REPORT.read_text().partition("<!-- table -->\n")
        tail = rest.partition("<!-- end of table -->")[2]
        said = "\n".join([f"Last run: {time.strftime('%Y-%m-%d')}.", "", *lines])
        REPORT.write_text(f"{head}<!-- table -->\n{said}\n<!-- end of table -->{tail}")


if __name__ == "__main__":
    main()
