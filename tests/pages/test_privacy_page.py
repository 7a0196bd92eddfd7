"""/privacy/ prints the data dictionary in plain words, with the days the settings say."""

import pytest
from django.apps import apps
from django.conf import settings as the_settings

from s4jr.privacy.data_dictionary import dictionaries
from tests.reading import Page

pytestmark = pytest.mark.django_db

#: What only people who build the site would say.
JARGON = ["hmac", "blind index", "foreign key", "dedupe", "lease", "None", "%(", "__", "tombstone", "hash"]


def words_of(client, address="/privacy/"):
    return " ".join(Page(client.get(address).content.decode()).one(id="main")["text"].split())


def test_every_table_of_which_a_person_may_be_is_told(client):
    text = words_of(client)
    titles = {str(dictionary.title) for _model, dictionary in dictionaries()}
    assert [title for title in titles if title not in text] == []


def test_everything_personal_is_told_one_by_one(client):
    text = words_of(client)
    personal = {
        str(kept.what)
        for _model, dictionary in dictionaries()
        for kept in dictionary.fields.values()
        if kept.is_personal
    }
    assert [what for what in personal if what not in text] == []


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("CONFIRM_WITHIN_DAYS", "If nobody confirms the address within 77 days."),
        ("UNDECIDED_DAYS", "If nobody answers you within 77 days"),
        ("DECLINED_DAYS", "77 days after a “not now”."),
        ("LEFT_DAYS", "77 days after you leave"),
        ("DECIDED_WORDS_DAYS", "Emptied 77 days after a decision."),
        ("LETTER_DAYS", "The empty mark of it: 77 days after it was written."),
        ("ACCESS_LOG_DAYS", "77 days after it was written, a whole day at a time."),
        ("ENQUIRY_DAYS", "77 days after the last word"),
        ("BACKUP_DAYS", "77 days after it was made, at the latest."),
    ],
)
def test_days_are_printed_from_the_setting(client, settings, setting, sentence):
    assert sentence not in words_of(client)
    setattr(settings, setting, 77)
    assert sentence in words_of(client)


def test_every_number_of_days_that_something_is_kept_has_a_sentence(client, settings):
    kept = [name for name in dir(the_settings) if name.endswith("_DAYS") and name not in NOT_ABOUT_KEEPING]
    for number, name in enumerate(kept):
        setattr(settings, name, 500 + number)
    text = words_of(client)
    assert [name for number, name in enumerate(kept) if f"{500 + number} days" not in text] == []


#: Days that say when somebody is told, or when something is late.
NOT_ABOUT_KEEPING = {"REMIND_AFTER_DAYS", "OVERDUE_AFTER_DAYS"}


def test_nothing_of_how_it_is_built_shows(client):
    text = words_of(client)
    assert [word for word in JARGON if word in text] == []
    assert [model._meta.label_lower for model in apps.get_models() if model._meta.label_lower in text] == []


def test_the_words_above_the_lists_name_no_number_of_days(client):
    """An edit of the text must not be able to contradict what is done."""
    above = Page(client.get("/privacy/").content.decode()).one(class_="prose")["text"]
    assert [character for character in above if character.isdigit()] == []
