"""`./dev messages`: extracts translatable messages from code and templates into locale/*/LC_MESSAGES/django.po.

Django extracts with gettext. Messages no longer used are dropped, and new ones are untranslated, never guessed from
another: tests/test_translations.py names them.
"""

import os
import shutil
import sys
from pathlib import Path

import polib

from tooling.debian import apt_get_install
from tooling.new_keys import new_keys

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ["chapters", "members", "pages", "s4jr", "templates"]  # the only ones with text for readers
PLURALS = {"fr_CA": "nplurals=2; plural=(n > 1);", "es": "nplurals=2; plural=(n != 1);"}


def gather(root=ROOT):
    """Update the message files of the checkout `root`."""
    need_gettext()
    _start_django()
    from django.core.management import call_command

    os.chdir(root)
    skipped = [path.name for path in root.iterdir() if path.name not in [*FOLDERS, "locale"]]
    layout = {"add_location": "file", "no_wrap": True, "no_obsolete": True}
    call_command("makemessages", locale=list(PLURALS), ignore_patterns=skipped, verbosity=0, **layout)
    for locale in PLURALS:
        settle(locale, root / "locale" / locale / "LC_MESSAGES" / "django.po")


def need_gettext():
    """Exit with one sentence if gettext is missing and cannot be installed."""
    if not shutil.which("xgettext"):
        apt_get_install("gettext")
    if not shutil.which("xgettext"):
        sys.exit("gettext is missing. Install it with: apt-get install gettext, or brew install gettext")


def settle(locale, file):
    """Normalize a message file so that extracting twice changes nothing, and clear what gettext guessed."""
    messages = polib.pofile(str(file), wrapwidth=0)
    messages.header, messages.metadata_is_fuzzy = "", False
    messages.metadata = {
        "Language": locale,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[locale],
    }
    for guessed in [message for message in messages if message.fuzzy]:
        guessed.flags.remove("fuzzy")
        guessed.msgstr, guessed.previous_msgid, guessed.previous_msgid_plural = "", None, None
        guessed.msgstr_plural = dict.fromkeys(guessed.msgstr_plural, "")
    messages.save()


def _start_django():
    os.environ.update({**new_keys(), "DJANGO_SETTINGS_MODULE": "s4jr.settings"})
    import django

    django.setup()


if __name__ == "__main__":
    gather()
