"""Reads which language of the site a cell of a list names."""

from functools import lru_cache

from babel import Locale
from django.conf import settings
from django.utils.translation import to_locale

from s4jr.tables.titles import plain_title


def language_named(cell: str) -> str | None:
    """The language that a cell names by a code, such as `fr_CA`, or by a name in a language of the site; else None."""
    return _languages().get(plain_title(cell).partition("_")[0])


@lru_cache
def _languages() -> dict[str, str]:
    """{first word of a code or name: code}: `fr`, `french`, `francais` and `frances`."""
    locales = {code: Locale.parse(to_locale(code)) for code, _name in settings.LANGUAGES}
    names = {
        plain_title(locale.get_language_name(other) or code).partition("_")[0]: code
        for code, locale in locales.items()
        for other in locales.values()
    }
    return names | {locale.language: code for code, locale in locales.items()}
