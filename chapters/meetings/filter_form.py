"""What one looks for among the meetings. It comes in the address, so that it is a link to share."""

from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from chapters.models import Chapter, Meeting

PAST = "past"


class FindMeetingsForm(forms.Form):
    """What is not on its lists is passed over: an old address still shows meetings."""

    kind = forms.ChoiceField(label=_("Type"), choices=[("", _("All types")), *Meeting.Kind.choices], required=False)
    chapter = forms.ModelChoiceField(
        label=_("Chapter"),
        queryset=Chapter.objects.public().by_name(),
        to_field_name="slug",
        empty_label=_("All chapters"),
        required=False,
    )
    when = forms.ChoiceField(choices=[("", ""), (PAST, PAST)], required=False, widget=forms.HiddenInput)
    page = forms.IntegerField(required=False, widget=forms.HiddenInput)

    @property
    def sought(self):
        self.is_valid()
        return self.cleaned_data

    @property
    def wants_past(self):
        return self.sought.get("when") == PAST

    @property
    def is_narrowed(self):
        """Whether less is looked for than all that is to come, or all that is past."""
        return bool(self.sought.get("kind") or self.sought.get("chapter"))

    @property
    def page_number(self):
        return self.sought.get("page") or 1

    @property
    def query(self):
        """The same search in an address, without the page."""
        chapter = self.sought.get("chapter")
        said = {"kind": self.sought.get("kind"), "chapter": chapter and chapter.slug, "when": self.sought.get("when")}
        return urlencode({name: value for name, value in said.items() if value})

    def among(self, meetings):
        """Those of `meetings` that are looked for, in the order in which they are shown."""
        meetings = meetings.past() if self.wants_past else meetings.upcoming()
        sought = {name: self.sought.get(name) for name in ("kind", "chapter")}
        return meetings.filter(**{name: value for name, value in sought.items() if value})
