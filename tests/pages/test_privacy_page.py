"""/privacy/ has a summary and a table of what the site stores; /privacy/inventory/ shows the whole data inventory."""

import pytest
from django.apps import apps
from django.conf import settings as the_settings

from members.models import Inquiry, Member, Rsvp, Sharing
from s4jr.crypto.fields import EncryptedTextField
from s4jr.erasure.inventory import inventories
from s4jr.erasure.rules import Subject
from tests.reading import Page

pytestmark = pytest.mark.django_db

#: Technical terms that readers do not know.
JARGON = ["hmac", "blind index", "foreign key", "dedupe", "lease", "None", "%(", "__", "tombstone", "hash"]


def words_of(client, address="/privacy/inventory/"):
    return " ".join(Page(client.get(address).content.decode()).one(id="main")["text"].split())


def test_the_page_covers_every_table_with_personal_data(client):
    text = words_of(client)
    titles = {str(inventory.title) for _model, inventory in inventories()}
    assert [title for title in titles if title not in text] == []


def test_the_page_begins_with_a_short_summary(client):
    summary = Page(client.get("/privacy/").content.decode()).one(id="text-block-privacy")["text"]
    assert len(summary.partition("What we keep, why")[0].split()) <= 125  # including the heading


def test_a_table_covers_members_and_senders_and_links_to_the_inventory(client):
    page = Page(client.get("/privacy/").content.decode())
    table = page.one(class_="kept")["text"]
    told = {inventory.subject for _model, inventory in inventories() if str(inventory.title) in table}
    titles = {str(inventory.title) for _model, inventory in inventories() if inventory.subject in told}
    assert (told, [title for title in titles if title not in table]) == ({Subject.MEMBERS, Subject.WRITERS}, [])
    assert {link["href"].partition("#")[0] for link in page.all(tag="a") if "#members" in link.get("href", "")} == {
        "/privacy/inventory/"
    }


def test_the_inventory_lists_every_personal_field(client):
    text = words_of(client)
    personal = {
        str(kept.what) for _model, inventory in inventories() for kept in inventory.fields.values() if kept.is_personal
    }
    assert [what for what in personal if what not in text] == []


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("CONFIRM_WITHIN_DAYS", "Deleted if no one confirms the address within 77 days."),
        ("UNDECIDED_DAYS", "Deleted if no one answers you within 77 days"),
        ("DECLINED_DAYS", "Deleted 77 days after a “not right now.”"),
        ("LEFT_DAYS", "77 days after you leave"),
        ("DECIDED_WORDS_DAYS", "Deleted 77 days after a decision."),
        ("EMAIL_DAYS", "Deleted 77 days after the email was written: its empty record."),
        ("ACCESS_LOG_DAYS", "Deleted 77 days after it was written, one whole day at a time."),
        ("INQUIRY_DAYS", "Deleted 77 days after the last message"),
        ("BACKUP_DAYS", "77 days after it was made, at the latest."),
    ],
)
def test_retention_periods_come_from_settings(client, settings, setting, sentence):
    assert sentence not in words_of(client)
    setattr(settings, setting, 77)
    assert sentence in words_of(client)


def test_every_retention_setting_has_a_sentence(client, settings):
    kept = [name for name in dir(the_settings) if name.endswith("_DAYS") and name not in NOT_ABOUT_KEEPING]
    for number, name in enumerate(kept):
        setattr(settings, name, 500 + number)
    text = words_of(client)
    assert [name for number, name in enumerate(kept) if f"{500 + number} days" not in text] == []


#: The page's name of an unencrypted field; None if the page covers it elsewhere: fingerprints, and our own tokens.
IN_CLEAR = {
    "number": "a number", "country": "country", "region": "region", "chapter": "chapter", "language": "language",
    "status": "the status of your request", "contact": "how we may reach you", "newsletter": "whether you want news",
    "agreement_version": "agreement", "agreed_at": "agreement", "paused_at": "paused", "left_on": "left",
    "received_on": "the days it came", "decided_at": "decided", "decided_by": "what an admin did",
    "asked_to_leave_at": "what an admin did", "next_step_on": "what an admin did",
    "fields": "what sort of thing you let representatives see", "topic": "topic", "deadline": "deadline",
    "meeting": "which one", "place_in_line": "wait", "wants_reminder": "reminded", "asked_on": "since when",
    "user": "under which name they sign in", "readers": "who may read it", "last_word_on": "its dates",
    "claimed_by": "which of us is answering it", "claimed_on": "and since when",
}  # fmt: skip
MARKS = {
    "id", "email_index", "limit_index", "new_email_index", "word_hash", "code_hash", "form_token", "member", "since",
    "decision",
    "proposed_by", "same_as", "effective_at", "handed_to", "handed_at", "emptied_on", "confirm_until", "list_due_at",
    "browser_mark",
    "reminded_days", "times_corrected", "version", "decided_version", "word_proves_inbox",
    "flag_reason", "state", "turn", "notified_sequence", "notified_fingerprint", "reminded_at", "link_sent_at",
    "accepted_at", "notified_starts_at", "notes_told_at",
}  # fmt: skip


def test_the_page_names_every_unencrypted_field(client):
    said = " ".join(line["text"] for line in Page(client.get("/privacy/").content.decode()).all(tag="li"))
    said = " ".join(said[said.index("We don’t encrypt a number") :].split()).partition("If you choose")[0]
    in_clear = {
        field.name
        for model in (Member, Sharing, Inquiry, Rsvp)
        for field in (*model._meta.concrete_fields, *model._meta.many_to_many)
        if not isinstance(field, EncryptedTextField)
    }
    assert in_clear - IN_CLEAR.keys() == MARKS
    assert [name for name in in_clear & IN_CLEAR.keys() if IN_CLEAR[name] not in said] == []


def test_the_page_says_that_members_get_more_than_news(client):
    """Members get emails about their place or chapter without subscribing."""
    text = words_of(client)
    assert ("To tell those who asked for it" in text, "goes to all its members" in text) == (False, True)


#: Settings that say when the site notifies someone, or when something is overdue.
NOT_ABOUT_KEEPING = {"REMIND_AFTER_DAYS", "OVERDUE_AFTER_DAYS"}


def test_the_page_has_no_technical_terms(client):
    text = words_of(client)
    assert [word for word in JARGON if word in text] == []
    assert [model._meta.label_lower for model in apps.get_models() if model._meta.label_lower in text] == []


def test_the_texts_around_the_table_state_no_number_of_days(client):
    """An edit of a text must not contradict what the site does."""
    texts = " ".join(prose["text"] for prose in Page(client.get("/privacy/").content.decode()).all(class_="prose"))
    assert [character for character in texts if character.isdigit()] == []
