"""The versions of the community agreement: the one that applicants accept, and the earlier texts.

The text of this release is `pages/content/<language>/agreement.md`. To change it, add a version at the top of VERSIONS
and keep the old text as `members/applications/agreements/<language>/<begins_on>.md`. An edit on the site is a version
of its own, named by its date; its earlier texts are the revisions of the text block.
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
    """`name` is stored with each member who accepts it; `digest` identifies the English text in git."""

    name: str
    begins_on: date
    digest: str = ""


#: Newest first.
VERSIONS = (AgreementVersion("2026-11 draft", date(2026, 11, 29), "398fe599797551c5"),)


@dataclass(frozen=True)
class EarlierText:
    """The text that readers saw until `ended_on`."""

    ended_on: date
    language: str
    title: str
    markdown: str


def version_of(text: Text) -> AgreementVersion:
    """The version of this text of the agreement: the one in git, or an edit on the site."""
    if not text.is_edited:
        return VERSIONS[0]
    updated_at = TextBlock.objects.get(key=KEY, language=text.language).updated_at
    if updated_at is None:
        raise ValueError(f"The edit of {KEY} says no date.")
    edited_on = updated_at.date()
    return AgreementVersion(f"{edited_on:%Y-%m-%d}", edited_on)


def earlier_texts(language: str) -> list[EarlierText]:
    """Every earlier text in this language, newest first; of several on one day, the last."""
    revisions = TextBlock.objects.get(key=KEY, language=language).revisions.order_by("replaced_at", "pk")
    by_day = {revision.replaced_at.date(): (language, revision.text) for revision in revisions}
    by_day |= dict(_texts_in_git(language))
    days = sorted(by_day.items(), reverse=True)
    return [EarlierText(day, of_language, *split(text)) for day, (of_language, text) in days]


def _texts_in_git(language: str) -> Iterator[tuple[date, tuple[str, str]]]:
    """Pairs of the last day of an older release's text, and (language, text) in this language or else in English."""
    for version, following in zip(VERSIONS[1:], VERSIONS, strict=False):
        for of_language in (language, settings.LANGUAGE_CODE):
            file = OLD_TEXTS / of_language / f"{version.begins_on}.md"
            if file.exists():
                yield following.begins_on, (of_language, file.read_text(encoding="utf-8").strip())
                break
