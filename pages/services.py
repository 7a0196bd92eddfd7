"""What changes a team member beside the fields of their row: their bio, which is one text in each language."""

import secrets

from django.db import transaction
from django.utils.text import slugify

from pages.models import TeamMember
from s4jr.accounts.models import User
from s4jr.content.models import TextBlock

#: Where the bios are among the texts. Those of the seed have files in git; nobody else's has.
BIOS = "people/"
KEY_EMAILS = 60


def new_bio_key(name: str) -> str:
    """A key that no bio has, from a name; a name in a script that no address can hold gives a random one."""
    stem = f"{BIOS}{slugify(name)[:KEY_EMAILS] or secrets.token_hex(4)}"
    taken = {*TeamMember.objects.filter(text_block_key__startswith=stem).values_list("text_block_key", flat=True)}
    taken |= {*TextBlock.objects.filter(key__startswith=stem).values_list("key", flat=True)}
    return next(key for key in _numbered(stem) if key not in taken)


def _numbered(stem):
    yield stem
    number = 2
    while True:
        yield f"{stem}-{number}"
        number += 1


@transaction.atomic
def save_bio(person: TeamMember, language: str, text: str, *, by: User) -> None:
    """Make `text`, with its title line, the bio in one language; empty means the file in git, or none.

    A bio that is hidden in one language is hidden in all: `TextBlock.objects.hide` says why.
    """
    rows = TextBlock.objects.filter(key=person.text_block_key)
    row = rows.filter(language=language).first()
    if row is None and text:
        row = TextBlock.objects.create(key=person.text_block_key, language=language, is_hidden=rows.hidden().exists())
    if row is not None:
        row.rewrite(text, by=by)


@transaction.atomic
def remove_person(person: TeamMember) -> None:
    """Delete a team member and everything they said here, earlier versions included."""
    TextBlock.objects.filter(key=person.text_block_key, key__startswith=BIOS).delete()
    person.delete()
