"""Changes to the texts of pages and emails."""

from django.db import transaction
from django.utils import timezone

from s4jr.accounts.models import User
from s4jr.content.files import digest, tidy
from s4jr.content.models import TextBlock, TextBlockQuerySet


@transaction.atomic
def rewrite_text(text_block: TextBlock, text: str, by: User | None) -> None:
    """Show readers `text` from the next request on; empty, or equal to the file, means the file."""
    current = TextBlock.objects.select_for_update().get(pk=text_block.pk)
    edit = "" if tidy(text) == text_block.file_text else tidy(text)
    if edit != current.edit:
        current.revisions.create(text=current.text, replaced_by=by)
    text_block.edit = edit
    text_block.edited_from = digest(text_block.file_text) if edit else ""
    text_block.updated_at, text_block.updated_by = timezone.now(), by
    text_block.save(update_fields=["edit", "edited_from", "updated_at", "updated_by"])


def hide_texts(text_blocks: TextBlockQuerySet, by: User | None) -> int:
    """Hide these texts in every language: a person who withdraws consent withdraws it everywhere.

    Returns how many texts, regardless of their languages.
    """
    return _set_hidden(text_blocks, True, by)


def show_texts(text_blocks: TextBlockQuerySet, by: User | None) -> int:
    return _set_hidden(text_blocks, False, by)


@transaction.atomic
def _set_hidden(text_blocks: TextBlockQuerySet, is_hidden: bool, by: User | None) -> int:
    keys = set(text_blocks.values_list("key", flat=True))
    others = TextBlock.objects.filter(key__in=keys).exclude(is_hidden=is_hidden)
    changed = set(others.values_list("key", flat=True))
    others.update(is_hidden=is_hidden, updated_at=timezone.now(), updated_by=by)
    return len(changed)


def revert_texts(text_blocks: TextBlockQuerySet, by: User | None) -> int:
    """Go back to the files' texts; returns how many were edited."""
    edited = list(text_blocks.edited())
    for text_block in edited:
        rewrite_text(text_block, "", by=by)
    return len(edited)
