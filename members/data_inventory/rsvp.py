"""The data inventory of RSVPs and personal calendars."""

from datetime import datetime, timedelta
from functools import partial, reduce
from operator import or_

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chapters.meetings.timezones import zones_by_day
from s4jr.erasure.rules import (
    DataField,
    DataInventory,
    ErasureRule,
    Reader,
    RetentionRule,
    Subject,
    TimeLimit,
    by_moment,
    same,
    together,
)

_hidden = partial(DataField, is_personal=True)
_yours = partial(DataField, is_personal=True, readers=(Reader.YOU,))


def _not_confirmed(now: datetime, days: int) -> Q:
    """Counts whole days since `asked_on`, in the meeting's time zone."""
    due = (
        Q(meeting__zone__in=zones, asked_on__lt=today - timedelta(days=days))
        for today, zones in zones_by_day(now).items()
    )
    return reduce(or_, due) & Q(state="asked")


RSVP = DataInventory(
    subject=Subject.MEMBERS,
    title=_("Your meeting RSVPs"),
    purpose=_("So that there’s a spot for you, and you get the meeting link."),
    goes=(
        RetentionRule(
            "MEETING_GUEST_DAYS",
            _("Deleted %(days)s after the meeting, for guests."),
            by_moment("meeting__ends_at", member=None, user=None),
        ),
        RetentionRule(
            "MEETING_DAYS",
            _("Deleted %(days)s after the meeting, for members and representatives."),
            by_moment("meeting__ends_at", form_token=None),
        ),
        RetentionRule(
            "CONFIRM_WITHIN_DAYS",
            _("Deleted if no one confirms the RSVP within %(days)s."),
            _not_confirmed,
        ),
        _("Deleted right away when you delete your information, or when a guest cancels."),
    ),
    erasure_rules=(
        ErasureRule(of=("members.member",), what=_("Your meeting RSVPs"), rows=same("member")),
        ErasureRule(
            of=("members.member",),
            what=_("RSVPs you made as a guest with the same email address"),
            rows=same("email_index", "email_index"),
            by_address=True,
            otherwise=TimeLimit("MEETING_GUEST_DAYS", _("%(days)s after each meeting")),
        ),
    ),
    fields={
        **together(
            "id meeting member user state place_in_line wants_reminder asked_on",
            _yours(
                _("Which meeting, and whether you’re going or on the waitlist"),
                _("So that no one gets ahead of you on the waitlist."),
            ),
        ),
        **together(
            "needs emptied_on",
            DataField(
                _("What would help you take part"),
                _("So that the host can prepare."),
                goes=_("Deleted the day after the meeting, and when you cancel."),
                readers=(Reader.YOU, Reader.HOST),
                is_personal=True,
            ),
        ),
        "name": DataField(
            _("For guests, the name they give"),
            _("So that a host can decide who sees the street address or phone number. Other hosts don’t see it."),
            readers=(Reader.ACCEPTING,),
            is_personal=True,
        ),
        **together(
            "contact email language",
            _hidden(
                _("For guests, how we may write to them; for representatives, their language"),
                _("So that we can send you the meeting link."),
            ),
        ),
        "accepted_at": _hidden(
            _("For guests, when a host let them see the street address or phone number"),
            _("So that only people a host knows get it."),
        ),
        "email_index": _hidden(_("A fingerprint of a guest’s address"), _("So that each person has one spot.")),
        **together(
            "code_hash form_token",
            _hidden(
                _("For guests, a fingerprint of the code, and the ID of the form"),
                _("So that the site recognizes your code, and counts a form sent twice as one RSVP."),
            ),
        ),
        **together(
            "notified_sequence notified_fingerprint notified_starts_at reminded_at link_sent_at notes_told_at",
            _hidden(_("What we’ve already told you"), _("So that you get each email once.")),
        ),
    },
)

OWN_CALENDAR = DataInventory(
    subject=Subject.MEMBERS,
    title=_("Your calendar address"),
    purpose=_("So that your own calendar can show your meetings. We keep this only if you make a calendar address."),
    goes=(_("Deleted right away when you turn it off or delete your information."),),
    erasure_rules=(ErasureRule(of=("members.member",), what=_("Your calendar address"), rows=same("member")),),
    fields={
        **together(
            "id member shows made_on",
            _yours(_("Whose it is, and what it shows"), _("So that it shows what you chose.")),
        ),
        "secret_hash": _hidden(
            _("A fingerprint of the calendar address"),
            _("So that the site recognizes the address. We don’t keep the address itself."),
        ),
    },
)
