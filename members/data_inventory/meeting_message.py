"""The data inventory of hosts' messages to everyone who is going to a meeting."""

from django.utils.translation import gettext_lazy as _

from s4jr.erasure.rules import DataField, DataInventory, Reader, RetentionRule, Subject, by_moment, together

MEETING_MESSAGE = DataInventory(
    subject=Subject.NOBODY,
    title=_("Messages from hosts to everyone who is going"),
    purpose=_("So that people who are going know what to bring, and what changed."),
    goes=(
        RetentionRule(
            "MEETING_GUEST_DAYS",
            _("Deleted %(days)s after the meeting."),
            by_moment("meeting__ends_at"),
        ),
    ),
    fields={
        **together(
            "id meeting text sent_at",
            DataField(
                _("What a host wrote, encrypted, and when it was sent"),
                _("So that everyone who is going can read it on their own page."),
                readers=(Reader.GOING,),
            ),
        ),
        "form_token": DataField(_("The ID of the form"), _("So that a message sent twice counts once.")),
    },
)
