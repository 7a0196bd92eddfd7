"""The forms of RSVPs, of a guest's status code, and of a personal calendar."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from chapters.models import Meeting
from chapters.public_form import PublicForm
from members.models import Member, OwnCalendar, Rsvp
from members.rsvps.querysets import RsvpQuerySet
from members.rsvps.services import GuestAnswers
from s4jr.accounts.models import User
from s4jr.conversations.choices import Contact
from s4jr.crypto.blind_index import keyed_hash
from s4jr.form_fields.long_text import LongTextField
from s4jr.form_fields.status_code_form import StatusCodeForm
from s4jr.security.submission_token import FormKind

GUEST_FORM = FormKind("meeting guest", cookie="meeting")
NEEDS_AT_MOST = 500


class Act(models.TextChoices):
    """The button that was selected."""

    LOOK = "look"
    COME = "come"
    CANCEL = "cancel"


class NeedsField(LongTextField):
    def __init__(self) -> None:
        super().__init__(
            rows=3,
            max_length=NEEDS_AT_MOST,
            required=False,
            label=_("What would help you take part?"),
            help_text=_("Only the host reads this, without your name. We delete it the day after the meeting."),
        )


class ReminderField(forms.BooleanField):
    def __init__(self) -> None:
        super().__init__(required=False, label=_("Email me a reminder the day before"))


class ActionForm(forms.Form):
    """A form with a button and no fields."""

    @property
    def act(self) -> Act:
        action = self.data.get("do")
        return Act(action) if action in Act.values else Act.LOOK


class MemberForm(ActionForm):
    """The RSVP form of a member. No reminder is offered to a member who gets no emails."""

    use_required_attribute = False

    needs = NeedsField()
    wants_reminder = ReminderField()

    def __init__(self, *args: Any, member: Member, row: Rsvp | None, shows_words: bool, **kwargs: Any) -> None:
        needs = row.needs if row and shows_words else ""
        initial = {"needs": needs, "wants_reminder": bool(row and row.wants_reminder)}
        super().__init__(*args, initial=initial, **kwargs)
        self._shows_words = shows_words
        if not member.gets_emails:
            del self.fields["wants_reminder"]

    def said(self) -> dict[str, Any]:
        """The arguments of `make_rsvp`. Needs that were not shown stay as they are if the field is empty."""
        needs = self.cleaned_data["needs"]
        wants_reminder = self.cleaned_data.get("wants_reminder", False)
        return {"needs": needs if needs or self._shows_words else None, "wants_reminder": wants_reminder}


class RepresentativeForm(ActionForm):
    """The RSVP form of a representative."""

    use_required_attribute = False

    needs = NeedsField()
    wants_reminder = ReminderField()

    def __init__(self, *args: Any, user: User, row: Rsvp | None, **kwargs: Any) -> None:
        initial = {"needs": row.needs, "wants_reminder": row.wants_reminder} if row else {}
        super().__init__(*args, initial=initial, **kwargs)
        if not user.address:
            del self.fields["wants_reminder"]


class GuestForm(PublicForm):
    """The RSVP form of a guest. The response does not depend on the address."""

    kind = GUEST_FORM
    counted_as = "guests of meetings"
    asked = ("name", "contact", "email", "needs", "wants_reminder")

    needs = NeedsField()
    wants_reminder = ReminderField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        contact = self.fields["contact"]
        contact.label = _("Is it safe to email you the meeting link?")
        contact.help_text = _("Whatever you choose, the next page shows a code. You can join with that, too.")

    def mark(self, meeting: Meeting) -> str:
        """The stored token of this form for this meeting. The same form sent for another meeting is another RSVP."""
        return keyed_hash("rsvp of a guest", f"{meeting.pk.hex} {self.token.value}")

    def said(self, meeting: Meeting, language: str, flag_reason: str) -> GuestAnswers:
        """The GuestAnswers of a valid form. No reminder without emails."""
        names = ("name", "contact", "email", "needs")
        answers = {name: self.cleaned_data[name] for name in names}
        reminder = self.cleaned_data["wants_reminder"] and answers["contact"] != Contact.NONE
        mark = self.mark(meeting)
        return GuestAnswers(
            **answers, wants_reminder=reminder, form_token=mark, language=language, flag_reason=flag_reason
        )


class GuestCodeForm(ActionForm, StatusCodeForm):
    """The status code of a guest."""

    whose: RsvpQuerySet

    def with_code(self, code: str) -> RsvpQuerySet:
        return Rsvp.objects.with_code(code)


class OwnCalendarForm(forms.Form):
    use_required_attribute = False

    shows = forms.ChoiceField(
        label=_("What should it show?"),
        choices=OwnCalendar.Shows.choices,
        initial=OwnCalendar.Shows.GOING,
        widget=forms.RadioSelect,
    )

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        return helper
