"""Figures and people as git holds them. A row that is missing is made; what an admin changed is never overwritten."""

import tomllib
from functools import lru_cache
from pathlib import Path

from django.apps import apps as installed_apps
from django.db import DEFAULT_DB_ALIAS

CONTENT = Path(__file__).parent / "content"

#: Model, its file, and the field that says which row is which.
SEEDED = [
    ("Statistic", "statistics.toml", "slug"),
    ("TeamMember", "team.toml", "text_block_key"),
    ("SupportLine", "support_lines.toml", "slug"),
]


@lru_cache
def entries(file_name):
    """The rows a file holds, as dictionaries by field name."""
    return tomllib.loads((CONTENT / file_name).read_text(encoding="utf-8"))["entry"]


def is_seeded(row):
    """Whether the next migrate would bring this row back: such a row is hidden, not deleted."""
    for model_name, file_name, key in SEEDED:
        if type(row).__name__ == model_name:
            return getattr(row, key) in {entry[key] for entry in entries(file_name)}
    return False


def make_missing_rows(sender, using=DEFAULT_DB_ALIAS, apps=installed_apps, **kwargs):
    for model_name, file_name, key in SEEDED:
        try:
            rows = apps.get_model("pages", model_name)._base_manager.using(using)
        except LookupError:  # migrated back to nothing
            continue
        there = set(rows.values_list(key, flat=True))
        missing = [rows.model(**entry) for entry in entries(file_name) if entry[key] not in there]
        rows.bulk_create(missing, ignore_conflicts=True)
