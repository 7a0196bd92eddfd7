"""The forms of the decisions that need a text."""

from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members import emails
from members.models import Member
from s4jr.crypto.unreadable_text import DecryptionError
from s4jr.days import westernmost_today
from s4jr.form_fields.long_text import LongTextField
from s4jr.mail.discreet import coalition_words_in


class PartingForm(forms.Form):
    """Base of the two decisions with a one-hour grace period. `member` is the member to decide about."""

    #: The kind of the email.
    kind: str

    reason = LongTextField(
        rows=3,
        label=_("Why? For internal use only"),
        help_text=_("Encrypted. It’s never emailed and never exported."),
        max_length=2000,
        required=False,
    )

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        self.member = member
        super().__init__(*args, **kwargs)

    def said(self) -> dict[str, Any]:
        """What this form says besides the email, as arguments of the service."""
        return {"reason": self.cleaned_data["reason"]}

    def preview(self) -> tuple[str, str] | None:
        """(subject, body) of the email exactly as it will be sent; None if none is sent or it is not complete."""
        if not self.is_valid() or not (words := self.parting_email()):
            return None
        return emails.preview_parting(self.member, self.kind, words)

    def parting_email(self) -> str:
        """The text of the email, or "" if none is sent."""
        raise NotImplementedError


class NotNowForm(PartingForm):
    kind = "not-now"
    field_order: ClassVar[list[str]] = ["reason_kind", "reason", "email"]

    reason_kind = forms.ChoiceField(
        label=_("Why?"),
        choices=Member.DeclineReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a reason.")},
    )
    email = LongTextField(
        rows=16,
        label=_("The email they get in one hour"),
        help_text=_("Read it, and change anything that doesn’t fit."),
        max_length=6000,
        strip=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.member.gets_emails:
            del self.fields["email"]
        else:
            self.initial["email"] = self.member.parting_email or self._draft()
        self.fields["reason"].label = _("Would you like to add anything?")
        days = {"days": settings.DECIDED_WORDS_DAYS}
        self.fields["reason_kind"].help_text = _("For admins only. It’s deleted after %(days)s days.") % days
        self.initial.update(reason=self.member.reason, reason_kind=self.member.reason_kind)

    def said(self) -> dict[str, Any]:
        return {**super().said(), "reason_kind": self.cleaned_data["reason_kind"]}

    def _draft(self) -> str:
        """The default text, or "" if the member's name can't be decrypted: the admin then writes all of it."""
        try:
            return emails.draft_parting(self.member, self.kind)
        except DecryptionError:
            return ""

    def clean_email(self) -> str:
        """Rejects text that names the coalition if the member asked for discreet emails."""
        email = self.cleaned_data["email"]
        if self.member.is_discreet and (found := coalition_words_in(email)):
            words = ", ".join(found)
            raise forms.ValidationError(
                _("This person asked for discreet emails. Take out: %(words)s."), params={"words": words}
            )
        return email

    def parting_email(self) -> str:
        return self.cleaned_data.get("email", "")


class EndMembershipForm(PartingForm):
    """The email always names a next step with a date, and a way to answer."""

    kind = "membership-ended"

    next_step = forms.CharField(
        label=_("What is the next step?"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    next_step_on = forms.DateField(label=_("On what date?"), widget=forms.DateInput(attrs={"type": "date"}))
    answer_to = forms.CharField(
        label=_("How can they answer?"),
        help_text=_("Who to write to or call."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_next_step_on(self) -> date:
        """Accepts today, where it isn't over yet, until the day the member's data is deleted."""
        day, kept_from = self.cleaned_data["next_step_on"], timezone.now().date()
        if not westernmost_today() <= day < kept_from + timedelta(days=settings.MEMBERSHIP_ENDED_DAYS):
            said = _("Choose a day within the next %(days)s days. After that, their information is deleted.")
            raise forms.ValidationError(said, params={"days": settings.MEMBERSHIP_ENDED_DAYS})
        return day

    def said(self) -> dict[str, Any]:
        """With the promised date, which admins are reminded of; without it if no email is sent."""
        promised = {"next_step_on": self.cleaned_data["next_step_on"]} if self.member.gets_emails else {}
        return {**super().said(), **promised}

    def parting_email(self) -> str:
        if not self.member.gets_emails:
            return ""
        said = {name: self.cleaned_data[name] for name in ("next_step", "next_step_on", "answer_to")}
        return emails.draft_parting(self.member, self.kind, **said)

    def clean(self) -> dict[str, Any]:
        said = " ".join(str(self.cleaned_data.get(name, "")) for name in ("next_step", "answer_to"))
        if self.member.is_discreet and (found := coalition_words_in(said)):
            raise forms.ValidationError(
                _("This person asked for discreet emails. Take out: %(words)s."),
                params={"words": ", ".join(found)},
            )
        return self.cleaned_data
