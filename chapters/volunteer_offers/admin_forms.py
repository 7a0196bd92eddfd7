"""The form of a coordinator to open a chapter."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chapters.chapter_form import ChapterPlaceForm
from chapters.models import Chapter, VolunteerOffer


class OpenChapterForm(ChapterPlaceForm):
    """The requested chapter as it will be public, to review and to correct if it identifies someone."""

    invites = forms.BooleanField(
        label=_("Make them the representative of this chapter"),
        help_text=_(
            "This makes a sign-in for them and sends them a link that works once, within 48 hours. If they already "
            "sign in here, leave this unchecked, and appoint them under Representatives."
        ),
        required=False,
    )

    field_order = ["name", "slug", "place", "area", "languages", "rhythm", "invites"]

    class Meta:
        model = Chapter
        fields = ["name", "slug", "area", "languages", "rhythm"]

    def __init__(self, *args: Any, offer: VolunteerOffer, may_invite: bool = False, **kwargs: Any) -> None:
        """`may_invite`: whether the admin may appoint representatives."""
        asked = {name: getattr(offer, name) for name in ("country", "region", "area", "languages", "rhythm")}
        slug = Chapter.objects.free_web_address(offer.chapter_name)
        super().__init__(*args, initial={**asked, "name": offer.chapter_name, "slug": slug}, **kwargs)
        if not may_invite:
            del self.fields["invites"]
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"  # someone may have put their own name or town there
