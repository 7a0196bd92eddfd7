"""The forms of a statistic, and of a team member: details, photo, and a bio in each language of the site."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pages.models import Statistic, TeamMember
from pages.services import BIOS
from s4jr.accounts.edit_conflicts import SEEN, SeenVersionForm, UnlabelledInput
from s4jr.content.files import digest, tidy
from s4jr.content.forms import TextBlockForm
from s4jr.content.markdown import LONGEST
from s4jr.content.models import TextBlock
from s4jr.form_fields.long_text import LongTextField
from s4jr.form_fields.pasted import PastedLinkField
from s4jr.form_fields.photos import PhotoField
from s4jr.security.submission_token import FormKind

#: {name of the bio field: language}.
BIO_BOXES = {f"bio_{code.replace('-', '_')}": code for code, _name in settings.LANGUAGES}


def seen_name(box: str) -> str:
    return f"seen_{box}"


def _bio_fields() -> Iterator[tuple[str, forms.Field]]:
    """For each language a bio field, and a hidden digest of the text that the page was rendered from."""
    names = dict(settings.LANGUAGES)
    for box, code in BIO_BOXES.items():
        yield (
            box,
            LongTextField(
                label=_("Bio (%(language)s)") % {"language": names[code]},
                required=False,
                strip=False,
                max_length=LONGEST,
                widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "true", "lang": code}),
                help_text=_(
                    "Public. To add a heading, start the first line with #. Without one, the heading is their "
                    "name. Leave an empty line between paragraphs."
                ),
            ),
        )
        yield seen_name(box), forms.CharField(label="", required=False, widget=UnlabelledInput)


NEW_PERSON = FormKind("new team member", "added")


class TeamMemberForm(type("BioForm", (SeenVersionForm,), dict(_bio_fields()))):
    """If valid, `changed_bios` has the bios to save with `services.save_bio`: {language: text}."""

    watched = ("name", "pronouns", "role", "photo_alt", "consent_until", "is_on_site", "is_in_press_kit", "order")

    new_photo = PhotoField(
        label=_("Photo"),
        help_text=_("We make it smaller and remove everything else in the file, such as where it was taken."),
        required=False,
    )
    remove_photo = forms.BooleanField(label=_("Remove the photo"), required=False)
    page_token = forms.CharField(label="", required=False, widget=UnlabelledInput)

    class Meta:
        model = TeamMember
        fields = [
            "name", "pronouns", "role", *BIO_BOXES, *map(seen_name, BIO_BOXES), "new_photo", "photo_alt",
            "remove_photo", "is_on_site", "is_in_press_kit", "consent_until", "order", SEEN, "page_token",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.changed_bios: dict[str, str] = {}
        for box, language in BIO_BOXES.items():
            text = self._text_block(language).text
            self.initial |= {box: text, seen_name(box): digest(text)}

    @property
    def mark(self) -> str:
        """What the page of a valid form was marked with."""
        return NEW_PERSON.read_token(self.cleaned_data.get("page_token", "")).value

    def _text_block(self, language: str) -> TextBlock:
        """The current bio, or an unsaved row if there is none."""
        key = self.instance.text_block_key
        if not key.startswith(BIOS):
            return TextBlock(key=BIOS, language=language)
        return TextBlock.objects.filter(key=key, language=language).first() or TextBlock(key=key, language=language)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self._clean_photo(data)
        for box, language in BIO_BOXES.items():
            if self.add_prefix(box) in self.data:
                self._clean_bio(data, box, language)
        if not self._has_english():
            self.add_error(
                "bio_en", gettext("Enter a bio in English. Readers see it if there is no bio in their language.")
            )
        if data.get("new_photo") and self.errors:
            self.add_error("new_photo", _("Your photo is not saved yet. Choose the file again."))
        return data

    def _clean_photo(self, data: dict[str, Any]) -> None:
        if data.get("new_photo"):
            self.instance.photo = data["new_photo"]
        elif data.get("remove_photo"):
            self.instance.photo = None
        if self.instance.photo and not data.get("photo_alt"):
            self.add_error("photo_alt", _("Say in a few words what the photo shows."))

    def _clean_bio(self, data: dict[str, Any], box: str, language: str) -> None:
        """Validates a bio like “Edit this” does. An unchanged bio is skipped, also if someone else changed it since."""
        text, text_block = _with_heading(tidy(data.get(box, "")), data.get("name", "")), self._text_block(language)
        if digest(tidy(data.get(box, ""))) == data.get(seen_name(box)):
            return
        sent = QueryDict(mutable=True)
        sent.update({"text": text, "seen": data.get(seen_name(box), "")})
        form = TextBlockForm(sent, text_block=text_block)
        if form.is_valid():
            self.changed_bios[language] = form.cleaned_data["text"]
            return
        for problem in [*form.errors.get("text", []), *form.non_field_errors()]:
            self.add_error(box, problem)
        self._show_as_seen(box, text_block)

    def _show_as_seen(self, box: str, text_block: TextBlock) -> None:
        """Updates the digest after a conflict, so that saving again overwrites the other change."""
        self.data = self.data.copy()
        self.data[self.add_prefix(seen_name(box))] = digest(text_block.text)

    def _has_english(self) -> bool:
        text_block = self._text_block("en")
        return bool(self.changed_bios.get("en", text_block.text) or text_block.file_text or self.errors.get("bio_en"))


class StatisticForm(SeenVersionForm):
    """Without a source everything else may stay empty; a source comes with its link and the day it was checked."""

    watched = ("label", "text", "counts", "place", "year", "source_words", "source", "link", "checked_on", "lit",
               "ticks", "order")  # fmt: skip

    class Meta:
        model = Statistic
        fields = ["label", "slug", "text", "counts", "place", "year", "source", "link", "checked_on", "source_words",
                  "lit", "ticks", "order", SEEN]  # fmt: skip
        field_classes = {"link": PastedLinkField, **dict.fromkeys(["text", "counts", "source_words"], LongTextField)}

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("source") and not data.get("link") and "link" not in self.errors:
            self.add_error("link", _("Add the link to the source, so that readers can check the statistic."))
        if data.get("source") and not data.get("checked_on") and "checked_on" not in self.errors:
            self.add_error("checked_on", _("Enter the day someone read the statistic in the source."))
        if data.get("checked_on") and not data.get("source") and "source" not in self.errors:
            self.add_error("source", _("Enter the source that was checked, or clear the day."))
        return data


def _with_heading(text: str, name: str) -> str:
    return text if not text or text.startswith("# ") else f"# {name}\n\n{text}"
