"""The text about a place, by its representatives: one for each place and language, stored as a TextBlock.

So an admin finds it with the page texts, sees its history and can hide it. It has no file, because git keeps everything
for ever.
"""

from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from chapters.regions import country_of, place_name
from s4jr.accounts.models import User
from s4jr.content import markdown, validators
from s4jr.content.live_texts import split
from s4jr.content.models import TextBlock
from s4jr.content.services import rewrite_text

PREFIX = "places/"
HINT = _("The text about a place, written by its representatives. The first line, after #, is the name of the place.")


def words_of(place: str, language: str) -> tuple[str, bool]:
    """The Markdown text, and whether an admin has hidden it; ("", False) if there is none."""
    found = TextBlock.objects.filter(key=f"{PREFIX}{place}", language=language).first()
    return (split(found.text)[1], found.is_hidden) if found else ("", False)


def html_of(place: str, language: str) -> str:
    """The text about a place as safe HTML; "" if there is none or it is hidden."""
    words, is_hidden = words_of(place, language)
    return "" if is_hidden else markdown.render(words)


def rewrite(place: str, language: str, words: str, *, by: User | None) -> None:
    """Saves the text about a place in a language; an empty text removes it."""
    with override(language):
        title = place_name(country_of(place), place)
    text_block, _made = TextBlock.objects.get_or_create(key=f"{PREFIX}{place}", language=language)
    rewrite_text(text_block, f"# {title}\n\n{words}" if words else "", by=by)


# --- the editor of page texts


def register() -> None:
    """Registers a preview for these texts in the editor of page texts."""
    validators.register_rule(PREFIX, problems=lambda key, language, text: [], preview=_preview_text, hint=HINT)


def _preview_text(key: str, language: str, text: str) -> list[validators.PlainPreview]:
    title, body = split(text)
    return [validators.PlainPreview(gettext("Text about a place"), title, body)]
