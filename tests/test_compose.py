"""The files that deploy the site. No engine runs here: a schema, a linter and our own rules stand in for one."""

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


def test_only_webs_port_is_published_and_only_on_loopback():
    published = {name: service["ports"] for name, service in SERVICES.items() if service.get("ports")}

    assert published == {"web": ["127.0.0.1:${PORT:-8000}:8000"]}


def test_the_services_are_those_the_house_plan_names():
    assert STAYING == ["beat", "postgres", "redis", "web", "worker"]


@pytest.mark.parametrize("name", STAYING)
def test_a_service_that_stays_has_a_health_check(name):
    assert SERVICES[name]["healthcheck"]["test"]


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_no_service_runs_as_root(name):
    assert SERVICES[name]["user"] in ("10001", "postgres", "redis")


@pytest.mark.parametrize("name", ["beat", "web", "worker"])
def test_the_database_is_migrated_first(name):
    assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_migrating_makes_the_cache_table_too():
    assert SERVICES["migrate"]["command"] == (
        'sh -c "python manage.py migrate --no-input && python manage.py createcachetable"'
    )


def test_no_secret_stands_in_the_files():
    for name, service in SERVICES.items():
        for variable, value in service.get("environment", {}).items():
            assert "KEY" not in variable, name
            assert "PASSWORD" not in variable or value.startswith("${POSTGRES_PASSWORD:?"), name


def test_the_image_runs_as_an_ordinary_user():
    assert [line for line in (ROOT / "Dockerfile").read_text().splitlines() if line.startswith("USER")] == [
        "USER 10001"
    ]
