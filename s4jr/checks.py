"""Settings that make the site unsafe. `settings.py` refuses to load with them; `check` names them one by one."""

import base64
import binascii
import os
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.core import checks
from django.core.exceptions import ImproperlyConfigured

from s4jr.email_address import address_on_wire, bare_address
from s4jr.email_rules import UnusableAddress, usable_address

#: `+` and 26 letters follow its local part, which may have 64 in all (RFC 5321, 4.5.3.1.1).
BOUNCE_ADDRESS = re.compile(r"[A-Za-z0-9._-]{1,37}@[A-Za-z0-9.-]+")
ADMIN_PATH = re.compile(r"([a-z0-9-]+/)+")
#: Paths that ADMIN_PATH would shadow.
TAKEN_PATHS = {
    "account/", "admin/", "chapters/", "contact/", "desk/", "exit/", "join/", "meetings/", "my-details/",
    "representatives/", "unsubscribe/", "words/",
}  # fmt: skip
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
#: Environment variables: names before 1.0, and their current names.
RENAMED_VARIABLES = {
    "LETTER_URL": "EMAIL_LINK_URL",
    "LETTER_DAYS": "EMAIL_DAYS",
    "UNSENT_LETTER_DAYS": "UNSENT_EMAIL_DAYS",
    "ENQUIRY_DAYS": "INQUIRY_DAYS",
    "HELD_DAYS": "FLAGGED_DAYS",
    "STEPPED_BACK_DAYS": "MEMBERSHIP_ENDED_DAYS",
}


def refuse_unsafe(settings: Mapping[str, Any]) -> None:
    """Raise ImproperlyConfigured, with one plain sentence per problem, if any setting in this mapping is unsafe."""
    problems = [*_renamed_variables(os.environ), *unsafe_values(settings)]
    if problems:
        raise ImproperlyConfigured("This site does not start with unsafe settings:\n- " + "\n- ".join(problems))


def unsafe_values(settings: Mapping[str, Any]) -> list[str]:
    """One sentence per unsafe value in a mapping of settings; empty if all are safe."""
    return [
        *_key_problems(settings["SECRET_KEY"], settings["FIELD_KEYS"], settings["INDEX_KEY"]),
        *_address_problems("SITE_URL", settings["SITE_URL"]),
        *_address_problems("EMAIL_LINK_URL", settings["EMAIL_LINK_URL"]),
        *_mail_problems(settings["EMAIL_URL"]),
        *_bounce_problems(settings["BOUNCE_ADDRESS"], settings["BOUNCE_MAILBOX_URL"]),
        *_staff_problems(settings),
        *_other_problems(settings),
    ]


def _renamed_variables(environment):
    """A value under an old name would be silently ignored."""
    for old, new in RENAMED_VARIABLES.items():
        if old in environment:
            yield f"{old} is called {new} now."


def _key_problems(secret_key, field_keys, index_key):
    if len(secret_key) < 50:
        yield "SECRET_KEY is shorter than 50 characters."
    if len(index_key) < 32:
        yield "INDEX_KEY is shorter than 32 characters."
    material = [secret_key, index_key]
    for entry in field_keys:
        key_id, _, encoded = entry.partition(":")
        if not key_id.isalnum() or len(_decoded(encoded)) != 32:
            yield "FIELD_KEYS needs entries of the form id:base64 of 32 bytes, with letters and digits as the id."
        material.append(encoded)
    if not field_keys:
        yield "FIELD_KEYS is empty."
    if len({entry.partition(":")[0] for entry in field_keys}) != len(field_keys):
        yield "FIELD_KEYS names one id twice."
    if len(set(material)) != len(material):
        yield "SECRET_KEY, FIELD_KEYS and INDEX_KEY must all differ."


def _decoded(text):
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _address_problems(name, address):
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query:
        yield f"{name} must be https:// and a host, without a path."
    elif not parts.netloc.isascii():
        yield f"{name} has a host that can't be a domain name. Check its spelling."
    elif parts.scheme == "http" and parts.hostname not in LOOPBACK:
        yield f"{name} is http:// although its host is not loopback: only https:// keeps readers safe."


def _mail_problems(address):
    parts = urlsplit(address)
    if parts.scheme == "file" and not parts.netloc and parts.path.startswith("/"):
        return
    if parts.scheme == "smtp" and parts.hostname in LOOPBACK:
        return
    if parts.scheme in ("submission", "submissions") and parts.hostname and parts.username and parts.password:
        return
    yield (
        "EMAIL_URL must be submission://user:password@host, submissions://user:password@host, smtp:// on loopback, "
        "or file:///an/absolute/folder."
    )


def _bounce_problems(address, mailbox):
    parts = urlsplit(mailbox)
    if address and not BOUNCE_ADDRESS.fullmatch(address):
        yield "BOUNCE_ADDRESS must be one plain email address, such as bounces@example.net, without a +."
    if mailbox and not (parts.scheme == "imaps" and parts.hostname and parts.username and parts.password):
        yield "BOUNCE_MAILBOX_URL must be imaps://user:password@host, and may end in /folder."
    if mailbox and not address:
        yield "BOUNCE_MAILBOX_URL needs BOUNCE_ADDRESS: without it no email says where to report a bounce."


def _staff_problems(settings):
    on_loopback = urlsplit(settings["SITE_URL"]).hostname in LOOPBACK
    if not settings["STAFF_SECOND_FACTOR"] and not on_loopback:
        yield "STAFF_SECOND_FACTOR is off although SITE_URL is not on loopback."
    if settings["DEBUG"] and not on_loopback:
        yield "DEBUG is on although SITE_URL is not on loopback."
    if not ADMIN_PATH.fullmatch(settings["ADMIN_PATH"]) or settings["ADMIN_PATH"] in TAKEN_PATHS:
        yield "ADMIN_PATH must be a path of its own, such as kept-door/, and not admin/."


def _other_problems(settings):
    if "*" in settings["ALLOWED_HOSTS"]:
        yield "ALLOWED_HOSTS must name hosts: with * anybody can make links lead elsewhere."
    if not _is_sender(settings["MAIL_FROM"], settings["SITE_URL"]):
        yield "MAIL_FROM must be one email address as mail servers write it, in ASCII."
    if not settings["COALITION_WORDS"]:
        yield "COALITION_WORDS is empty: discreet emails could not be kept discreet."
    if urlsplit(settings["QUICK_EXIT_URL"]).scheme != "https":
        yield "QUICK_EXIT_URL must be an https:// address."
    if settings["TRUSTED_PROXY_COUNT"] < 0:
        yield "TRUSTED_PROXY_COUNT cannot be negative."


def _is_sender(address, site_url):
    """Whether emails can come from this address. On loopback, a name of this machine is enough."""
    try:
        return bool(address) and address_on_wire(usable_address(address)).lower() == address.lower()
    except UnusableAddress as error:
        on_loopback = urlsplit(site_url).hostname in LOOPBACK
        return (
            on_loopback and error.problem.code in ("unreachable", "missing_period") and bare_address(address) == address
        )


@checks.register(checks.Tags.security, deploy=True)
def says_where_the_site_is(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """On a real site the URL is https and emails leave the machine."""
    from django.conf import settings

    if settings.SECURE and settings.EMAIL_URL.startswith("file:"):
        return [checks.Error("EMAIL_URL writes emails into a folder: nobody would get them.", id="s4jr.E001")]
    return []
