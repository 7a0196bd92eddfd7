"""The forms of a coordinator to appoint a representative and to hand over a term."""

from datetime import date
from typing import Any, Self

from django import forms
from django.conf import settings
from django.contrib.auth.forms import UsernameField
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from chapters.models import Chapter, Representative
from chapters.place_field import PlaceField
from chapters.representatives.appointments import Appointment
from chapters.representatives.second_appointment import ask_what_happens
from s4jr.accounts.models import User
from s4jr.form_fields.email import EmailAddressField
from s4jr.security.ratelimit import spend, uses
from s4jr.security.submission_token import FormKind

APPOINTING = FormKind("appointing", "appointing")
#: How often one form begins a term.
ONCE = "1/d"


def _today() -> date:
    return timezone.now().date()


class DayField(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


class TermForm(forms.Form):
    """The user and the term. If valid, it gives an `Appointment` for a known place or chapter."""

    use_required_attribute = False
    #: The existing user with the username, set by `clean`; None for a new user.
    user: User | None

    username = UsernameField(
        label=_("Username"),
        help_text=_(
            "A name they chose, not their real name. If you leave this empty, we make one from the place and a number."
        ),
        max_length=150,
        required=False,
        validators=[UnicodeUsernameValidator()],
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    is_known = forms.BooleanField(
        label=_("They already sign in here with this username"),
        help_text=_("They keep their sign-in. The new place or chapter shows on their representative pages."),
        required=False,
    )
    address = EmailAddressField(
        label=_("Email address"),
        help_text=_("Stored encrypted. We email the one-time link there. Without an address, you see the link once."),
        required=False,
    )
    begins_on = DayField(label=_("From"), initial=_today)
    ends_on = DayField(label=_("Until"), help_text=_("The last day, if you know it."), required=False)
    language = forms.ChoiceField(label=_("Language for emails to them"), choices=settings.LANGUAGES, initial="en")

    form_token = forms.CharField(required=False, widget=forms.HiddenInput)

    @classmethod
    def blank(cls, request: HttpRequest, **initial: Any) -> Self:
        """The unbound form with a new submission token."""
        return cls(initial={**initial, "form_token": APPOINTING.new_token(request)})

    def is_sent_first(self) -> bool:
        """Whether this valid form was not submitted before; adds an error if it was. A call counts as submitting."""
        if spend("appointing", self._mark, ONCE):
            return True
        self.add_error(None, _("You already sent this form, and they’re appointed. The list shows their term."))
        return False

    def _was_sent(self) -> bool:
        """Whether this form was submitted before and began a term, which then serves already."""
        return uses("appointing", self._mark, ONCE) > 0

    @cached_property
    def _mark(self) -> str:
        return APPOINTING.read_token(self.cleaned_data["form_token"]).value

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("ends_on") and data.get("begins_on") and data["ends_on"] < data["begins_on"]:
            self.add_error("ends_on", _("The last day is before the first day. Change one of them."))
        self.user = self._person(data.get("username", ""), data.get("is_known"))
        return data

    def _person(self, username: str, is_known: bool | None) -> User | None:
        found = User.objects.filter(username__iexact=username).first() if username else None
        if is_known and (found is None or not found.is_active):
            self.add_error(
                "username", _("No one signs in with this username. Check the spelling, or uncheck the box below.")
            )
        if found and not is_known:
            self.add_error(
                "username",
                _(
                    "Someone already signs in with this username. If it’s the same person, check the box below. "
                    "If not, choose another username."
                ),
            )
        return found

    @property
    def new_address(self) -> str:
        """The address in a valid form; "" for an existing user, who keeps their own."""
        return "" if self.user else self.cleaned_data["address"]

    def appointment(self, region: str = "", chapter: Chapter | None = None) -> Appointment:
        data = self.cleaned_data
        names = ("username", "address", "begins_on", "ends_on", "language")
        return Appointment(**{n: data[n] for n in names}, region=region, chapter=chapter, user=self.user)


class AppointForm(TermForm):
    """Adds the place, a country or a part of one, or the chapter. Short forms of a place show its full name first."""

    place = PlaceField(
        label=_("Place"),
        help_text=_("A country, state or province. Enter its name or ISO code, such as Ontario or CA-ON."),
        required=False,
        any_part=True,
        confirms=True,
        error_messages={
            "confirm": _("Do you mean %(place)s? If so, select “Appoint” again. If not, correct the place."),
        },
    )
    chapter = forms.ModelChoiceField(
        Chapter.objects.public().by_name(),
        label=_("Or a chapter"),
        help_text=_("Choose a place or a chapter, not both."),
        required=False,
        empty_label=_("None"),
    )
    field_order = ["place", "chapter"]
    #: The term that ends when this one begins, set by `clean`; None if no one hands over.
    handed_over: Representative | None = None

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "place" in self.errors:
            return data
        place, chapter = data["place"], data.get("chapter")
        if bool(place) == bool(chapter):
            raise ValidationError(_("Choose either a place or a chapter."))
        self._refuse_twice(place, chapter)
        if "username" not in self.errors and not self._was_sent():
            self.handed_over = ask_what_happens(self, place, chapter)
        return data

    def _refuse_twice(self, region: str, chapter: Chapter | None) -> None:
        serving = Representative.objects.serving().of(region, chapter)
        if self.user and self.cleaned_data.get("is_known") and serving.filter(user=self.user).exists():
            self.add_error("username", _("They already represent this place or chapter."))

    def made(self) -> Appointment:
        """The `Appointment` to the selected place or chapter."""
        return self.appointment(self.cleaned_data["place"], self.cleaned_data["chapter"])
