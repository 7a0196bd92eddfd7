"""One stylesheet for readers, several files for developers (docs/decisions/0001-one-stylesheet.md)."""

import re
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage  # pyright: ignore[reportAttributeAccessIssue]  the stubs lack it
from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORT = re.compile(rb'@import url\("([\w.-]+)"\);')
#: For developers; readers on a slow connection don't need to load them. No string of ours contains one.
COMMENT = re.compile(rb"/\*.*?\*/\s*", re.DOTALL)


class OneStylesheetStorage(CompressedManifestStaticFilesStorage):
    """Collects static files, and inlines the imports of stylesheets in `css/`."""

    def post_process(self, paths: dict[str, Any], *args: Any, **options: Any) -> Any:
        ours = {name: with_imports(*place) for name, place in paths.items() if re.fullmatch(r"css/[\w-]+\.css", name)}
        return super().post_process({**paths, **ours}, *args, **options)


def with_imports(source: Any, name: str) -> tuple[Any, str]:
    """(storage, path) of the stylesheet with its imports inlined and without comments."""
    folder, whole = name.rpartition("/")[0], InMemoryStorage()
    text = IMPORT.sub(lambda found: _read(source, f"{folder}/{found[1].decode()}"), _read(source, name))
    whole.save(name, ContentFile(COMMENT.sub(b"", text)))
    return whole, name


def _read(storage, name):
    with storage.open(name) as file:
        return file.read()
