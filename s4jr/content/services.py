"""Changes to the texts of pages and emails."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from s4jr.accounts.models import User
from s4jr.conflicts import ChangedMeanwhileError
from s4jr.content import catalog
from s4jr.content.files import digest, tidy
from s4jr.content.models import TextBlock, TextBlockQuerySet, TextBlockRevision


@transaction.atomic
def rewrite_text(
    text_block: TextBlock, text: str, by: User | None, *, seen: str | None = None
) -> TextBlockRevision | None:
    """Show readers `text` from the next request on; empty, or equal to the file, means the file.

    Returns the earlier version, or None if nothing changed. `seen` is the digest of the text that the editor started
    from: raises ChangedMeanwhileError if readers see another text by now. None replaces whatever is there.
    """
    current = TextBlock.objects.select_for_update().get(pk=text_block.pk)
    if seen is not None and seen != digest(current.text):
        raise ChangedMeanwhileError
    edit = "" if tidy(text) == text_block.file_text else tidy(text)
    replaced = current.revisions.create(text=current.text, replaced_by=by) if edit != current.edit else None
    text_block.edit = edit
    text_block.edited_from = digest(text_block.file_text) if edit else ""
    text_block.updated_at, text_block.updated_by = timezone.now(), by
    text_block.save(update_fields=["edit", "edited_from", "updated_at", "updated_by"])
    return replaced


def hide_texts(text_blocks: TextBlockQuerySet, by: User | None) -> int:
    """Hide these texts in every language: a person who withdraws consent withdraws it everywhere.

    Texts that the site cannot do without stay. Returns how many texts were hidden, regardless of their languages.
    """
    return _set_hidden(filter(catalog.may_hide, _keys_of(text_blocks)), True, by)


def show_texts(text_blocks: TextBlockQuerySet, by: User | None) -> int:
    """Show hidden texts again in every language; returns how many texts, regardless of their languages."""
    return _set_hidden(_keys_of(text_blocks), False, by)


def _keys_of(text_blocks: TextBlockQuerySet) -> set[str]:
    return set(text_blocks.values_list("key", flat=True))


@transaction.atomic
def _set_hidden(keys: Iterable[str], is_hidden: bool, by: User | None) -> int:
    others = TextBlock.objects.filter(key__in=[*keys]).exclude(is_hidden=is_hidden)
    # Locked: of two admins who hide a text at once, the second counts none.
    changed = {text_block.pk: text_block.key for text_block in others.select_for_update()}
    TextBlock.objects.filter(pk__in=changed).update(is_hidden=is_hidden, updated_at=timezone.now(), updated_by=by)
    return len({*changed.values()})
