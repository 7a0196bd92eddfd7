"""System checks name each unsafe setting in one plain sentence, and the site does not start with it."""

import base64
import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from s4jr.checks import refuse_unsafe, unsafe_values

KEY = base64.b64encode(bytes(range(32))).decode()
OTHER_KEY = base64.b64encode(bytes(range(1, 33))).decode()
SAFE = {
    "SECRET_KEY": "s" * 50,
    "FIELD_KEYS": [f"k1:{KEY}"],
    "INDEX_KEY": "i" * 40,
    "SITE_URL": "https://site.example",
    "EMAIL_LINK_URL": "https://quiet.example",
    "EMAIL_URL": "submission://name:password@mail.example",
    "STAFF_SECOND_FACTOR": True,
    "DEBUG": False,
    "ADMIN_PATH": "manage/",
    "ALLOWED_HOSTS": ["site.example"],
    "MAIL_FROM": "hello@quiet.example",
    "BOUNCE_ADDRESS": "bounces@quiet.example",
    "BOUNCE_MAILBOX_URL": "imaps://bounces:password@mail.example/INBOX",
    "COALITION_WORDS": ["justice"],
    "QUICK_EXIT_URL": "https://weather.example/",
    "TRUSTED_PROXY_COUNT": 0,
}


def test_safe_values_pass():
    assert unsafe_values(SAFE) == []


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("SECRET_KEY", "short", "SECRET_KEY"),
        ("INDEX_KEY", "short", "INDEX_KEY"),
        ("FIELD_KEYS", [], "FIELD_KEYS"),
        ("FIELD_KEYS", ["k1:notbase64"], "FIELD_KEYS"),
        ("FIELD_KEYS", [f"k.1:{KEY}"], "FIELD_KEYS"),
        ("FIELD_KEYS", [f"k1:{KEY}", f"k1:{OTHER_KEY}"], "twice"),
        ("FIELD_KEYS", [f"k1:{KEY}", f"k2:{KEY}"], "must all differ"),
        ("INDEX_KEY", "s" * 50, "must all differ"),
        ("SITE_URL", "http://site.example", "SITE_URL"),
        ("SITE_URL", "https://site.example/path", "SITE_URL"),
        ("EMAIL_LINK_URL", "http://quiet.example", "EMAIL_LINK_URL"),
        ("EMAIL_URL", "smtp://mail.example", "EMAIL_URL"),
        ("EMAIL_URL", "smtp+tls://name:password@mail.example", "EMAIL_URL"),
        ("EMAIL_URL", "submission://mail.example", "EMAIL_URL"),
        ("EMAIL_URL", "submissions://mail.example", "EMAIL_URL"),
        ("EMAIL_URL", "file://relative", "EMAIL_URL"),
        ("BOUNCE_ADDRESS", "bounces+x@quiet.example", "BOUNCE_ADDRESS"),
        ("BOUNCE_ADDRESS", "Bounces <bounces@quiet.example>", "BOUNCE_ADDRESS"),
        ("BOUNCE_ADDRESS", f"{'b' * 38}@quiet.example", "BOUNCE_ADDRESS"),
        ("BOUNCE_ADDRESS", "", "BOUNCE_MAILBOX_URL"),
        ("BOUNCE_MAILBOX_URL", "imap://bounces:password@mail.example", "BOUNCE_MAILBOX_URL"),
        ("BOUNCE_MAILBOX_URL", "imaps://mail.example", "BOUNCE_MAILBOX_URL"),
        ("BOUNCE_MAILBOX_URL", "https://bounces:password@mail.example", "BOUNCE_MAILBOX_URL"),
        ("STAFF_SECOND_FACTOR", False, "STAFF_SECOND_FACTOR"),
        ("DEBUG", True, "DEBUG"),
        ("ADMIN_PATH", "admin/", "ADMIN_PATH"),
        ("ADMIN_PATH", "manage", "ADMIN_PATH"),
        ("ADMIN_PATH", "/manage/", "ADMIN_PATH"),
        ("ADMIN_PATH", "join/", "ADMIN_PATH"),
        ("ALLOWED_HOSTS", ["*"], "ALLOWED_HOSTS"),
        ("MAIL_FROM", "not-an-address", "MAIL_FROM"),
        ("MAIL_FROM", "", "MAIL_FROM"),
        ("MAIL_FROM", "Hello <hello@quiet.example>", "MAIL_FROM"),
        ("MAIL_FROM", "hello@quiét.example", "MAIL_FROM"),
        ("MAIL_FROM", "hello@localhost", "MAIL_FROM"),
        ("MAIL_FROM", "hello@quiet", "MAIL_FROM"),
        ("MAIL_FROM", "hello@[192.0.2.1]", "MAIL_FROM"),
        ("COALITION_WORDS", [], "COALITION_WORDS"),
        ("QUICK_EXIT_URL", "javascript:1", "QUICK_EXIT_URL"),
        ("TRUSTED_PROXY_COUNT", -1, "TRUSTED_PROXY_COUNT"),
    ],
)
def test_each_unsafe_value_is_reported(name, value, word):
    [problem] = unsafe_values({**SAFE, name: value})
    assert word in problem
    assert KEY not in problem
    with pytest.raises(ImproperlyConfigured, match=word):
        refuse_unsafe({**SAFE, name: value})


def test_on_loopback_plain_http_and_a_password_alone_pass():
    local = {"SITE_URL": "http://127.0.0.1:8000", "EMAIL_LINK_URL": "http://127.0.0.1:8000"}
    more = {"EMAIL_URL": "file:///tmp/mail", "STAFF_SECOND_FACTOR": False, "MAIL_FROM": "hello@localhost"}
    assert unsafe_values({**SAFE, **local, **more}) == []


def test_a_sender_with_a_domain_in_another_script_passes_as_it_is_on_the_wire():
    assert unsafe_values({**SAFE, "MAIL_FROM": "Hello@xn--quit-dpa.example"}) == []


def test_both_ports_of_a_mail_provider_pass():
    assert unsafe_values({**SAFE, "EMAIL_URL": "submissions://name:password@mail.example"}) == []


@pytest.mark.parametrize("missing", ["SECRET_KEY", "FIELD_KEYS", "INDEX_KEY"])
def test_the_web_server_does_not_start_without_its_keys(missing, tmp_path):
    environment = {**os.environ, "VAR_DIR": str(tmp_path)}
    del environment[missing]
    started = start(environment)
    assert started.returncode == 1
    assert missing in started.stderr


def test_the_web_server_does_not_start_with_the_old_name_of_a_variable(tmp_path):
    started = start({**os.environ, "VAR_DIR": str(tmp_path), "LETTER_URL": "https://mail.example"})
    assert started.returncode == 1
    assert "LETTER_URL is called EMAIL_LINK_URL now." in started.stderr


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("LETTER_DAYS", "EMAIL_DAYS"),
        ("UNSENT_LETTER_DAYS", "UNSENT_EMAIL_DAYS"),
        ("ENQUIRY_DAYS", "INQUIRY_DAYS"),
        ("HELD_DAYS", "FLAGGED_DAYS"),
        ("STEPPED_BACK_DAYS", "MEMBERSHIP_ENDED_DAYS"),
    ],
)
def test_a_retention_setting_under_its_old_name_is_an_error(old, new, monkeypatch):
    monkeypatch.setenv(old, "7")
    with pytest.raises(ImproperlyConfigured, match=f"{old} is called {new} now."):
        refuse_unsafe(SAFE)


@pytest.mark.parametrize(("old", "new"), [("reseal", "rotate_keys"), ("export_passages", "export_texts")])
def test_the_old_name_of_a_command_is_an_error_that_names_the_new_one(old, new):
    with pytest.raises(CommandError, match=f"`{old}` is called `{new}` now."):
        call_command(old)


def start(environment):
    """Load the site in its own process, as the web server does."""
    command = [sys.executable, "-c", "import s4jr.wsgi"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
