"""`./dev` and its programs, started as a developer starts them."""

import contextlib
import json
import os
import re
import signal
import socket
import stat
import subprocess
import time

import psutil
import pytest

from s4jr.checks import unsafe_values
from tests.servers.process import Program, free_port
from tooling.new_keys import new_keys
from tooling.static_files import ROOT

HERE_ONLY = {"DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SITE_URL", "SECRET_KEY", "FIELD_KEYS", "INDEX_KEY"}


def environment(**own):
    return {name: value for name, value in os.environ.items() if name not in HERE_ONLY} | own


def dev(*arguments, **own):
    return subprocess.run(
        [ROOT / "dev", *arguments], env=environment(**own), capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize("arguments", [(), ("walk",)], ids=["no verb", "an unknown verb"])
def test_without_a_known_command_it_lists_its_commands(arguments):
    told = dev(*arguments)

    assert told.returncode == 2
    verbs = ["attack", "bench", "chaos", "coverage", "lint", "lock", "messages", "newest", "run", "sbom", "test"]
    assert sorted(line.split()[1] for line in told.stderr.splitlines()) == verbs


def test_the_bill_of_materials_names_every_locked_package_with_its_hashes():
    made = json.loads(dev("sbom").stdout)

    locked = re.findall(r"^([a-z0-9-]+)==([^ ;]+)", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    named = {(part["name"], part["version"]) for part in made["components"]}
    assert (made["bomFormat"], sorted(named)) == ("CycloneDX", sorted(set(locked)))
    assert [part["name"] for part in made["components"] if not part["externalReferences"][0]["hashes"]] == []


def test_new_keys_are_safe_and_always_different():
    safe = {
        "SITE_URL": "https://example.org",
        "EMAIL_LINK_URL": "https://example.org",
        "EMAIL_URL": "file:///emails",
        "STAFF_SECOND_FACTOR": True,
        "DEBUG": False,
        "ADMIN_PATH": "manage/",
        "ALLOWED_HOSTS": ["example.org"],
        "MAIL_FROM": "hello@example.org",
        "COALITION_WORDS": ["justice"],
        "QUICK_EXIT_URL": "https://example.org/",
        "BOUNCE_ADDRESS": "",
        "BOUNCE_MAILBOX_URL": "",
        "TRUSTED_PROXY_COUNT": 0,
    }
    keys, others = new_keys(), new_keys()

    assert unsafe_values({**safe, **keys, "FIELD_KEYS": [keys["FIELD_KEYS"]]}) == []
    assert not set(keys.values()) & set(others.values())


@contextlib.contextmanager
def site_in(folder):
    """Start `./dev run` in a folder; yield once it reports that it is ready."""
    port = str(free_port())
    program = Program([ROOT / "dev", "run"], folder / "log", environment(PORT=port, VAR_DIR=str(folder / "var")))
    program.start()
    program.wait_until(lambda: "Ctrl-C stops" in program.output(), seconds=90)
    yield program
    program.stop(seconds=20)  # with a signal: its children have their own process group and stop with it


@pytest.fixture
def running(tmp_path):
    with site_in(tmp_path) as program:
        yield program


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A folder whose database is created once, for tests that do not check the first start."""
    return tmp_path_factory.mktemp("prepared")


@pytest.fixture
def running_again(prepared):
    (prepared / "log").unlink(missing_ok=True)
    with site_in(prepared) as program:
        yield program


def test_the_site_starts_from_nothing_keeps_its_data_and_stops_every_process(running, tmp_path):
    keys = tmp_path / "var" / "settings.env"
    first_keys, first_words = keys.read_text(), running.output()

    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    assert f"Ready: http://127.0.0.1:{running.environment['PORT']}/\n" in first_words
    assert f"Emails land in {tmp_path / 'var' / 'mail'}" in first_words
    assert first_words.count("Sign in: first-admin / ") == 1

    group = running.process.pid
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(20) == 0
    assert left_running_in_session(group) == []

    running.log.unlink()
    running.start()
    running.wait_until(lambda: "Ctrl-C stops" in running.output(), seconds=60)
    assert keys.read_text() == first_keys
    assert "Sign in:" not in running.output()


@pytest.mark.parametrize("program", ["s4jr.server", "worker", "beat"])
def test_when_one_process_dies_all_are_stopped(running_again, program):
    group = running_again.process.pid
    victim = next(pid for pid, command in running_in_session(group) if program in command)

    os.kill(victim, signal.SIGKILL)

    assert running_again.process.wait(30) == 1
    assert left_running_in_session(group) == []
    assert "Traceback" not in running_again.output()


def running_in_session(session):
    """Return (pid, command line) of every process of a session, including children of a killed process."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, ProcessLookupError):
            if os.getsid(process.pid) == session and process.status() != psutil.STATUS_ZOMBIE:
                found.append((process.pid, " ".join(process.cmdline())))
    return found


def left_running_in_session(session):
    """Return the processes that remain after the kernel had time to end the killed ones."""
    deadline = time.monotonic() + 5
    while (found := running_in_session(session)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def test_a_busy_port_gets_a_one_sentence_error(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = dev("run", PORT=str(port), VAR_DIR=str(tmp_path))

    assert told.returncode == 1
    assert told.stderr == (
        f"Port {port} cannot be used (Address already in use). Try another: PORT={port + 1} ./dev run\n"
    )


def test_a_read_only_folder_gets_a_one_sentence_error(tmp_path):
    (tmp_path / "file").touch()

    told = dev("run", PORT=str(free_port()), VAR_DIR=str(tmp_path / "file" / "var"))

    assert told.returncode == 1
    assert told.stderr == (
        f"The folder {tmp_path}/file/var cannot be written to (Not a directory). Name another with VAR_DIR.\n"
    )
