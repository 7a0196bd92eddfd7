import re
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from s4jr.accounts.models import User
from s4jr.content import validators
from s4jr.content.files import digest, tidy
from s4jr.content.markdown import LONGEST
from s4jr.content.models import TextBlock, TextBlockRevision
from s4jr.content.services import rewrite_text
from s4jr.content.text_lists import STATES
from s4jr.form_fields.long_text import LongTextField


class WhereForm(forms.Form):
    """Which language of a text is edited, the page its editor came from, and the version that was just replaced."""

    language = forms.ChoiceField(choices=settings.LANGUAGES, required=False)
    back = forms.CharField(required=False)
    saved = forms.IntegerField(required=False, min_value=0)

    def clean_language(self) -> str:
        return self.cleaned_data["language"] or settings.LANGUAGE_CODE

    def clean_back(self) -> str:
        """Only a URL of this site; anything else means the home page."""
        back = self.cleaned_data["back"]
        return back if back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None) else "/"


class TextListForm(forms.Form):
    """What a list of texts is filtered by."""

    state = forms.ChoiceField(choices=[(state, state) for state in STATES], required=False)
    q = forms.CharField(required=False, max_length=200)


class TextBlockForm(forms.Form):
    """The whole text in one textarea, as readers will see it: its title is the first line."""

    text = LongTextField(
        label=_("Text"),
        required=False,
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "true"}),
        help_text=_(
            "The first line, after #, is the title. An empty line starts a new paragraph. **Two "
            "asterisks** make text bold. [Words](https://address) make a link. Leave the box empty to go "
            "back to the original text."
        ),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, text_block: TextBlock, **kwargs: Any) -> None:
        self.text_block = text_block
        initial = {"text": text_block.text, "seen": digest(text_block.text)}
        super().__init__(*args, initial=initial, **kwargs)
        if hint := validators.hint(text_block.key):
            self.fields["text"].help_text = cast(str, hint)

    def clean_text(self) -> str:
        text = tidy(self.cleaned_data["text"])
        if text and not text.startswith("# "):
            raise ValidationError(_("Start the first line with # and a space, then the title."))
        if text and _placeholders(text) != _placeholders(self.text_block.file_text):
            names = ", ".join(sorted(_placeholders(self.text_block.file_text))) or _("none")
            raise ValidationError(_("Words in curly brackets are filled in later. Keep exactly these: %s.") % names)
        if text and (problems := validators.problems(self.text_block.key, self.text_block.language, text)):
            raise ValidationError([*problems])
        return text

    def clean(self) -> None:
        """Detect a concurrent edit, so that the second editor decides which one stays."""
        if self.cleaned_data.get("seen") != digest(self.text_block.text):
            submitted = cast(QueryDict, self.data)
            self.data = {**submitted.dict(), "seen": digest(self.text_block.text)}
            raise ValidationError(
                _("Someone changed this text while you were writing. Their text is below. Save again to replace it.")
            )

    def save(self, by: User) -> TextBlockRevision | None:
        """Save over the text that the editor saw. Raises ChangedMeanwhileError: see `rewrite_text`."""
        return rewrite_text(self.text_block, self.cleaned_data["text"], by=by, seen=self.cleaned_data["seen"])


def _placeholders(text):
    return set(re.findall(r"\{\w+\}", text))
