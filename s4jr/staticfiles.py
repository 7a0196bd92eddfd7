"""One stylesheet for readers, several files for writers (docs/decisions/0001-one-stylesheet.md)."""

import re

from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORT = re.compile(rb'@import url\("([\w.-]+)"\);')
#: For those who write the files; a reader on a slow line need not load them. No string of ours holds one.
COMMENT = re.compile(rb"/\*.*?\*/\s*", re.DOTALL)


class OneStylesheetStorage(CompressedManifestStaticFilesStorage):
    """Collects static files; where a stylesheet in `css/` imports a neighbour, the neighbour's text takes its place."""

    def post_process(self, paths, *args, **options):
        ours = {name: with_imports(*place) for name, place in paths.items() if re.fullmatch(r"css/[\w-]+\.css", name)}
        return super().post_process({**paths, **ours}, *args, **options)


def with_imports(source, name):
    """A storage, and the path in it, that holds the stylesheet with its imports written out and without comments."""
    folder, whole = name.rpartition("/")[0], InMemoryStorage()
    text = IMPORT.sub(lambda found: _read(source, f"{folder}/{found[1].decode()}"), _read(source, name))
    whole.save(name, ContentFile(COMMENT.sub(b"", text)))
    return whole, name


def _read(storage, name):
    with storage.open(name) as file:
        return file.read()
