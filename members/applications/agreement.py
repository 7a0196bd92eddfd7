"""The versions of the community agreement: which one somebody says yes to, and what the earlier ones said.

The text of this release is `pages/content/<language>/agreement.md`. Whoever changes it adds a version here, first in
VERSIONS, and keeps the old text as `members/applications/agreements/<language>/<begins_on>.md`. An edit on the site is
a version of its own, named by its day; its earlier texts are the revisions of the text block.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings

from s4jr.content.live_texts import Text, split
from s4jr.content.models import TextBlock

KEY = "agreement"
OLD_TEXTS = Path(__file__).parent / "agreements"


@dataclass(frozen=True)
class AgreementVersion:
    """`name` is kept with each member who says yes to it; `digest` names the English text in git."""

    name: str
    begins_on: date
    digest: str = ""


#: Newest first.
VERSIONS = (AgreementVersion("2026-11 draft", date(2026, 11, 29), "398fe599797551c5"),)


@dataclass(frozen=True)
class EarlierText:
    """What readers saw until a day."""

    ended_on: date
    language: str
    title: str
    markdown: str


def version_of(text: Text) -> AgreementVersion:
    """The version that this text of the agreement is: the one in git, or an edit on the site."""
    if not text.is_edited:
        return VERSIONS[0]
    edited_on = TextBlock.objects.get(key=KEY, language=text.language).updated_at.date()
    return AgreementVersion(f"{edited_on:%Y-%m-%d}", edited_on)


def earlier_texts(language: str) -> list[EarlierText]:
    """Every earlier text in this language, newest first: at most one a day, the last one of it."""
    revisions = TextBlock.objects.get(key=KEY, language=language).revisions.order_by("replaced_at", "pk")
    by_day = {revision.replaced_at.date(): (language, revision.text) for revision in revisions}
    by_day |= dict(_texts_in_git(language))
    days = sorted(by_day.items(), reverse=True)
    return [EarlierText(day, of_language, *split(text)) for day, (of_language, text) in days]


def _texts_in_git(language: str) -> Iterator[tuple[date, tuple[str, str]]]:
    """Pairs of the last day of an older release's text, and the text in this language or else in English."""
    for version, following in zip(VERSIONS[1:], VERSIONS, strict=False):
        for of_language in (language, settings.LANGUAGE_CODE):
            file = OLD_TEXTS / of_language / f"{version.begins_on}.md"
            if file.exists():
                yield following.begins_on, (of_language, file.read_text(encoding="utf-8").strip())
                break
