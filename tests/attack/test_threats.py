"""The threats to this site, by number, and the tests that check the control for each.

`HELD` lists these tests by file and name; `test_threat` checks that they exist. Tests for controls that no other file
covers are below, named after the threat's number. docs/attack.md has the same list in prose; docs/safety.md has what
tests can't check.
"""

import ast
import os
import re
import subprocess
import sys
from functools import cache

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client

from s4jr.accounts.models import Session
from tests import make
from tests.attack.addresses import addresses, is_ending
from tests.attack.people import Cast
from tests.reading import Page
from tooling.static_files import ROOT

pytestmark = pytest.mark.django_db
HELD = {
    1: [
        "members/applications/test_views.py::test_known_and_unknown_addresses_get_the_same_answer",
        "members/applications/test_constant_time.py",
    ],
    2: [
        "attack/test_threats.py::test_threat_02_a_wrong_name_and_a_wrong_password_look_the_same_and_take_the_same_time"
    ],
    3: ["accounts/test_admin_site.py::test_sign_up_and_reset_give_everyone_the_same_answer_and_send_nothing"],
    4: ["accounts/test_admin_site.py::test_sign_up_is_closed"],
    5: ["e2e/test_quick_exit.py::test_back_three_times_and_forward_find_nothing"],
    6: [
        "e2e/test_quick_exit.py::test_without_javascript_back_shows_the_neutral_page_until_continue",
        "security/test_quick_exit.py::test_exit_leads_to_the_neutral_page_without_referrer_and_clears_the_cache",
    ],
    7: [
        "e2e/test_quick_exit.py::test_shift_three_times_exits_and_says_how_many_presses_are_left",
        "e2e/test_quick_exit.py::test_the_first_tab_stop_is_exit",
    ],
    8: ["attack/test_threats.py::test_threat_08_only_public_text_pages_may_be_cached"],
    9: ["attack/test_threats.py::test_threat_09_no_cookie_outlives_the_browser_and_public_text_pages_set_none"],
    10: ["attack/test_threats.py::test_threat_10_the_browser_remembers_no_typed_text"],
    11: [
        "security/test_headers.py::test_forms_send_an_origin_and_other_sites_get_no_referrer",
        "content/test_markdown.py::test_a_link_to_another_site_sends_no_referrer",
    ],
    12: ["attack/test_threats.py::test_threat_12_no_page_requests_anything_from_another_site"],
    13: [
        "mail/test_delivery.py::test_the_headers_of_an_email_reveal_nothing",
        "members/applications/test_services.py::test_a_discreet_email_does_not_mention_the_coalition",
        "mail/test_template_validation.py::test_an_email_that_would_expose_its_reader_is_not_saved",
    ],
    14: ["members/test_no_email_property.py::test_they_get_none_for_any_steps"],
    15: ["content/test_markdown.py::test_a_text_cannot_run_scripts_or_load_files"],
    16: ["security/test_headers.py::test_the_policy_of_the_admin_is_the_same"],
    17: ["security/test_headers.py::test_every_response_stays_on_this_origin"],
    18: ["attack/test_threats.py::test_threat_18_no_form_from_another_site_is_accepted"],
    19: ["attack/test_threats.py::test_threat_19_over_https_cookies_are_bound_to_the_host_and_to_https"],
    20: ["attack/test_threats.py::test_threat_20_signing_in_changes_the_session_and_signing_out_ends_it"],
    21: ["accounts/test_session_timeout.py::test_a_pause_that_is_too_long_for_a_page_ends_the_session"],
    22: [
        "accounts/test_admin_site.py::test_guessing_passwords_is_slowed_down_without_keeping_an_ip",
        "accounts/test_sign_in_limits.py::test_the_owner_still_signs_in_from_elsewhere",
        "accounts/test_sign_in_limits.py::test_the_owner_still_signs_in_on_the_same_network_in_a_browser_they_used_before",
    ],
    23: ["accounts/test_admin_site.py::test_password_only_is_sent_to_set_up_a_second_factor"],
    24: ["attack/test_threats.py::test_threat_24_the_admin_is_not_at_its_usual_url"],
    25: ["members/review/test_admin.py::test_thirty_records_can_be_opened_within_an_hour_and_no_more"],
    26: ["audit/test_checkpoints.py::test_a_row_edited_together_with_its_hmac_is_caught_by_the_checkpoint"],
    27: ["e2e/test_canary.py::test_no_one_is_found_in_dump_data_folder_wal_redis_or_logs"],
    28: ["e2e/test_canary.py::test_no_one_is_found_in_dump_data_folder_wal_redis_or_logs"],
    29: ["crypto/test_key_rotation_under_load.py::test_a_key_rotates_while_the_site_is_busy"],
    30: ["crypto/test_fields.py::test_a_token_moved_to_another_column_does_not_decrypt"],
    31: ["crypto/test_fields.py::test_the_length_of_a_token_does_not_reveal_short_values"],
    32: ["erasure/test_backup.py"],
    33: ["security/test_redacted_logging.py::test_a_failing_view_is_logged_without_url_or_form_data"],
    34: ["attack/test_bots.py::test_bots_cause_no_email_and_a_person_gets_through"],
    35: ["members/applications/test_services.py::test_applications_past_the_hourly_email_limit_are_flagged"],
    36: [
        "attack/test_malformed.py::test_no_malformed_request_causes_a_server_error",
        "security/test_request_validation.py",
    ],
    37: ["attack/test_sizes.py", "security/test_request_validation.py::test_a_public_form_is_limited_to_64_kilobytes"],
    38: ["attack/test_slow.py", "test_compose.py::test_the_proxy_buffers_slow_connections"],
    39: ["attack/test_threats.py::test_threat_39_an_address_with_a_line_break_reaches_one_inbox_or_none"],
    40: ["members/applications/test_forms.py::test_deceptive_characters_are_removed_from_a_name"],
    41: ["members/import_export/test_exporter.py::test_no_cell_starts_like_a_formula"],
    42: [
        "accounts/test_admin_site.py::test_signing_in_leads_to_no_other_site",
        "accounts/test_passkeys.py::test_signing_in_with_a_passkey_leads_to_no_other_site",
    ],
    43: ["attack/test_threats.py::test_threat_43_other_hosts_get_no_answer_and_emails_name_ours"],
    44: ["chapters/representatives/test_permissions.py::test_pages_of_others_run_the_same_queries_as_missing_pages"],
    45: ["members/applications/test_forms.py::test_no_other_field_can_be_set_by_the_client"],
    46: ["attack/test_threats.py::test_threat_46_no_page_shows_a_persons_address"],
    47: ["erasure/test_inventory.py", "members/test_purge.py"],
    48: [
        "attack/test_threats.py::test_threat_48_all_installed_packages_are_the_locked_ones",
        "test_dev.py::test_the_bill_of_materials_names_every_locked_package_with_its_hashes",
    ],
    49: ["test_error_views.py::test_each_has_exit_and_support_and_needs_no_database"],
    50: [
        "audit/test_record_access.py::test_every_page_shows_only_records_that_were_opened_and_counted",
        "audit/test_record_access.py::test_a_view_that_forgets_to_open_the_record_shows_nothing",
        "attack/test_opened_records.py::test_the_access_log_records_everything_that_is_shown",
    ],
    51: [
        "security/test_quick_exit.py::test_exit_works_with_any_cookie_name_of_another_site",
        "security/test_quick_exit.py::test_a_second_exit_keeps_the_guard",
        "security/test_quick_exit.py::test_a_prefetch_sets_and_ends_nothing",
        "e2e/test_quick_exit.py::test_exit_twice_leaves_twice",
        "attack/test_drawn_threats.py::test_threat_51_exit_works_and_its_guard_stays_for_any_cookies_and_headers",
    ],
    52: [
        "accounts/test_sign_in_limits.py::test_a_thousand_other_names_between_two_guesses_evict_no_count",
        "accounts/test_sign_in_limits.py::test_the_owner_still_signs_in_from_elsewhere",
        "attack/test_drawn_threats.py::test_threat_52_attempts_with_other_names_never_reset_the_count_of_a_name",
    ],
    53: [
        "mail/test_template_validation.py::test_an_email_with_a_link_to_another_site_is_refused",
        "mail/test_template_validation.py::test_a_link_with_text_attached_is_refused",
        "attack/test_drawn_threats.py::test_threat_53_no_random_address_gets_into_an_email_text",
    ],
    54: [
        "audit/test_checkpoints.py::test_a_row_identifies_the_user_by_primary_key_even_after_renames",
        "audit/test_checkpoints.py::test_the_admin_cannot_change_a_user_name",
        "attack/test_drawn_threats.py::test_threat_54_the_log_identifies_users_however_they_are_renamed",
    ],
    55: [
        "audit/test_lookups.py::test_no_list_answers_lookups_of_columns_without_a_filter",
        "attack/test_drawn_threats.py::test_threat_55_no_random_lookup_is_answered",
    ],
    56: [
        "members/applications/test_confirmation.py",
        "members/applications/test_confirmation_lists.py",
        "members/applications/test_confirmation_property.py::"
        "test_an_attackers_codes_cannot_tell_a_members_address_from_an_unknown_one",
        "attack/test_drawn_threats.py::"
        "test_threat_56_for_any_steps_of_attacker_and_owner_no_code_tells_whether_the_owner_is_known",
    ],
    57: [
        "members/self_service/test_credentials.py::test_one_button_cancels_everything_and_ends_the_other_sessions",
        "attack/test_drawn_threats.py::test_threat_57_nothing_that_the_inbox_creates_locks_its_owner_out",
    ],
    58: [
        "security/test_storage_limits.py::test_a_form_from_an_attackers_exit_node_is_still_accepted",
        "security/test_storage_limits.py::test_without_room_the_page_says_so_and_keeps_the_form",
        "attack/test_storage.py::"
        "test_an_hour_at_full_size_stores_little_and_a_person_behind_the_same_exit_node_gets_through",
    ],
    59: [
        "mail/test_mail_host_middleware.py::test_no_spelling_of_the_host_serves_anything_else",
        "attack/test_drawn_threats.py::test_threat_59_the_host_of_email_links_serves_nothing_else_in_any_spelling",
    ],
    60: ["attack/test_unreadable.py", "audit/test_unreadable_values.py", "mail/test_task_health.py"],
    61: [
        "mail/bounces/test_services.py::test_without_the_token_nothing_changes",
        "mail/bounces/test_services.py::test_a_message_id_alone_suppresses_nothing",
        "mail/bounces/test_services.py::test_a_token_in_the_text_is_no_recipient",
        "mail/bounces/test_services.py::test_a_report_about_another_address_suppresses_neither",
        "mail/bounces/test_services.py::test_the_token_counts_once",
        "mail/bounces/test_messages.py::test_a_hostile_message_changes_nothing_and_raises_nothing",
        "members/self_service/test_suppressions.py::test_code_and_secret_word_lift_it",
        "attack/test_bounces.py::test_threat_61_no_forged_report_changes_anything",
    ],
    62: [
        "mail/bounces/test_replies.py::test_an_automatic_answer_is_never_answered",
        "mail/bounces/test_replies.py::test_to_a_forged_sender",
        "mail/bounces/test_replies.py::test_to_programs_and_lists",
        "attack/test_bounces.py::test_threat_62_programs_that_answer_each_other_get_one_answer_a_week",
        "attack/test_bounces.py::test_threat_62_no_message_makes_us_write_to_someone_we_never_wrote_to",
    ],
}


@cache
def names_in(file):
    tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


@pytest.mark.parametrize("number", range(1, 63))
def test_threat(number):
    """Each threat has a control and tests for it."""
    for held in HELD[number]:
        file, _, name = held.partition("::")
        assert name in names_in(file) if name else names_in(file)


# --- controls that no other file tests

SEEN = {}


@pytest.fixture
def seen():
    """Maps every URL that visitors can GET, for existing rows and for none, to its response; requests each once."""
    if not SEEN:
        people, stranger = Cast(), Client()
        found = [address for address in addresses(people.values_of) if not is_ending(address)]
        SEEN.update({address: stranger.get(address) for address in found})
    return SEEN


def pages(seen):
    return {
        address: Page(answer.content.decode())
        for address, answer in seen.items()
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html")
    }


def is_cacheable_text(answer):
    """Returns whether the response may be stored: it says so itself, and the browser revalidates it."""
    return answer.headers["Cache-Control"] == "no-cache"


def test_threat_02_a_wrong_name_and_a_wrong_password_look_the_same_and_take_the_same_time(
    client, monkeypatch, settings
):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    make.person_who_signs_in("imogen")
    hashed, verify, encode = [], Argon2PasswordHasher.verify, Argon2PasswordHasher.encode
    monkeypatch.setattr(Argon2PasswordHasher, "verify", lambda *said: hashed.append("once") or verify(*said))
    monkeypatch.setattr(Argon2PasswordHasher, "encode", lambda *said, **more: hashed.append("once") or encode(*said))
    answers = []
    for name in ("imogen", "nobody-of-this-name"):
        hashed.append(name)
        answer = client.post("/account/login/", {"login": name, "password": "wrong"})
        answers.append((answer.status_code, answer.content.decode().replace(name, "").partition("<main")[2]))
    assert answers[0][0] == 200
    assert re.sub(r'csrfmiddlewaretoken" value="\w+"', "", answers[0][1]) == re.sub(
        r'csrfmiddlewaretoken" value="\w+"', "", answers[1][1]
    )
    assert hashed == ["imogen", "once", "nobody-of-this-name", "once"]


def test_threat_08_only_public_text_pages_may_be_cached(seen):
    kept = [address for address, answer in seen.items() if "no-store" not in answer.headers["Cache-Control"]]
    with_a_form = [a for a, page in pages(seen).items() if a in kept and page.all(tag="form", method="post")]
    assert (len(kept) > 10, with_a_form) == (True, [])


def test_threat_09_no_cookie_outlives_the_browser_and_public_text_pages_set_none(seen):
    cookies = [(address, cookie) for address, answer in seen.items() for cookie in answer.cookies.values()]
    assert [address for address, cookie in cookies if cookie["max-age"] or cookie["expires"]] == []
    assert [address for address, _ in cookies if is_cacheable_text(seen[address])] == []


#: What a person types. Passwords and codes have names of their own, which password managers need.
TYPED = {None, "text", "email", "search", "tel", "url", "number", "date"}
MAY_BE_FILLED_IN = {"off", "username", "current-password", "new-password", "one-time-code"}


def test_threat_10_the_browser_remembers_no_typed_text(seen):
    fields = [
        (a, field.get("name"), field.get("autocomplete"))
        for a, p in pages(seen).items()
        for field in [*p.all(tag="textarea"), *p.all(tag="input")]
        if field["tag"] == "textarea" or field.get("type") in TYPED
    ]
    assert len(fields) > 40
    assert [field for field in fields if field[2] not in MAY_BE_FILLED_IN] == []


def test_threat_12_no_page_requests_anything_from_another_site(seen):
    asks = {"img": "src", "script": "src", "link": "href", "iframe": "src", "source": "srcset", "form": "action"}
    elsewhere = [
        (address, element[asks[element["tag"]]])
        for address, page in pages(seen).items()
        for element in page.elements
        if re.match(r"(https?:)?//", element.get(asks.get(element["tag"], ""), "") or "")
        and element.get("rel") not in ("canonical", "alternate")
        and "itemprop" not in element  # names what a thing is; browsers don't fetch it
    ]
    assert elsewhere == []


def test_threat_18_no_form_from_another_site_is_accepted(seen):
    stranger = Client(enforce_csrf_checks=True)
    taken = []
    for address in list(seen)[:: max(1, len(seen) // 90)]:
        for origin in ({}, {"Origin": "https://other.example"}, {"Origin": "null"}):
            status = stranger.post(address, {"name": "x"}, headers=origin).status_code
            taken += [] if status in (403, 404, 405, 301) else [(address, origin, status)]
    assert taken == []


def test_threat_19_over_https_cookies_are_bound_to_the_host_and_to_https(tmp_path):
    names = [
        f"{which}_COOKIE_{what}" for which in ("SESSION", "CSRF") for what in ("NAME", "SECURE", "HTTPONLY", "SAMESITE")
    ]
    asked = (
        f"from s4jr import settings as s; print([getattr(s, n) for n in {names}], s.SECURE_HSTS_SECONDS > 86400 * 180)"
    )
    more = {"SITE_URL": "https://site.example", "EMAIL_LINK_URL": "https://quiet.example", "VAR_DIR": str(tmp_path)}
    environment = {**os.environ, **more, "ALLOWED_HOSTS": "site.example", "EMAIL_URL": "file:///tmp/mail"}
    environment["MAIL_FROM"] = "hello@quiet.example"
    said = subprocess.run([sys.executable, "-c", asked], env=environment, capture_output=True, text=True, check=True)
    flags = "True, True, 'Lax'"
    assert said.stdout == f"['__Host-session', {flags}, '__Host-csrftoken', {flags}] True\n"


def test_threat_20_signing_in_changes_the_session_and_signing_out_ends_it(client, settings):
    client.post("/my-details/", {"code": "aaa-bbb-ccc-ddd"})
    make.signed_in_staff(client)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    answer = client.post("/account/logout/")
    # cookies are deleted by name, and never the one that guards Exit
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert not Session.objects.filter(pk=key).exists()
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    assert client.get("/manage/").status_code == 302


def test_threat_24_the_admin_is_not_at_its_usual_url(client):
    assert [client.get(address).status_code for address in ("/admin/", "/admin/login/", "/wp-admin/")] == [404] * 3


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "%0d%0a", "\u2028", "\x0b"])
def test_threat_39_an_address_with_a_line_break_reaches_one_inbox_or_none(client, end):
    from s4jr.mail.models import OutgoingEmail

    email = f"person@mailbox.example{end}Bcc: other@mailbox.example"
    client.post("/join/", {"name": "x", "contact": "yes", "email": email, "agreement": "on", "consent": "on"})
    assert [
        outgoing.to for outgoing in OutgoingEmail.objects.all() if "\n" in outgoing.to or "Bcc" in outgoing.to
    ] == []


def test_threat_43_other_hosts_get_no_answer_and_emails_name_ours(client, settings):
    assert client.get("/", headers={"host": "other.example"}).status_code == 400
    assert client.get("/", headers={"host": "127.0.0.1", "x-forwarded-host": "other.example"}).status_code == 200
    text = client.get("/sitemap.xml", headers={"host": "127.0.0.1", "x-forwarded-host": "other.example"}).content
    assert (settings.SITE_URL.encode() in text, b"other.example" in text) == (True, False)


def test_threat_46_no_page_shows_a_persons_address(seen):
    shown = [
        address
        for address, page in pages(seen).items()
        for link in page.all(tag="a")
        if "mailto:" in str(link.get("href"))
    ]
    assert shown == []
    assert [a for a, answer in seen.items() if b"mailbox.example" in answer.content] == []


def test_threat_48_all_installed_packages_are_the_locked_ones():
    lock = (ROOT / "requirements.txt").read_text()
    packages = re.split(r"\n(?=[a-z0-9])", lock)
    without = [package.split("==")[0] for package in packages if "==" in package and "--hash=sha256:" not in package]
    assert without == []
    assert "pip install --no-cache-dir --require-hashes" in (ROOT / "Dockerfile").read_text()
    assert "--require-hashes -r" in (ROOT / "dev").read_text()
