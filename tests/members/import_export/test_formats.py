"""The lists that other programs write, one file each in tests/data/lists: who is imported, who is not, and why.

`docs/lists.md` says where the layouts come from.
"""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.utils import timezone

from members.import_export.import_state import ImportState

ROOT = Path(__file__).parents[3]
LISTS = ROOT / "tests/data/lists"
DOCUMENT = (ROOT / "docs/lists.md").read_text()
#: A line that says nothing but name, address, place and day.
IDA = {
    "name": "Ida Madeup", "email": "ida@mailbox.example", "contact": "yes", "pronouns": "", "country": "CA",
    "region": "CA-ON", "language": "en", "newsletter": False, "ways_to_help": "", "received_on": date(2026, 3, 4),
}  # fmt: skip
NOWHERE = {**IDA, "country": "", "region": ""}
BO = {**NOWHERE, "name": "Bo Madeup", "email": "bo@mailbox.example"}
OWN = {**IDA, "contact": "discreet", "pronouns": "she/her", "language": "fr-ca", "newsletter": True,
       "ways_to_help": "policy media"}  # fmt: skip
MELANIE = {**IDA, "name": "Mélanie Bélanger-Côté", "email": "melanie@mailbox.example", "region": "CA-QC",
           "language": "fr-ca", "newsletter": True}  # fmt: skip
ANGELA = {**IDA, "name": "Ángela Muñoz Íñigo", "email": "angela@mailbox.example", "country": "US", "region": "US-CA",
          "language": "es", "pronouns": "ella"}  # fmt: skip
#: Imported without the day they joined.
TODAY = None


def not_approved(column, *cells):
    return [f"We import only approved people. The column “{column}” says “{cell}”." for cell in cells]


def stopped(column, *cells):
    return [f"This person must not be emailed. The column “{column}” says “{cell}”." for cell in cells]


def no_yes(column, *cells):
    return [f"This person didn’t say yes to emails. The column “{column}” says “{cell}”." for cell in cells]


#: {file: (the answers of those imported, why the others are not)}
FORMATS = {
    "own_export.csv": (
        [OWN],
        [*not_approved("status", "Left", "Waiting for review", "Not now", "Membership ended"),
         *stopped("emails_stopped", "Asked us to stop"), "This person must not be emailed."],
    ),
    "own_export_codes.csv": (
        [OWN],
        [*not_approved("status", "left", "waiting", "declined", "membership_ended"),
         *stopped("emails_stopped", "never")],
    ),
    "google_forms.csv": (
        [{**IDA, "pronouns": "she/her"},
         {**IDA, "name": "Oda Madeup", "email": "oda@mailbox.example", "received_on": date(2026, 3, 5)}],
        [],
    ),
    "google_forms_fr.csv": (
        [{**IDA, "pronouns": "elle"},
         {**IDA, "name": "Oda Madeup", "email": "oda@mailbox.example", "received_on": date(2026, 3, 23)}],
        [],
    ),
    "google_contacts.csv": (
        [{**IDA, "received_on": TODAY},
         {**NOWHERE, "name": "Oda", "email": "oda@mailbox.example", "received_on": TODAY}],
        [],
    ),
    "google_contacts_before_2024.csv": ([{**NOWHERE, "received_on": TODAY}], []),
    "mailchimp_subscribed.csv": ([IDA], []),
    "mailchimp_unsubscribed.csv": ([], stopped("UNSUB_TIME", "2026-04-01 08:00:00")),
    "mailchimp_cleaned.csv": ([], stopped("CLEAN_TIME", "2026-04-01 08:00:00")),
    "action_network.csv": (
        [IDA], stopped("can2_subscription_status", "unsubscribed", "bouncing", "spam complaint")
    ),
    "civicrm.csv": (
        [{**IDA, "language": "fr-ca", "received_on": TODAY}],
        [*stopped("Do Not Email", "1"), *stopped("No Bulk Emails (User Opt Out)", "1"),
         *stopped("On Hold", "On Hold Bounce"), *stopped("Deceased / Closed", "1")],
    ),
    "nationbuilder.csv": (
        [{**IDA, "language": "fr-ca"}],
        [*no_yes("email_opt_in", "N"), *stopped("do_not_contact", "Y"), *stopped("is_deceased", "Y")],
    ),
    "listmonk.csv": ([NOWHERE], not_approved("status", "blocklisted", "disabled")),
    "zoom_registrations.csv": ([IDA], not_approved("Approval Status", "denied", "pending")),
    "zoom_attendees.csv": ([{**IDA, "region": ""}], not_approved("Approval Status", "denied")),
    "luma.csv": ([NOWHERE], not_approved("approval_status", "declined", "pending_approval", "waitlist", "invited")),
    "eventbrite.csv": (
        [IDA, {**BO, "country": "CA", "region": "CA-ON"}], not_approved("Attendee Status", "Not Attending")
    ),
    "excel_french_windows.csv": ([MELANIE], stopped("Ne pas contacter", "Oui")),
    "excel_french_mac.csv": ([MELANIE], stopped("Ne pas contacter", "Oui")),
    "excel_unicode_text.csv": ([MELANIE], stopped("Ne pas contacter", "Oui")),
    "excel_sep_line.csv": ([MELANIE], stopped("Ne pas contacter", "Oui")),
    "spanish.csv": ([ANGELA], [*no_yes("Consentimiento", "No"), *stopped("Dado de baja", "Sí")]),
    "names_in_addresses.csv": (
        [{**NOWHERE, "received_on": TODAY},
         {**NOWHERE, "name": "Madeup, Oda", "email": "oda@mailbox.example", "received_on": TODAY}],
        ["The name is missing."],
    ),
}  # fmt: skip
#: The only files that leave something to ask.
ASKED = {
    "google_forms.csv": ["“Can we email you about events?” may say who must not be emailed. Choose what it means, or "
                         "“not read” to ignore it."],
    "google_forms_fr.csv": ["“Acceptez-vous de recevoir nos courriels ?” may say who must not be emailed. Choose what "
                            "it means, or “not read” to ignore it."],
    "zoom_attendees.csv": ["Choose how dates are written in the list."],
}  # fmt: skip


@pytest.fixture
def today(monkeypatch):
    now = datetime(2026, 11, 30, 12, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)
    return now.date()


def read(name):
    return ImportState.of_file((LISTS / name).read_bytes()).read


@pytest.mark.parametrize("name", FORMATS)
def test_only_those_whom_the_list_allows_are_imported(name, today):
    usable, reasons = FORMATS[name]
    found = read(name)
    expected = [{**answers, "received_on": answers["received_on"] or today} for answers in usable]
    assert [line.answers for line in found.usable] == expected
    assert [line.why for line in found.unusable] == reasons


@pytest.mark.parametrize("name", FORMATS)
def test_a_question_is_asked_only_where_the_list_does_not_say(name):
    assert read(name).open_questions() == ASKED.get(name, [])


def test_each_file_is_tested_and_described():
    files = {path.name for path in LISTS.iterdir()}
    assert files == set(FORMATS)
    assert files == set(re.findall(r"`([\w.]+\.csv)`", DOCUMENT))
