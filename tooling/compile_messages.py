"""Compiles locale/*/LC_MESSAGES/*.po with polib: Django's own command needs gettext, which a bare machine lacks."""

from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def compile_messages():
    for source in LOCALE.rglob("*.po"):
        polib.pofile(str(source)).save_as_mofile(str(source.with_suffix(".mo")))


if __name__ == "__main__":
    compile_messages()
