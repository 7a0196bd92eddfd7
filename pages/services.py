"""Services for team members and support lines. The bio of a team member is one text block for each language."""

import secrets
from collections.abc import Iterator

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import slugify

from pages.models import SupportLine, TeamMember
from pages.support_lines import utc_today
from s4jr.accounts.models import User
from s4jr.audit.models import AccessLog
from s4jr.audit.services import log_access
from s4jr.conflicts import ChangedMeanwhileError
from s4jr.content.models import TextBlock
from s4jr.content.services import hide_texts, rewrite_text, show_texts

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


@transaction.atomic
def take_down(person: TeamMember, *, by: User) -> bool:
    """Stop showing a team member everywhere, right away. Returns False if they were taken down already.

    Their bio is hidden in every language, so that no page, photo or preview shows them whatever else is saved.
    """
    _give_own_text(person)
    is_done = bool(hide_texts(TextBlock.objects.filter(key=person.text_block_key), by=by))
    return is_done and _log_change(person, "text_block_key", by)


@transaction.atomic
def show_person_again(person: TeamMember, *, by: User) -> bool:
    """Undo `take_down`. Returns False if they were not taken down. Their permissions still decide where they appear."""
    is_done = bool(show_texts(TextBlock.objects.filter(key=person.text_block_key, key__startswith=BIOS), by=by))
    return is_done and _log_change(person, "text_block_key", by)


def _give_own_text(person: TeamMember) -> None:
    """A person whose bio has no row, or is the text of a page, gets a bio of their own that can be hidden."""
    if not person.text_block_key.startswith(BIOS):
        person.text_block_key = new_bio_key(person.name)
        TeamMember.objects.filter(pk=person.pk).update(text_block_key=person.text_block_key)
    if not TextBlock.objects.filter(key=person.text_block_key).exists():
        TextBlock.objects.get_or_create(key=person.text_block_key, language=settings.LANGUAGE_CODE)


@transaction.atomic
def publish_line(line: SupportLine, *, seen: str, by: User) -> bool:
    """Show a support line on /support/, as checked today (UTC). Returns False if it is published already.

    `seen` is the version that `by` compared with the line's own page. Raises ChangedMeanwhileError if the line has
    changed since.
    """
    now = SupportLine.objects.select_for_update().filter(pk=line.pk).first()
    if now is None or (now.version != seen and not now.is_published):
        raise ChangedMeanwhileError
    drafts = SupportLine.objects.filter(pk=line.pk, is_published=False)
    is_done = drafts.update(is_published=True, published_by=by, checked_on=utc_today())
    return bool(is_done) and _log_change(line, "is_published", by)


@transaction.atomic
def unpublish_line(line: SupportLine, *, by: User) -> bool:
    """Make a support line a draft again, right away. Returns False if it was one already."""
    published = SupportLine.objects.filter(pk=line.pk, is_published=True)
    return bool(published.update(is_published=False, published_by=None)) and _log_change(line, "is_published", by)


def _log_change(row: TeamMember | SupportLine, field_name: str, by: User) -> bool:
    log_access(who=by, action=AccessLog.Action.CHANGED, records=[row], field_names=[field_name])
    return True
