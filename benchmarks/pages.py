"""What three external tools say about the deployed site: Observatory, Lighthouse (mobile) and pa11y.

    ./dev bench pages

Real nginx with the shipped configuration and a self-signed certificate, granian and PostgreSQL, all on loopback. The
table is written to docs/accessibility.md. A grade below A+ or a finding of pa11y exits with an error.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tests.attack.deployment import Deployment
from tests.servers.browser import find_or_install_browser
from tests.servers.plugin import Parts

HERE = Path(__file__).parent / "measures"
REPORT = Path(__file__).parent.parent / "docs" / "accessibility.md"
PAGES = ["/", "/join/", "/meetings/", "/representatives/", "/support/", "/privacy/"]
REPRESENTATIVES = 10_000
TIMES = 3
GOAL = 130


def deployment(stack):
    """The site behind nginx, with a new database and many fictional representatives."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    folder.chmod(0o755)
    parts = Parts()
    stack.callback(parts.stop)
    parts.start_all()
    environment = {**os.environ, **parts.environment(), "DATABASE_URL": parts.database_url("postgres")}
    for command in (["migrate", "-v0"], ["createcachetable"]):
        subprocess.run([sys.executable, "manage.py", *command], env=environment, check=True)
    fill = f"from tests.chapters.cast import many; many({REPRESENTATIVES}, 64)"
    subprocess.run([sys.executable, "manage.py", "shell", "-v0", "-c", fill], env=environment, check=True)
    return stack.enter_context(Deployment(folder, environment, webs=1)), folder / "proxy" / "fullchain.pem"


def measure(deployed, certificate):
    said = {
        "site": deployed.url,
        "http_port": deployed.proxy.ports[1],
        "browser": find_or_install_browser(""),
        "pages": PAGES,
        "times": TIMES,
    }
    done = subprocess.run(
        [Path(sys.executable).parent / "node", HERE / "measure.mjs"],
        input=json.dumps(said),
        env={**os.environ, "NODE_EXTRA_CA_CERTS": str(certificate)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    return json.loads(done.stdout)


def table(said):
    """Lines of Markdown."""
    observatory = said["observatory"]
    yield f"Observatory: {observatory['grade']}, {observatory['score']}."
    yield ""
    yield "| page | performance | accessibility | best practices | SEO | pa11y | what Lighthouse would have otherwise |"
    yield "|---|---|---|---|---|---|---|"
    for page, runs in said["lighthouse"].items():
        best = max(runs, key=lambda run: sum(run["scores"]))
        scores = " | ".join(map(str, best["scores"]))
        yield f"| `{page}` | {scores} | {len(said['pa11y'][page])} | {', '.join(best['short']) or '-'} |"


def main():
    with ExitStack() as stack:
        said = measure(*deployment(stack))
    lines = [f"Last run: {time.strftime('%Y-%m-%d')}, best of {TIMES}.", "", *table(said)]
    print("\n".join(lines))  # noqa: T201
    head, _, rest = REPORT.read_text().partition("<!-- table -->\n")
    tail = rest.partition("<!-- end of table -->")[2]
    REPORT.write_text("\n".join([f"{head}<!-- table -->", *lines, f"<!-- end of table -->{tail}"]))
    short = [each for each in said["observatory"]["tests"] if each[2] < 0]
    findings = [finding for found in said["pa11y"].values() for finding in found]
    if said["observatory"]["score"] < GOAL or findings:
        sys.exit(f"Not as it should be: {short} {findings}")


if __name__ == "__main__":
    main()
