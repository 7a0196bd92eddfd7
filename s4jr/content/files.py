"""The text files in git: `<app>/content/<language>/<key>.md`. An edit in the database overrides the file."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.apps import apps
from django.conf import settings

#: The first line of a file whose text the coalition has not confirmed. It is a marker, not part of the text.
DRAFT_MARK = "<!-- draft -->"


@dataclass(frozen=True)
class TextFile:
    key: str
    language: str
    path: Path
    text: str
    is_draft: bool

    @property
    def digest(self) -> str:
        return digest(self.text)

    def write(self, text: str, path: Path | None = None) -> None:
        """Write `text` to this file, or to the same file of another checkout; the draft marker stays."""
        mark = f"{DRAFT_MARK}\n" if self.is_draft else ""
        path = path or self.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{mark}{text}\n", encoding="utf-8")


def digest(text: str) -> str:
    """A fingerprint of this exact text, 64 hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def tidy(text: str) -> str:
    """Normalize line ends and strip blank edges, so that files and edits can be compared."""
    return "\n".join(line.rstrip() for line in text.splitlines()).strip()


@lru_cache(maxsize=1)
def all_files() -> dict[tuple[str, str], TextFile]:
    """Every text file by (key, language), read once per process."""
    return {(file.key, file.language): file for file in found_files()}


def found_files() -> Iterator[TextFile]:
    """Every text file of every installed app; two may have one key, which `checks.py` reports."""
    for config in apps.get_app_configs():
        for language, _name in settings.LANGUAGES:
            folder = Path(config.path) / "content" / language
            for path in sorted(folder.rglob("*.md")):
                yield _read(path, folder, language)


def _read(path, folder, language):
    key = path.relative_to(folder).with_suffix("").as_posix()
    text = tidy(path.read_text(encoding="utf-8"))
    is_draft = text.startswith(DRAFT_MARK)
    return TextFile(key, language, path, tidy(text.removeprefix(DRAFT_MARK)), is_draft)


def file_for(key: str, language: str) -> TextFile | None:
    """The file behind a text, or None if there is none in this language."""
    return all_files().get((key, language))
