"""What is kept of who comes to meetings."""

from datetime import timedelta
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


def _not_confirmed(now, days):
    """In whole days after the day on which they asked, counted where the meeting is, as `asked_on` is."""
    due = (
        Q(meeting__zone__in=zones, asked_on__lt=today - timedelta(days=days))
        for today, zones in zones_by_day(now).items()
    )
    return reduce(or_, due) & Q(state="asked")


RSVP = DataInventory(
    subject=Subject.MEMBERS,
    title=_("Evenings you come to"),
    purpose=_("So that there is a place for you, and you find the way in."),
    goes=(
        RetentionRule(
            "MEETING_GUEST_DAYS",
            _("Of guests: %(days)s after the evening."),
            by_moment("meeting__ends_at", member=None, user=None),
        ),
        RetentionRule(
            "MEETING_DAYS",
            _("Of members and representatives: %(days)s after the evening."),
            by_moment("meeting__ends_at", form_token=None),
        ),
        RetentionRule(
            "CONFIRM_WITHIN_DAYS",
            _("If nobody confirms within %(days)s that they come."),
            _not_confirmed,
        ),
        _("At once when you withdraw, and for guests when they cancel."),
    ),
    erasure_rules=(
        ErasureRule(of=("members.member",), what=_("Evenings you come to"), rows=same("member")),
        ErasureRule(
            of=("members.member",),
            what=_("Evenings you come to as a guest with the same address"),
            rows=same("email_index", "email_index"),
            by_address=True,
            otherwise=TimeLimit("MEETING_GUEST_DAYS", _("%(days)s after each evening")),
        ),
    ),
    fields={
        **together(
            "id meeting member user state place_in_line wants_reminder asked_on",
            _yours(_("Which evening, and whether you come or wait for a place"), _("So that nobody overtakes you.")),
        ),
        **together(
            "needs emptied_on",
            DataField(
                _("What would help you take part"),
                _("So that the host can prepare. They see it without a name."),
                goes=_("Emptied the day after the evening, and when you cancel."),
                readers=(Reader.YOU, Reader.REPRESENTATIVE),
                is_personal=True,
            ),
        ),
        **together(
            "name contact email language",
            _hidden(
                _("Of a guest: a name, and how we may write; of a representative: the language"),
                _("So that we can send you the way in."),
            ),
        ),
        "email_index": _hidden(_("A fingerprint of a guest's address"), _("So that one person has one place.")),
        **together(
            "code_hash form_token",
            _hidden(
                _("Of a guest: a fingerprint of the code, and the mark of the form"),
                _("Knows your code again, and makes one place of a form that is sent twice."),
            ),
        ),
        **together(
            "notified_sequence notified_fingerprint reminded_at link_sent_at",
            _hidden(_("What you were told already"), _("So that each letter comes once.")),
        ),
    },
)

OWN_CALENDAR = DataInventory(
    subject=Subject.MEMBERS,
    title=_("A calendar of your own"),
    purpose=_("Only if you make one: an address at which your calendar reads your evenings."),
    goes=(_("At once when you revoke it or withdraw."),),
    erasure_rules=(ErasureRule(of=("members.member",), what=_("A calendar of your own"), rows=same("member")),),
    fields={
        **together("id member shows made_on", _yours(_("Whose it is, and what it shows"), _("So that it shows that."))),
        "secret_hash": _hidden(
            _("A fingerprint of its address"), _("Knows the address again. The address itself is not kept.")
        ),
    },
)
