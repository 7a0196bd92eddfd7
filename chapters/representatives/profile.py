"""The form for a representative's own profile. Saving it does not make the profile public."""

from copy import copy
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chapters.models import PhotoDraft, Representative
from chapters.representatives.photo_drafts import keep_photo
from chapters.representatives.services import save_profile
from chapters.validators import refuse_addresses
from s4jr.form_fields.long_text import LongTextField
from s4jr.form_fields.names import NAME_RULES
from s4jr.form_fields.one_line import OneLineField
from s4jr.form_fields.photos import PhotoField

FACTS = (
    "display_name", "pronouns", "words", "languages", "shows_region", "mandated_reporter", "ties", "takes_messages",
    "language",
)  # fmt: skip


class ProfileForm(forms.Form):
    """The profile of one term. If valid, `save()` saves it and `seen()` is a preview.

    A page that shows the form again calls `keep_new_photo()`, because a browser does not send a file twice.
    """

    use_required_attribute = False
    #: The new photo of an earlier preview, if it is still kept.
    draft: PhotoDraft | None = None

    display_name = OneLineField(
        label=_("Display name"),
        help_text=_("Any name you like to go by. It doesn’t have to be your legal name."),
        max_length=80,
        validators=[refuse_addresses, *NAME_RULES],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    pronouns = OneLineField(
        label=_("Pronouns"),
        max_length=60,
        required=False,
        validators=[refuse_addresses],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    words = LongTextField(
        rows=5,
        label=_("A short introduction"),
        help_text=_("For example, what people can write to you about. You never need to tell your story."),
        max_length=600,
        required=False,
        validators=[refuse_addresses],
    )
    languages = OneLineField(
        label=_("Languages people can write to you in"),
        max_length=120,
        required=False,
        validators=[refuse_addresses],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    shows_region = forms.BooleanField(
        label=_("Show the state or province"),
        help_text=_(
            "If you leave this unchecked, we show only the country. People who search for your state or province "
            "won’t find you."
        ),
        required=False,
    )
    photo = PhotoField(
        label=_("Photo"),
        help_text=_("We make it smaller and remove everything else in the file, such as where it was taken."),
        required=False,
    )
    photo_alt = OneLineField(
        label=_("Photo description"),
        help_text=_("One sentence, for people who can’t see the photo."),
        max_length=200,
        required=False,
        validators=[refuse_addresses],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    remove_photo = forms.BooleanField(label=_("Remove the photo"), required=False)
    mandated_reporter = forms.ChoiceField(
        label=_("Are you a mandated reporter?"),
        help_text=_("Someone the law requires to report some of what they hear."),
        choices=Representative.MandatedReporter.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    ties = LongTextField(
        rows=3,
        label=_("Ties to police, prosecution or courts"),
        help_text=_("In your own words. If you leave this empty, your profile says “not stated.”"),
        max_length=400,
        required=False,
        validators=[refuse_addresses],
    )
    takes_messages = forms.BooleanField(label=_("People can send me messages from my profile"), required=False)
    language = forms.ChoiceField(label=_("Language of our emails to you"), choices=settings.LANGUAGES)
    kept_photo = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, term: Representative, **kwargs: Any) -> None:
        self.term = term
        kept = {name: getattr(term, name) for name in (*FACTS, "photo_alt")}
        super().__init__(*args, initial=kept, **kwargs)
        if not (term.has_photo or self.files or self["kept_photo"].value()):
            del self.fields["remove_photo"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("kept_photo") and not data.get("photo") and not data.get("remove_photo"):
            data["photo"] = self._load_draft(data["kept_photo"])
        keeps_photo = self.term.has_photo and not data.get("remove_photo")
        if (data.get("photo") or keeps_photo) and not data.get("photo_alt") and "photo_alt" not in self.errors:
            self.add_error("photo_alt", _("Say in a few words what the photo shows."))
        return data

    def _load_draft(self, pk: UUID) -> bytes | None:
        self.draft = PhotoDraft.objects.fresh().filter(term=self.term, pk=pk).first()
        if self.draft is None and "photo" not in self.errors:
            self.add_error("photo", _("We keep a new photo for one hour. Choose it again."))
        return bytes(self.draft.photo) if self.draft else None

    def keep_new_photo(self) -> None:
        """Keeps an uploaded photo for when the form is sent again; its other fields may be wrong."""
        if not self.is_bound:
            return
        photo = self.cleaned_data.get("photo")
        if photo and not self.draft:
            self.draft = keep_photo(self.term, photo)
        self.data = self.data.copy()
        self.data["kept_photo"] = str(self.draft.pk) if self.draft else ""

    @property
    def draft_address(self) -> str:
        """The URL of the new photo, which only its owner may see; "" without one."""
        return reverse("representative_photo_draft", args=[self.term.pk, self.draft.pk]) if self.draft else ""

    def save(self) -> None:
        facts = {name: self.cleaned_data[name] for name in FACTS}
        save_profile(self.term, facts, photo=self._photo_changes(), photo_alt=self.cleaned_data["photo_alt"])

    def _photo_changes(self) -> dict[str, Any]:
        """The changed photo fields; empty if the photo stays or there is none."""
        data = self.cleaned_data
        if data.get("photo"):
            return {"photo": data["photo"], "photo_alt": data["photo_alt"]}
        return {"photo": None, "photo_alt": ""} if data.get("remove_photo") else {}

    def seen(self) -> Representative:
        """An unsaved copy of the profile for a preview, with the photo that saving would show."""
        profile = copy(self.term)
        for name in FACTS:
            setattr(profile, name, self.cleaned_data[name])
        is_removed = self.cleaned_data.get("remove_photo") and not self.draft
        if profile.has_photo or self.draft:
            profile.photo_alt = "" if is_removed else self.cleaned_data["photo_alt"]
        return profile
