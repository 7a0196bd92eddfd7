"""After each migrate and each test flush, make the rows match the files: admins find every text and no stale one."""

from contextlib import suppress
from typing import Any

from django.apps import apps as installed_apps
from django.db import DEFAULT_DB_ALIAS

from s4jr.content.files import all_files
from s4jr.content.models import CURRENT, new_name


def match_rows_to_files(sender: Any, using: str = DEFAULT_DB_ALIAS, apps: Any = installed_apps, **kwargs: Any) -> None:
    """Create a blank row for every file, clear edits that their file now contains, and drop rows without a purpose."""
    try:
        text_blocks = apps.get_model("content", "TextBlock")._base_manager.using(using)
    except LookupError:  # migrated back to zero
        return
    rows = {(row.key, row.language): row for row in text_blocks.all()}
    _add_missing(text_blocks, rows)
    _clear_edits_that_came_home(text_blocks, rows)
    _drop_meaningless(text_blocks, rows)
    _begin_cache_version(apps, using)


def _begin_cache_version(apps, using):
    """A release brings its own files, so what was loaded before belongs to another cache version."""
    with suppress(LookupError):  # migrated back to before cache versions existed
        cache_versions = apps.get_model("content", "CacheVersion")._base_manager.using(using)
        cache_versions.update_or_create(pk=CURRENT, defaults={"name": new_name()})


def _add_missing(text_blocks, rows):
    missing = [
        text_blocks.model(key=key, language=language) for key, language in all_files() if (key, language) not in rows
    ]
    text_blocks.bulk_create(missing, ignore_conflicts=True)


def _clear_edits_that_came_home(text_blocks, rows):
    home = [row.pk for at, row in rows.items() if row.edit and at in all_files() and row.edit == all_files()[at].text]
    if home:
        text_blocks.filter(pk__in=home).update(edit="", edited_from="")


def _drop_meaningless(text_blocks, rows):
    """Without a file, an edit, hiding or history, a text was renamed or removed."""
    gone = [row.pk for at, row in rows.items() if at not in all_files() and not row.edit and not row.is_hidden]
    if gone:
        text_blocks.filter(pk__in=gone, revisions=None).delete()
