"""The deployment files. No container engine runs here: a schema, a linter and our own rules replace one."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tooling.static_files import ROOT

PROGRAMS = Path(sys.executable).parent
SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
STAYING = sorted(set(SERVICES) - {"migrate"})


@pytest.mark.parametrize(
    "command",
    [
        ["check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"],
        ["hadolint", "Dockerfile"],
    ],
    ids=["docker-compose.yml", "Dockerfile"],
)
def test_the_file_is_well_formed(command):
    checked = subprocess.run(
        [PROGRAMS / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert (checked.returncode, checked.stderr) == (0, ""), checked.stdout


def test_only_the_proxy_is_public_and_web_listens_on_its_own_machine():
    published = {name: service["ports"] for name, service in SERVICES.items() if service.get("ports")}

    assert published == {"proxy": ["80:8080", "443:8443"], "web": ["127.0.0.1:${PORT:-8000}:8000"]}


NGINX = (ROOT / "deploy" / "nginx.conf").read_text()


def nginx_values(directive):
    """Return every value of an nginx directive, in order."""
    return re.findall(rf"^\s*{directive}\s+(.+);$", NGINX, re.MULTILINE)


def test_the_proxy_logs_no_visitor():
    assert (nginx_values("access_log"), nginx_values("error_log")) == (["off"], ["/dev/null emerg"])
    # Uploads stay in memory.
    assert {value.startswith("/tmp/") for value in nginx_values(r"\w+_temp_path")} == {True}
    assert (SERVICES["proxy"]["tmpfs"], SERVICES["proxy"]["read_only"]) == ("/tmp", True)


def test_the_proxy_buffers_slow_connections():
    assert (nginx_values("proxy_request_buffering"), nginx_values("proxy_buffering")) == (["on"], ["on"])
    assert [nginx_values(f"client_{part}_timeout") for part in ("header", "body")] == [["10s"], ["10s"]]
    assert int(*nginx_values("worker_connections")) > 4000


def test_the_proxy_sets_the_client_address_and_ignores_what_clients_send():
    headers = dict(value.split(" ", 1) for value in nginx_values("proxy_set_header"))

    assert headers["X-Forwarded-For"] == "$remote_addr"
    assert (headers["Forwarded"], headers["X-Real-IP"], headers["X-Forwarded-Proto"]) == ('""', '""', "https")
    assert "TRUSTED_PROXY_COUNT=1\n" in (ROOT / ".env.example").read_text()


def test_the_proxy_normalizes_the_host():
    headers = [value.split(" ", 1) for value in nginx_values("proxy_set_header")]

    assert [value for name, value in headers if name == "Host"] == ["$host"]


def test_the_proxy_never_sends_a_form_to_a_second_machine():
    assert nginx_values("proxy_next_upstream") == ["error timeout"]  # without non_idempotent


def test_the_services_are_the_documented_ones():
    assert STAYING == ["beat", "postgres", "proxy", "redis", "web", "worker"]


@pytest.mark.parametrize("name", STAYING)
def test_a_long_running_service_has_a_health_check(name):
    assert SERVICES[name]["healthcheck"]["test"]


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_no_service_runs_as_root(name):
    assert SERVICES[name]["user"] in ("10001", "101", "postgres", "redis")


@pytest.mark.parametrize("name", ["beat", "web", "worker"])
def test_the_database_is_migrated_first(name):
    assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_the_database_version_is_pinned():
    """A newer version cannot read the files of an older one: a changed tag alone would stop the site."""
    assert SERVICES["postgres"]["image"] == "postgres:17"


def test_migrate_creates_the_cache_table_too():
    assert SERVICES["migrate"]["command"] == (
        'sh -c "python manage.py migrate --no-input && python manage.py createcachetable"'
    )


def test_migrate_waits_at_most_five_seconds_for_a_lock():
    assert SERVICES["migrate"]["environment"]["PGOPTIONS"] == "-c lock_timeout=5s"
    assert SERVICES["migrate"]["environment"]["DATABASE_URL"] == SERVICES["web"]["environment"]["DATABASE_URL"]


def test_the_files_contain_no_secrets():
    for name, service in SERVICES.items():
        for variable, value in service.get("environment", {}).items():
            assert "KEY" not in variable, name
            assert "PASSWORD" not in variable or value.startswith("${POSTGRES_PASSWORD:?"), name


def test_the_image_runs_as_an_unprivileged_user():
    assert [line for line in (ROOT / "Dockerfile").read_text().splitlines() if line.startswith("USER")] == [
        "USER 10001"
    ]
