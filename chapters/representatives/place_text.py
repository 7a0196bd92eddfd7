"""What the representatives of a place say of it: one short text for a place and a language, kept as a TextBlock.

So an admin finds it among the texts, sees what it was before, and can take it off the site. It has no file: git is for
ever, and this is not.
"""

from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from chapters.regions import country_of, place_name
from s4jr.accounts.models import User
from s4jr.content import markdown, validators
from s4jr.content.live_texts import split
from s4jr.content.models import TextBlock

PREFIX = "places/"
HINT = _("The text about a place, written by its representatives. The first line, after #, is the name of the place.")


def words_of(place: str, language: str) -> tuple[str, bool]:
    """The words as they were written, and whether an admin has hidden them; ("", False) where there are none."""
    found = TextBlock.objects.filter(key=f"{PREFIX}{place}", language=language).first()
    return (split(found.text)[1], found.is_hidden) if found else ("", False)


def html_of(place: str, language: str) -> str:
    """Safe HTML of what is said of a place, or "": nothing was said, or it is hidden."""
    words, is_hidden = words_of(place, language)
    return "" if is_hidden else markdown.render(words)


def rewrite(place: str, language: str, words: str, *, by: User | None) -> None:
    """Make these the words of a place, in a language; empty: none."""
    with override(language):
        title = place_name(country_of(place), place)
    text_block, _made = TextBlock.objects.get_or_create(key=f"{PREFIX}{place}", language=language)
    text_block.rewrite(f"# {title}\n\n{words}" if words else "", by=by)


# --- where an admin edits them


def register() -> None:
    """Tell the editor of texts how these read: it knows of no page that shows one."""
    validators.register_rule(PREFIX, problems=lambda key, language, text: [], preview=_preview_text, hint=HINT)


def _preview_text(key: str, language: str, text: str) -> list[validators.PlainPreview]:
    title, body = split(text)
    return [validators.PlainPreview(gettext("Text about a place"), title, body)]
