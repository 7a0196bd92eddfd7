"""What the page after a decision says: whom it is about, what leaves, and how to undo it.

The session keeps the member's primary key and never a name. The name is read from the record that this admin opened,
and left out once that record is no longer open.
"""

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext

from members.models import Member
from members.review.services import UNDO_CLOSING
from s4jr.audit import record_access
from s4jr.crypto.fields import readable

KEY = "review_outcome"
Status = Member.Status


@dataclass(frozen=True)
class Outcome:
    """`said` in full sentences; `undo` is where the button "Undo" posts to, `end_membership` where its link leads."""

    said: str
    undo: str = ""
    end_membership: str = ""


def remember_outcome(session: SessionBase, member: Member, *, is_undone: bool = False) -> None:
    session[KEY] = [member.pk, is_undone]


def take_outcome(request: HttpRequest) -> Outcome | None:
    """The outcome of the last decision in terms of the status that the member has now.

    It is taken once; that of an approval which can still be undone stays for the pages of the next minute.
    """
    pk, is_undone = request.session.get(KEY, (0, False))
    member = Member.objects.filter(pk=pk).first() if pk else None
    if KEY in request.session and (member is None or member.status != Status.APPROVING):
        del request.session[KEY]
    return outcome_of(member, whom(request, member), is_undone=is_undone) if member else None


def tell_nothing_changed(request: HttpRequest, member: Member, *, is_undo: bool = False) -> None:
    """The warning for an admin who came too late. It names a number only: messages are kept in the session."""
    now = Member.objects.select_related("decided_by").only("number", "status", "decided_by__username").get(pk=member.pk)
    if not is_undo:
        said = gettext("Nothing changed: No. %(number)s already has the status “%(status)s”.")
    elif now.status == Status.APPROVED:
        said = gettext(
            "It’s too late to undo: No. %(number)s is approved, and the welcome email may have gone out. You can end "
            "the membership instead."
        )
    else:
        said = gettext("It’s too late to undo: No. %(number)s has the status “%(status)s”.")
    said %= {"number": now.number, "status": now.get_status_display()}
    if now.decided_by:
        said += " " + gettext("%(who)s decided it.") % {"who": now.decided_by}
    if is_undo and now.status == Status.APPROVED:
        link = '{} <a class="button button--danger" href="{}">{}</a>'
        said = format_html(link, said, _end_membership_address(now), gettext("End membership"))
    messages.warning(request, said)


def whom(request: HttpRequest, member: Member) -> str:
    """The name with the number while this admin has the record open, else the number."""
    name = readable(member, "name") if record_access.is_open(request, member, ["name"]) else ""
    if not name:
        return str(member)
    return gettext("%(name)s (No. %(number)s)") % {"name": name, "number": member.number}


def outcome_of(member: Member, whom: str, *, is_undone: bool = False) -> Outcome:
    if is_undone:
        return Outcome(_say_undone(member, whom))
    if member.status == Status.APPROVED:
        return Outcome(_say(member, whom), end_membership=_end_membership_address(member))
    return Outcome(_say(member, whom), undo=undo_address(member))


def _end_membership_address(member: Member) -> str:
    """Where the end of a membership begins. It asks why, if the record is not open."""
    return reverse("admin:members_member_end_membership", args=[member.pk])


def undo_address(member: Member) -> str:
    """Where a POST undoes the decision about this member; "" if nothing can be undone. Needs no reason."""
    word = _undo_word(member)
    return reverse("admin:members_member_action", args=[member.pk, word]) if word else ""


def _undo_word(member: Member) -> str:
    if member.status in Member.IN_GRACE_PERIOD:
        return "undo"
    is_closed_lately = (
        member.status == Status.CLOSED and member.decided_at and (member.decided_at > timezone.now() - UNDO_CLOSING)
    )
    return "reopen" if is_closed_lately else ""


def _say_undone(member: Member, whom: str) -> str:
    if member.status == Status.APPROVED:
        return gettext("Undone: %(whom)s is still a member. No email goes out.") % {"whom": whom}
    return gettext("Undone: %(whom)s is waiting for review again. No email goes out.") % {"whom": whom}


def _say(member: Member, whom: str) -> str:
    said = {
        Status.APPROVING: _say_when_approved() + " " + _say_what_leaves(member),
        Status.APPROVED: gettext("%(whom)s is approved.") + " " + _say_what_leaves(member),
        Status.DECLINING: gettext("%(whom)s gets “Not now” in one hour.") + " " + _say_what_leaves(member),
        Status.ENDING_MEMBERSHIP: gettext("The membership of %(whom)s ends in one hour.")
        + " "
        + _say_what_leaves(member),
        Status.CLOSED: gettext(
            "%(whom)s is closed, and what they wrote is deleted. No email goes out. You can undo this for one day, but "
            "what they wrote stays deleted."
        ),
        Status.ON_HOLD: gettext("%(whom)s is set to “Decide later”. No email goes out."),
        Status.MEMBERSHIP_ENDED: gettext("The next step for %(whom)s is marked as done. No email goes out."),
    }
    return said.get(Status(member.status), gettext("%(whom)s is saved.")) % {"whom": whom}


def _say_when_approved() -> str:
    """With `%(whom)s` still in it."""
    minutes, seconds = divmod(settings.APPROVAL_UNDO_SECONDS, 60)
    if seconds:
        count = settings.APPROVAL_UNDO_SECONDS
        said = ngettext(
            "%(whom)s will be approved in %(count)s second.", "%(whom)s will be approved in %(count)s seconds.", count
        )
        return said.replace("%(count)s", str(count))
    said = ngettext(
        "%(whom)s will be approved in a minute.", "%(whom)s will be approved in %(count)s minutes.", minutes
    )
    return said.replace("%(count)s", str(minutes))


def _say_what_leaves(member: Member) -> str:
    if not member.gets_emails:
        return gettext("No email goes out: we have no address to write to.")
    if member.status == Status.APPROVED:
        return gettext("The welcome email goes out now.")
    if member.status == Status.APPROVING:
        return gettext("The welcome email goes out then.")
    return gettext("The email goes out then.")
