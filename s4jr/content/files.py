"""The texts as git holds them: `<app>/content/<language>/<key>.md`. An edit in the database lies over the file."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.apps import apps
from django.conf import settings

#: The first line of a file whose words the coalition has not confirmed. It is a mark, not a part of the text.
DRAFT_MARK = "<!-- draft -->"


@dataclass(frozen=True)
class TextFile:
    key: str
    language: str
    path: Path
    text: str
    is_draft: bool

    @property
    def digest(self):
        return digest(self.text)

    def write(self, text, path=None):
        """Put `text` into this file, or into the same file of another checkout; the draft mark stays."""
        mark = f"{DRAFT_MARK}\n" if self.is_draft else ""
        path = path or self.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{mark}{text}\n", encoding="utf-8")


def digest(text):
    """A short name for exactly this text."""
    return hashlib.sha256(text.encode()).hexdigest()


def tidy(text):
    """The same text with Unix line ends and no blank edges, as files and edits are compared."""
    return "\n".join(line.rstrip() for line in text.splitlines()).strip()


@lru_cache(maxsize=1)
def all_files():
    """Every text file by (key, language), read once for the life of the process."""
    return {(file.key, file.language): file for file in found_files()}


def found_files():
    """Every text file of every installed app; two may statistic one key, which `checks.py` reports."""
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


def file_for(key, language):
    """The file behind a text, or None where no file holds it in this language."""
    return all_files().get((key, language))
