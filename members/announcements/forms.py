"""The forms to write and to send an announcement."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chapters.models import Chapter
from chapters.regions import country_choices, country_of, region_groups
from members.announcements.querysets import AnnouncementQuerySet
from members.models import Announcement
from s4jr.content.files import digest
from s4jr.form_fields.long_text import LongTextField
from s4jr.form_fields.region_select import RegionSelect
from s4jr.mail.template_validation import telling_words

WORDS = ["subject", "body", "discreet_subject", "discreet_body"]
WHOM = ["audience", "chapter", "country", "region", "language"]
BRACE = re.compile(r"[{}]")
ROWS = {"rows": 16, "spellcheck": "true"}


class AnnouncementForm(forms.ModelForm):
    """A subject may show on a lock screen, so it never names the coalition. Nor does the discreet version."""

    use_required_attribute = False

    chapter = forms.ModelChoiceField(Chapter.objects.all(), label=_("Chapter"), required=False, empty_label="-")
    country = forms.ChoiceField(label=_("Country"), required=False, widget=RegionSelect)
    region = forms.ChoiceField(label=_("State or province"), required=False, widget=RegionSelect)
    language = forms.ChoiceField(label=_("Only people who read this language"), required=False)

    class Meta:
        model = Announcement
        fields = [*WHOM, *WORDS]
        widgets = {"body": forms.Textarea(ROWS), "discreet_body": forms.Textarea(ROWS)}
        field_classes = {"body": LongTextField, "discreet_body": LongTextField}
        help_texts = {
            "subject": _("Others may see the subject. Don’t name the coalition in it."),
            "body": _(
                "Plain text: asterisks and square brackets stay as you type them. Long lines wrap "
                "automatically. We add how to stop these emails at the end."
            ),
            "discreet_subject": _("For people who said that someone may see their inbox."),
            "discreet_body": _("The same news, with nothing that names the coalition, not even in links."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", "-"), *country_choices()]
        self.fields["region"].choices = [("", "-"), *region_groups()]
        self.fields["language"].choices = [("", _("any language")), *settings.LANGUAGES]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self._check_whom(data)
        for name in {*WORDS} & {*data}:
            self._check_words(name, data[name])
        return data

    def _check_whom(self, data: dict[str, Any]) -> None:
        """Clears what the audience does not use, and requires what it needs."""
        audience, audiences = data.get("audience"), Announcement.Audience
        if audience != audiences.CHAPTER:
            data["chapter"] = None
        if audience != audiences.REGION:
            data["country"] = data["region"] = ""
        if data.get("region"):
            data["country"] = country_of(data["region"])
        if audience == audiences.CHAPTER and not data.get("chapter"):
            self.add_error("chapter", gettext("Which chapter?"))
        if audience == audiences.REGION and not data.get("country"):
            self.add_error("region", gettext("Choose a state, province or country."))
        if audience == audiences.REPRESENTATIVES and data.get("language"):
            self.add_error(
                "language", gettext("We don’t know which languages representatives read. Leave this at “any language”.")
            )

    def _check_words(self, name: str, text: str) -> None:
        """Applies the rules of email text blocks. There are no placeholders here."""
        if name != "body":
            is_subject = name.endswith("subject")
            form = gettext("in the discreet version of an email")
            where = gettext("in the subject, which others may see") if is_subject else form
            for sentence in telling_words(where, text):
                self.add_error(name, sentence)
        if BRACE.search(text):
            self.add_error(name, gettext("Words in curly brackets aren’t filled in here. Take them out."))
        if name.endswith("subject") and len(text.splitlines()) > 1:
            self.add_error(name, gettext("Put the subject on one line."))


class SendForm(forms.Form):
    """Confirms the exact email that was previewed: a change by another admin makes the form invalid."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, announcement: Announcement, **kwargs: Any) -> None:
        self.announcement = announcement
        super().__init__(*args, initial={"seen": self._digest()}, **kwargs)

    def clean_seen(self) -> str:
        if self.cleaned_data["seen"] != self._digest():
            raise forms.ValidationError(
                gettext("Someone changed this announcement while you were looking at it. Check it again.")
            )
        return self.cleaned_data["seen"]

    def seen_email(self) -> AnnouncementQuerySet:
        """A QuerySet of the announcement as it was previewed; empty after a change."""
        same = {name: getattr(self.announcement, name) for name in (*WHOM, *WORDS)}
        return Announcement.objects.filter(pk=self.announcement.pk, **same)

    def _digest(self) -> str:
        return digest("\n".join(str(getattr(self.announcement, name)) for name in (*WHOM, *WORDS)))
