"""Forms for the text about a place or a chapter. Its representatives write it; saving publishes it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from chapters.models import Chapter, Representative
from chapters.representatives import place_text
from chapters.representatives.services import rewrite_chapter
from chapters.validators import refuse_addresses, refuse_addresses_in_markdown
from s4jr.accounts.models import User
from s4jr.content import markdown
from s4jr.content.files import digest, tidy
from s4jr.form_fields.long_text import LongTextField
from s4jr.form_fields.one_line import OneLineField

HOW = _(
    "Leave a blank line to start a new paragraph. Type **two stars** for bold and [words](https://address) for a link."
)


#: Browsers do not store what is typed.
UNREMEMBERED = {"autocomplete": "off"}


class TextForm(forms.Form):
    """`seen` is the digest of the text that the page was rendered from; a conflict with another editor is an error."""

    use_required_attribute = False

    #: The names of the fields whose text is Markdown.
    in_markdown: tuple[str, ...]
    #: Whether an admin has hidden the text.
    is_hidden: bool

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, term: Representative, language: str, **kwargs: Any) -> None:
        self.term, self.language = term, language
        self.now = self.kept()
        super().__init__(*args, initial={**self.now, "seen": self._digest()}, **kwargs)

    def kept(self) -> dict[str, str]:
        """The saved texts by field name."""
        raise NotImplementedError

    def save(self, *, by: User | None) -> None:
        raise NotImplementedError

    def _digest(self) -> str:
        return digest("\n".join(f"{name}: {self.now[name]}" for name in sorted(self.now)))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in self.now:
            data[name] = tidy(data.get(name, ""))
        if data.get("seen") != self._digest():
            self.data = self.data.copy()
            self.data["seen"] = self._digest()
            raise ValidationError(
                _("Someone changed this text while you were writing. Save again to replace their version with yours.")
            )
        return data

    def seen_as(self) -> list[tuple[Any, str]]:
        """A preview of each text, as pairs of label and safe HTML."""
        texts = [(self[name].label, self.cleaned_data[name]) for name in self.now if name in self.in_markdown]
        return [(label, markdown.render(text)) for label, text in texts if text]


class PlaceTextForm(TextForm):
    in_markdown = ("words",)

    words = LongTextField(
        rows=8,
        label=_("About your place"),
        help_text=HOW,
        max_length=1200,
        required=False,
        validators=[refuse_addresses_in_markdown],
    )

    def kept(self) -> dict[str, str]:
        words, self.is_hidden = place_text.words_of(self.term.region, self.language)
        return {"words": words}

    def save(self, *, by: User | None) -> None:
        place_text.rewrite(self.term.region, self.language, self.cleaned_data["words"], by=by)


class ChapterTextForm(TextForm):
    in_markdown = ("words", "how_to_join")

    words = LongTextField(
        rows=8,
        label=_("About the chapter"),
        help_text=HOW,
        max_length=4000,
        required=False,
        validators=[refuse_addresses_in_markdown],
    )
    area = OneLineField(
        label=_("Area"),
        help_text=_("The towns or the part of the country the chapter is for."),
        max_length=120,
        required=False,
        validators=[refuse_addresses],
        widget=forms.TextInput(UNREMEMBERED),
    )
    languages = OneLineField(
        label=_("Languages"),
        max_length=80,
        required=False,
        validators=[refuse_addresses],
        widget=forms.TextInput(UNREMEMBERED),
    )
    rhythm = OneLineField(
        label=_("How often it meets"),
        help_text=_("In words, such as: the first Monday of each month."),
        max_length=120,
        required=False,
        validators=[refuse_addresses],
        widget=forms.TextInput(UNREMEMBERED),
    )
    how_to_join = LongTextField(
        rows=5,
        label=_("How to join"),
        help_text=HOW,
        max_length=2000,
        required=False,
        validators=[refuse_addresses_in_markdown],
    )

    is_hidden = False

    def kept(self) -> dict[str, str]:
        chapter = Chapter.objects.get(pk=self.term.chapter_id)
        return {name: getattr(chapter, name) for name in ("words", "area", "languages", "rhythm", "how_to_join")}

    def save(self, *, by: User | None) -> None:
        changed = [name for name in self.now if self.cleaned_data[name] != self.now[name]]
        rewrite_chapter(self.term, {name: self.cleaned_data[name] for name in changed}, by=by)


def form_for(term: Representative) -> type[TextForm]:
    """The form class for the place or chapter of a term."""
    return ChapterTextForm if term.chapter_id else PlaceTextForm
