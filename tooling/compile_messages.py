"""Compiles locale/*/LC_MESSAGES/*.po with Babel, a dependency of the site: Django's own command needs gettext."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def compile_messages(locale: Path = LOCALE) -> None:
    """Write a .mo file next to each .po file below the folder `locale`."""
    for source in locale.rglob("*.po"):
        with source.open("rb") as messages:
            catalog = read_po(messages)
        with source.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, catalog)


if __name__ == "__main__":
    compile_messages()
