"""Seed data from git. Missing rows are created; changes of an admin are never overwritten."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.apps import apps as installed_apps
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model

CONTENT = Path(__file__).parent / "content"

#: Model, file, and the field that identifies a row.
SEEDED = [
    ("Statistic", "statistics.toml", "slug"),
    ("TeamMember", "team.toml", "text_block_key"),
    ("SupportLine", "support_lines.toml", "slug"),
]


@lru_cache
def entries(file_name: str) -> list[dict[str, Any]]:
    """The rows of a file, as dictionaries by field name."""
    return tomllib.loads((CONTENT / file_name).read_text(encoding="utf-8"))["entry"]


def is_seeded(row: Model) -> bool:
    """Whether the next `migrate` would restore this row. Such a row can be hidden, but not deleted."""
    for model_name, file_name, key in SEEDED:
        if type(row).__name__ == model_name:
            return getattr(row, key) in {entry[key] for entry in entries(file_name)}
    return False


def make_missing_rows(sender: Any, using: str = DEFAULT_DB_ALIAS, apps: Any = installed_apps, **kwargs: Any) -> None:
    """Receives `post_migrate`. `apps` is a registry of historical models after a migration back."""
    for model_name, file_name, key in SEEDED:
        try:
            rows = apps.get_model("pages", model_name)._base_manager.using(using)
        except LookupError:  # all migrations of the app were reversed
            continue
        there = set(rows.values_list(key, flat=True))
        missing = [rows.model(**entry) for entry in entries(file_name) if entry[key] not in there]
        rows.bulk_create(missing, ignore_conflicts=True)
