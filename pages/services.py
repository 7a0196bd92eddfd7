"""Services for the bios of team members. A bio is one text block for each language."""

import secrets
from collections.abc import Iterator

from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import slugify

from pages.models import TeamMember
from s4jr.accounts.models import User
from s4jr.content.models import TextBlock
from s4jr.content.services import rewrite_text

#: The prefix of the keys of bios. Only seeded bios have files in git.
BIOS = "people/"
KEY_EMAILS = 60


def new_bio_key(name: str) -> str:
    """An unused key from a name. A name without ASCII letters or digits gives a random key."""
    stem = f"{BIOS}{slugify(name)[:KEY_EMAILS] or secrets.token_hex(4)}"
    taken = {*TeamMember.objects.filter(text_block_key__startswith=stem).values_list("text_block_key", flat=True)}
    taken |= {*TextBlock.objects.filter(key__startswith=stem).values_list("key", flat=True)}
    return next(key for key in _numbered(stem) if key not in taken)


def _numbered(stem: str) -> Iterator[str]:
    yield stem
    number = 2
    while True:
        yield f"{stem}-{number}"
        number += 1


@transaction.atomic
def save_bio(person: TeamMember, language: str, text: str, *, by: User) -> None:
    """Saves `text`, with its title line, as the bio in one language. An empty text restores the file in git, or none.

    A bio that is hidden in one language is hidden in all: see `TextBlock.objects.hide`.
    """
    rows = TextBlock.objects.filter(key=person.text_block_key)
    row = _find_bio(rows, language)
    if row is None and text:
        row = TextBlock(key=person.text_block_key, language=language, is_hidden=rows.hidden().exists())
        row.save(force_insert=True)
    if row is not None:
        rewrite_text(row, text, by=by)


def _find_bio(rows: QuerySet[TextBlock], language: str) -> TextBlock | None:
    return rows.filter(language=language).first()


@transaction.atomic
def remove_person(person: TeamMember) -> None:
    """Deletes a team member and their bios with all revisions."""
    TextBlock.objects.filter(key=person.text_block_key, key__startswith=BIOS).delete()
    person.delete()
