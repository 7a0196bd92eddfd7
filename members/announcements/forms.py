"""The form to write an announcement. It has only the fields that its audience uses."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from chapters.meetings.edit_conflicts import EditConflictMixin
from chapters.models import Chapter
from members.announcements.discreet_proposal import propose
from members.announcements.fields import CodesField, PlacesField, SubjectField, place_groups
from members.applications.ways_to_help import WAYS_TO_HELP
from members.models import Announcement
from members.models.announcement import SUBJECT_AT_MOST
from s4jr.form_fields.long_text import LongTextField
from s4jr.mail.template_validation import telling_words
from s4jr.security.submission_token import FormKind

Audience = Announcement.Audience
NEW_ANNOUNCEMENT = FormKind("new announcement", "announced")
WORDS = ["subject", "body", "discreet_subject", "discreet_body"]
WHOM = ["audience", "chapter", "places", "ways", "language"]
#: The fields of each audience besides itself, and the value of those that another audience uses.
FIELDS_OF: dict[str, list[str]] = {
    Audience.NEWS: ["language"],
    Audience.PLACES: ["places", "language"],
    Audience.CHAPTER: ["chapter", "language"],
    Audience.WAYS: ["ways", "language"],
    Audience.REPRESENTATIVES: [],
}
UNUSED = {"chapter": None, "places": "", "ways": "", "language": ""}
BRACE = re.compile(r"[{}]")
#: Emails are wrapped at 72 columns.
ROWS = {"rows": 16, "cols": 76, "spellcheck": "true"}


class AnnouncementForm(EditConflictMixin, forms.ModelForm):
    """A subject may show on a lock screen, so it never names the coalition. Nor does the discreet version.

    An empty discreet version is proposed from the plain one, if nothing has to be left out.
    """

    use_required_attribute = False
    #: The audience that the page was opened for; the admin sets it.
    chosen_audience = ""

    form_token = forms.CharField(required=False, widget=forms.HiddenInput)
    audience = forms.ChoiceField(choices=Audience.choices, widget=forms.HiddenInput)
    chapter = forms.ModelChoiceField(
        Chapter.objects.all(), label=_("Chapter"), empty_label="-", error_messages={"required": _("Which chapter?")}
    )
    places = PlacesField(
        label=_("States, provinces and countries"),
        error_messages={"required": _("Choose at least one state, province or country.")},
    )
    ways = CodesField(
        label=_("Ways to help"),
        widget=forms.CheckboxSelectMultiple,
        choices=WAYS_TO_HELP,
        error_messages={"required": _("Choose at least one way to help.")},
        help_text=_("Members who checked at least one of these. No page shows you who they are."),
    )
    language = forms.ChoiceField(label=_("Only people who read this language"), required=False)
    discreet_subject = SubjectField(
        label=_("Discreet subject"), max_length=SUBJECT_AT_MOST, required=False,
        help_text=_(
            "For people who said that someone may see their inbox. If you leave it empty, we use a neutral subject."
        ),
    )  # fmt: skip
    discreet_body = LongTextField(
        label=_("Discreet email"), max_length=10_000, required=False, widget=forms.Textarea(ROWS),
        help_text=_(
            "The same news, with nothing that names the coalition, not even in links. If you leave it empty, we "
            "propose one from the email above. You read it before anything goes out."
        ),
    )  # fmt: skip

    class Meta:
        model = Announcement
        fields = [*WHOM, *WORDS]
        widgets = {"body": forms.Textarea(ROWS), "subject": forms.TextInput}
        field_classes = {"body": LongTextField, "subject": SubjectField}
        help_texts = {
            "subject": _("At most 65 characters. Others may see the subject. Don’t name the coalition in it."),
            "body": _(
                "Plain text: asterisks and square brackets stay as you type them. Long lines wrap "
                "automatically. We add how to stop these emails at the end."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding is False:
            self.watch(self.instance, [*WHOM, *WORDS])
        if self.chosen_audience:
            self.initial["audience"] = self.chosen_audience
        self._keep_fields_of(self.data.get("audience") or self.initial.get("audience"))

    @property
    def audience_in_words(self) -> str:
        """The audience that the fields are for, or "" if it is not chosen yet."""
        return dict(Audience.choices).get(self["audience"].value(), "")

    def _keep_fields_of(self, audience: str | None) -> None:
        used = FIELDS_OF.get(audience or "", ["language"])
        for name in UNUSED.keys() - set(used):
            del self.fields[name]
        if "places" in used:
            self.fields["places"].choices = place_groups()
        if "language" in used:
            self.fields["language"].choices = [("", _("any language")), *settings.LANGUAGES]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self._check_whom(data)
        for name in {*WORDS} & {*data}:
            self._check_words(name, data[name])
        self._propose_discreet_version(data)
        return data

    def _check_whom(self, data: dict[str, Any]) -> None:
        """Clears what another audience used."""
        for name in UNUSED.keys() - self.fields.keys():
            data[name] = UNUSED[name]

    def changes(self) -> dict[str, Any]:
        """The values to save, by field name."""
        return {name: self.cleaned_data.get(name, UNUSED.get(name)) for name in (*WHOM, *WORDS)}

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

    def _propose_discreet_version(self, data: dict[str, Any]) -> None:
        """Fills in what is empty. If a paragraph had to be left out, the author reads the rest here and saves again."""
        proposal = propose(data.get("body", ""))
        data["discreet_subject"] = data.get("discreet_subject") or proposal.subject
        if data.get("discreet_body") or {"body", "discreet_body"} & self.errors.keys():
            return
        if proposal.left_out:
            self.data = self.data.copy()
            self.data[self.add_prefix("discreet_body")] = proposal.body
            self.add_error("discreet_body", _left_out_in_words(proposal.left_out, is_empty=not proposal.body))
        else:
            data["discreet_body"] = proposal.body


def _left_out_in_words(count: int, *, is_empty: bool) -> str:
    if is_empty:
        return gettext(
            "Every paragraph of the email names the coalition or has a link, so we can’t propose a discreet version. "
            "Write one."
        )
    said = ngettext(
        "We filled this in from the email and left out %(count)d paragraph that names the coalition or has a link. "
        "Read it, change what doesn’t fit, and save.",
        "We filled this in from the email and left out %(count)d paragraphs that name the coalition or have a link. "
        "Read it, change what doesn’t fit, and save.",
        count,
    )
    return said % {"count": count}
