"""French and Spanish are complete: no missing or fuzzy message, no lost placeholder, a translation of every text."""

import gettext
import io
import re
import shutil
import subprocess
import sys
from functools import cache

import polib
import pytest
from django.conf import settings
from django.utils.translation import to_locale

from s4jr.content.files import all_files
from s4jr.mail.discreet import coalition_words_in
from tooling.compile_messages import compile_messages
from tooling.messages import FOLDERS, ROOT, need_gettext

LANGUAGES = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
PLACEHOLDERS = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
TAGS = re.compile(r"</?[a-z][^>]*>")
#: Texts that the coalition has not written yet: readers of every language will get the coalition's own words.
EMPTY = {"land-acknowledgement"}
ADDRESSES = re.compile(r"\]\(([^)\s]+)\)")


@cache
def messages(language, root=ROOT):
    return polib.pofile(str(root / "locale" / to_locale(language) / "LC_MESSAGES" / "django.po"))


def names(file):
    return {(message.msgctxt, message.msgid, message.msgid_plural) for message in file}


def translations(message):
    return list(message.msgstr_plural.values()) if message.msgid_plural else [message.msgstr]


@pytest.fixture(scope="module")
def gathered(tmp_path_factory):
    """A copy of the checkout after makemessages."""
    need_gettext()
    copy = tmp_path_factory.mktemp("checkout")
    for folder in [*FOLDERS, "locale", "tooling"]:
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    subprocess.run([sys.executable, "-m", "tooling.messages"], cwd=copy, check=True)
    return copy


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_message_files_are_up_to_date(language, gathered):
    # Compares the difference: a failure then shows the few messages, not two thousand.
    assert names(messages(language)) ^ names(messages(language, gathered)) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_missing_or_fuzzy(language):
    assert [m.msgid for m in messages(language) if m.fuzzy or not all(translations(m))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_compiled_messages_match_the_message_files(language, compiled):
    found = read_compiled(compiled / to_locale(language) / "LC_MESSAGES" / "django.mo")
    assert [m.msgid for m in messages(language) if gettext_of(found, m) != translations(m)] == []


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    """A freshly compiled copy of locale/."""
    copy = tmp_path_factory.mktemp("compiled") / "locale"
    shutil.copytree(ROOT / "locale", copy, ignore=shutil.ignore_patterns("*.mo"))
    compile_messages(copy)
    return copy


def read_compiled(file):
    return gettext.GNUTranslations(io.BytesIO(file.read_bytes()))


def gettext_of(found, message):
    """Return gettext's result for a message: in French and Spanish, singular and plural."""
    if message.msgid_plural and message.msgctxt:
        return [found.npgettext(message.msgctxt, message.msgid, message.msgid_plural, number) for number in (1, 2)]
    if message.msgid_plural:
        return [found.ngettext(message.msgid, message.msgid_plural, number) for number in (1, 2)]
    return [found.pgettext(message.msgctxt, message.msgid) if message.msgctxt else found.gettext(message.msgid)]


def test_a_fuzzy_message_is_not_compiled(tmp_path):
    (tmp_path / "django.po").write_text('#, fuzzy\nmsgid "Save"\nmsgstr "Sauver"\n\nmsgid "Go"\nmsgstr "Aller"\n')
    compile_messages(tmp_path)
    found = read_compiled(tmp_path / "django.mo")
    assert [found.gettext("Save"), found.gettext("Go")] == ["Save", "Aller"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_and_tags_match_the_english(language):
    assert [m.msgid for m in messages(language) if any(not same_parts(m, words) for words in translations(m))] == []


def same_parts(message, words):
    """A plural form may omit its number ("one person waits"); it may add nothing, and lose no tag."""
    original = message.msgid_plural or message.msgid
    wanted, there = set(PLACEHOLDERS.findall(original)), set(PLACEHOLDERS.findall(words))
    same_placeholders = there == wanted or (message.msgid_plural and there <= wanted)
    return same_placeholders and sorted(TAGS.findall(original)) == sorted(TAGS.findall(words))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_names_the_cause_only_where_the_english_does(language):
    """Pages that emails link to, and page titles, are neutral in every language."""
    naming = [m.msgid for m in messages(language) if any(coalition_words_in(words) for words in translations(m))]
    assert [english for english in naming if not coalition_words_in(english)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_has_a_translation_marked_as_a_draft(language):
    files = all_files()
    english = {key for key, code in files if code == "en"} - EMPTY
    assert {key for key, code in files if code == language} == english
    assert [key for key in sorted(english) if not files[key, language].is_draft] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translated_text_keeps_its_title_placeholders_and_links(language):
    files = all_files()
    pairs = {key: (files[key, "en"], file) for (key, code), file in files.items() if code == language}
    assert [key for key, (english, translated) in pairs.items() if parts(english) != parts(translated)] == []


def parts(file):
    """Return what a translation must keep: whether it has a title, its placeholders, and its link targets."""
    has_title = file.text.startswith("# ")
    return has_title, sorted(set(PLACEHOLDERS.findall(file.text))), sorted(ADDRESSES.findall(file.text))
