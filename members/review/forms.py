"""What an admin writes when a decision needs words."""

from datetime import timedelta

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members import emails
from s4jr.crypto.unreadable_text import DecryptionError
from s4jr.days import westernmost_today
from s4jr.form_fields.long_text import LongTextField
from s4jr.mail.discreet import coalition_words_in


class PartingForm(forms.Form):
    """Shared by the two decisions that cool for an hour. `member` is whom they are about."""

    reason = LongTextField(
        rows=3,
        label=_("Why? For internal use only"),
        help_text=_("Encrypted. It’s never emailed and never exported."),
        max_length=2000,
        required=False,
    )

    def __init__(self, *args, member, **kwargs):
        self.member = member
        super().__init__(*args, **kwargs)

    def promises(self):
        """What the email promises for a day."""
        return {}


class NotNowForm(PartingForm):
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
        self.initial["reason"] = self.member.reason

    def _draft(self):
        """Empty where their name cannot be decrypted: then whoever decides writes all of it."""
        try:
            return emails.draft_parting(self.member, "not-now")
        except DecryptionError:
            return ""

    def clean_email(self):
        """A discreet email stays discreet, whatever is changed in it."""
        email = self.cleaned_data["email"]
        if self.member.is_discreet and (found := coalition_words_in(email)):
            words = ", ".join(found)
            raise forms.ValidationError(
                _("This person asked for discreet emails. Take out: %(words)s."), params={"words": words}
            )
        return email

    def parting_email(self):
        return self.cleaned_data.get("email", "")


class EndMembershipForm(PartingForm):
    """Never a silent ban: the email names a dated next step and a way to answer."""

    next_step = forms.CharField(label=_("What is the next step?"), max_length=200)
    next_step_on = forms.DateField(label=_("On what date?"), widget=forms.DateInput(attrs={"type": "date"}))
    answer_to = forms.CharField(
        label=_("How can they answer?"), help_text=_("Who to write to or call."), max_length=200
    )

    def clean_next_step_on(self):
        """A day that can be kept: today where it is not over, and later on nothing is left here to find them by."""
        day, kept_from = self.cleaned_data["next_step_on"], timezone.now().date()
        if not westernmost_today() <= day < kept_from + timedelta(days=settings.MEMBERSHIP_ENDED_DAYS):
            said = _("Choose a day within the next %(days)s days. After that, their information is deleted.")
            raise forms.ValidationError(said, params={"days": settings.MEMBERSHIP_ENDED_DAYS})
        return day

    def promises(self):
        """What the email promises, to be reminded of; nothing where no email goes."""
        return {"next_step_on": self.cleaned_data["next_step_on"]} if self.member.gets_emails else {}

    def parting_email(self):
        if not self.member.gets_emails:
            return ""
        said = {name: self.cleaned_data[name] for name in ("next_step", "next_step_on", "answer_to")}
        return emails.draft_parting(self.member, "membership-ended", **said)

    def clean(self):
        said = " ".join(str(self.cleaned_data.get(name, "")) for name in ("next_step", "answer_to"))
        if self.member.is_discreet and (found := coalition_words_in(said)):
            raise forms.ValidationError(
                _("This person asked for discreet emails. Take out: %(words)s."),
                params={"words": ", ".join(found)},
            )
        return self.cleaned_data
