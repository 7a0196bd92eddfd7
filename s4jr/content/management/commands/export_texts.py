"""Writes the edits that admins made on the site into the files, for a pull request."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from s4jr.content.files import all_files
from s4jr.content.models import TextBlock
from s4jr.content.services import rewrite_text


class Command(BaseCommand):
    help = (
        "Writes each edited text into its file. Without --into the edits are then cleared, for the files say the same; "
        "earlier texts stay in the history. With --into nothing is cleared here: the next deploy's migrate does it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--into", type=Path, metavar="FOLDER", help="write into this checkout instead of our own")

    def handle(self, *args: Any, into: Path | None, **options: Any) -> None:
        edited = [(text_block, file) for text_block in TextBlock.objects.edited() if (file := text_block.file)]
        for text_block, file in edited:
            path = (into or settings.BASE_DIR) / file.path.relative_to(settings.BASE_DIR)
            file.write(text_block.edit, path)
            self.stdout.write(str(path))
        if not into:
            clear(text_block for text_block, _file in edited)
        self.stdout.write(f"{len(edited)} written.")
        self._name_homeless()

    def _name_homeless(self):
        for text_block in TextBlock.objects.edited():
            if not text_block.file:
                self.stderr.write(f"{text_block} has no file any more; its edit stays in the database.")


def clear(text_blocks: Iterable[TextBlock]) -> None:
    all_files.cache_clear()
    with transaction.atomic():
        for text_block in text_blocks:
            rewrite_text(text_block, "", by=None)
