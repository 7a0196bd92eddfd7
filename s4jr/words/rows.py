"""After each migrate, and each test flush, the rows match the files: admins find every text, and no stale one."""

from contextlib import suppress

from django.apps import apps as installed_apps
from django.db import DEFAULT_DB_ALIAS

from s4jr.words.files import all_files
from s4jr.words.models import EDITION, new_name


def match_rows_to_files(sender, using=DEFAULT_DB_ALIAS, apps=installed_apps, **kwargs):
    """Give every file a blank row, clear edits that have come home into their file, drop rows that mean nothing."""
    try:
        passages = apps.get_model("words", "Passage")._base_manager.using(using)
    except LookupError:  # migrated back to nothing
        return
    rows = {(row.key, row.language): row for row in passages.all()}
    _add_missing(passages, rows)
    _clear_edits_that_came_home(passages, rows)
    _drop_meaningless(passages, rows)
    _begin_edition(apps, using)


def _begin_edition(apps, using):
    """A release brings files of its own: what was loaded before it is of another edition."""
    with suppress(LookupError):  # migrated back to before there were editions
        editions = apps.get_model("words", "Edition")._base_manager.using(using)
        editions.update_or_create(pk=EDITION, defaults={"name": new_name()})


def _add_missing(passages, rows):
    missing = [
        passages.model(key=key, language=language) for key, language in all_files() if (key, language) not in rows
    ]
    passages.bulk_create(missing, ignore_conflicts=True)


def _clear_edits_that_came_home(passages, rows):
    home = [row.pk for at, row in rows.items() if row.edit and at in all_files() and row.edit == all_files()[at].text]
    if home:
        passages.filter(pk__in=home).update(edit="", edited_from="")


def _drop_meaningless(passages, rows):
    """No file, no edit, not hidden and no history: the text was renamed or taken out."""
    gone = [row.pk for at, row in rows.items() if at not in all_files() and not row.edit and not row.is_hidden]
    if gone:
        passages.filter(pk__in=gone, revisions=None).delete()
