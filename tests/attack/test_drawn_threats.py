"""Tries THREATS 51 to 59 with random values from a seed: few in the test suite, very many in `./dev attack`.

The tests beside the code try cases that an author thought of; these try more. 50, 58 and 60 have their own files.
"""

import random
import string

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import reverse

from members.models import CredentialChange
from s4jr.accounts.models import User
from s4jr.audit.checkpoints import faults
from s4jr.audit.models import AccessLog
from s4jr.audit.services import log_access
from s4jr.content.files import all_files
from s4jr.mail.link_rules import link_problems
from s4jr.security import ratelimit
from s4jr.security.status_code import code_of_form
from tests import cast, make
from tests.accounts import test_sign_in_limits as guessing
from tests.members.applications import test_confirmation_property as confirming
from tests.members.self_service.visitors import SHOWN, Visitor

pytestmark = pytest.mark.django_db
SITE, QUIET = "site.example", "quiet.example"


@pytest.fixture
def dice(seed):
    return random.Random(seed)


def random_text(dice, length=12, signs=string.printable):
    return "".join(dice.choices(signs, k=dice.randint(1, length)))


def in_random_case(dice, text):
    return "".join(dice.choice((sign.upper(), sign.lower())) for sign in text)


# --- 51


def test_threat_51_exit_works_and_its_guard_stays_for_any_cookies_and_headers(dice, size, tell):
    count = size(60, 5000)
    failed = [headers for headers in (_random_headers(dice) for _ in range(count)) if not _exit_works(dice, headers)]
    tell(f"{count} requests, {len(failed)} that did not lead out")
    assert failed == []


def _random_headers(dice):
    signs = "".join(sign for sign in string.printable if sign not in "\r\n")
    cookies = "; ".join(
        f"{random_text(dice, 8, signs)}={random_text(dice, 8, signs)}" for _ in range(dice.randint(0, 5))
    )
    return {"Cookie": f"{cookies}; left=1" if dice.random() < 0.5 else cookies}


def _exit_works(dice, headers):
    response = Client().get(dice.choice(["/exit/", "/fr/exit/", "/es/exit/"]), headers=headers)
    guard = response.cookies.get("left")
    return response.status_code == 303 and guard is not None and (guard.value, guard["max-age"]) == ("1", "")


# --- 52


def test_threat_52_attempts_with_other_names_never_reset_the_count_of_a_name(dice, size, tell, monkeypatch):
    monkeypatch.setattr(ratelimit.time, "time", lambda: 1_800_000_000.0)
    make.person_who_signs_in("imogen")
    others = size(10, 300)
    guesses = [_is_locked(dice, others) for _ in range(guessing.AT_MOST + 1)]
    tell(f"{others} wrong sign-ins under other names and from other networks after each guess: {guesses}")
    assert guesses == [False] * guessing.AT_MOST + [True]
    assert guessing.can_sign_in(Client(), guessing.HERE) is True


def _is_locked(dice, others):
    """Returns whether a guess is refused unchecked; then others fail to sign in, each from another network."""
    is_locked = guessing.LOCKED in guessing.guess()
    for _ in range(others):
        network = f"10.{dice.randrange(256)}.{dice.randrange(256)}.{dice.randrange(256)}"
        guessing.guess(name=random_text(dice, 20, string.ascii_letters), network=network)
    return is_locked


# --- 53


def test_threat_53_no_random_address_gets_into_an_email_text(dice, size, tell):
    texts = [file.text for (key, _language), file in sorted(all_files().items()) if key.startswith("emails/")]
    count = size(100, 20_000)
    drawn = [_foreign_address(dice) for _ in range(count)]
    taken = [address for address in drawn if not list(link_problems(_insert_into(dice, dice.choice(texts), address)))]
    tell(f"{count} addresses, {len(taken)} taken")
    assert taken == []


def _foreign_address(dice):
    host = "elsewhere.example"
    host = dice.choice(
        [host, f"{SITE}.{host}", f"{SITE}@{host}", "xn--elsewhere-9za.example", "\u0435lsewhere.example"]
    )
    host = host.replace(".", dice.choice([".", "\u3002", "\uff0e", "\uff61"])) if dice.random() < 0.3 else host
    scheme = in_random_case(dice, dice.choice(["https://", "http://", "//", "ftp://", "www.", ""]))
    port = dice.choice(["", ":443", ":8443"])
    address = scheme + in_random_case(dice, host) + port + dice.choice(["", "/", "/?to=", "/#", "/a/b?c=d"])
    return address.replace("e", "e\u200b", 1) if dice.random() < 0.2 else address


def _insert_into(dice, text, address):
    lines = text.split("\n")
    lines.insert(dice.randrange(1, len(lines) + 1), f"See {address} today")
    return "\n".join(lines)


# --- 54


def test_threat_54_the_log_identifies_users_however_they_are_renamed(dice, size, tell):
    people = [make.admin(f"admin{number}") for number in range(5)]
    member, did = cast.waiting(), []
    for step in range(size(20, 500)):
        who = dice.choice(people)
        log_access(who=User.objects.get(pk=who.pk), action="opened", records=[member])
        did.append(who.pk)
        one, other = dice.sample(people, 2)
        for user, name in ((one, f"x{step}"), (other, f"name{step}"), (one, f"admin{dice.randrange(10**6)}-{step}")):
            User.objects.filter(pk=user.pk).update(username=name)
    tell(f"{len(did)} openings between renamings")
    assert list(AccessLog.objects.order_by("pk").values_list("user_id", flat=True)) == did
    assert list(faults()) == []


# --- 55


def test_threat_55_no_random_lookup_is_answered(client, dice, size, tell):
    make.signed_in_staff(client)
    models = sorted(admin.site._registry, key=lambda model: model._meta.label)
    count, answered = size(80, 6000), []
    for _ in range(count):
        model = dice.choice(models)
        lookup = _random_lookup(dice, model)
        if lookup == "at__lt":  # the admin's filter for days of the access log
            continue
        query = {lookup: dice.choice(["1", "a", "", "a,b", "pbkdf2", "2026-11-01"])}
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        if (status := client.get(address, query).status_code) != 400:
            answered.append((model._meta.label, query, status))
    tell(f"{count} lookups, {len(answered)} not answered by 400")
    assert answered == []


def _random_lookup(dice, model):
    """Returns a lookup over one to three relations or columns that none of our filters uses."""
    path = []
    for _ in range(dice.randint(1, 3)):
        field = dice.choice([field for field in model._meta.get_fields() if field.name])
        path.append(field.name)
        if not field.related_model:
            break
        model = field.related_model
    ends = ["startswith", "contains", "regex", "gt", "lt", "range", "iexact", "endswith", "isnull__exact", "search"]
    return "__".join([*path, dice.choice(ends)])


# --- 56


def test_threat_56_for_any_steps_of_attacker_and_owner_no_code_tells_whether_the_owner_is_known(dice, size, tell):
    count, told = size(2, 100), []
    for _ in range(count):
        steps = ["apply", *dice.choices(confirming.STEPS, k=dice.randint(3, 14))]
        if confirming.life(steps, owner_is_member=True) != confirming.life(steps, owner_is_member=False):
            told.append(steps)
    tell(f"{count} lives, {len(told)} in which a code told")
    assert told == []


# --- 57


def test_threat_57_nothing_that_the_inbox_creates_locks_its_owner_out(dice, size, tell):
    count, locked_out = size(2, 100), []
    for _ in range(count):
        with transaction.atomic():
            steps = dice.choices(["make_word", "make_code", "make_calendar", "ask_for_address"], k=dice.randint(1, 8))
            if not _is_owner_still_in(steps):
                locked_out.append(steps)
            transaction.set_rollback(True)
    tell(f"{count} takeovers, {len(locked_out)} that locked the owner out")
    assert locked_out == []


def _is_owner_still_in(steps):
    """Returns whether the owner signs in with the earlier code, sees the notice, and cancels everything.

    The other session has ended then.
    """
    member = cast.waiting()
    cast.put(member, "approved")
    member.refresh_from_db()
    other, owner = Visitor(), Visitor()
    other.by_link(member)
    for step in steps:
        getattr(other, step)()
    page = owner.by_code(code_of_form(member.form_token))
    was_told = (SHOWN in page) == CredentialChange.objects.exists()
    owner.cancel()
    member.refresh_from_db()
    told = (was_told, member.email, owner.is_in(), other.is_in(), CredentialChange.objects.exists())
    return told == (True, cast.ADDRESS, True, False, False)


# --- 59


def test_threat_59_the_host_of_email_links_serves_nothing_else_in_any_spelling(dice, size, tell, settings):
    settings.SITE_URL, settings.EMAIL_LINK_URL = f"https://{SITE}", f"https://{QUIET}"
    settings.ALLOWED_HOSTS = ["*"]
    paths = ["/", "/join/", "/people/", "/why/", "/manage/", "/account/login/", "/sitemap.xml", "/fr/join/", "/desk/"]
    count, told = size(100, 10_000), []
    for _ in range(count):
        host = in_random_case(dice, QUIET) + dice.choice(["", "."]) + dice.choice(["", ":443", ":80", ":8443"])
        host = dice.choice(["", "", "www.", "a.b."]) + host
        path = dice.choice(paths) + dice.choice(["", "?a=b"])
        answer = Client().get(path, headers={"Host": host})
        if (answer.status_code, answer.content) != (404, b"Nothing here.\n"):
            told.append((host, path, answer.status_code))
    tell(f"{count} requests, {len(told)} that told something")
    assert told == []
