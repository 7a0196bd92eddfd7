"""Applying, correcting the address, continuing without one. Whether or not an address is known, every request gets the
same answer and runs the same statements.

docs/decisions/0015-each-link-its-own-application.md says what each status means and how an address is proved.
"""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from members.applications import confirmation_emails
from members.applications.application import Application
from members.models import Member, MemberLink
from members.querysets import MemberQuerySet
from members.retention import erase_members
from s4jr.conflicts import ChangedMeanwhileError, retry_on_conflict
from s4jr.crypto.blind_index import blind_index
from s4jr.erasure.record_numbers import free_number
from s4jr.mail.mailbox import limit_index
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.services import cancel_emails, erase_emails

Status = Member.Status
#: How long the site recognizes a browser that stays open as the sender of an earlier form: while it can be confirmed.
SAME_BROWSER_SECONDS = settings.CONFIRM_WITHIN_DAYS * 24 * 60 * 60

#: An application that is amended at the same address keeps these.
KEPT_IN_PLACE = ("status", "effective_at", "confirm_until", "list_due_at")


# --- the join form


def ask_to_join(application: Application) -> None:
    """Save an application and queue its confirmation email. Idempotent: a form sent twice makes one application.

    The same form with other answers replaces the earlier ones while they can be amended. A known address gets the same
    email as an unknown one. Returns nothing: the outcome must not show.
    """
    retry_on_conflict(lambda: _submit_form(application))


def _submit_form(application: Application) -> None:
    forms = _find_earlier_forms(application)
    earlier = _find_amended(application, forms)
    if earlier is None:
        _assign_address(_add_member(application, forms))
    elif application.same_as(earlier):
        _rename_form(earlier, application)
    elif earlier.can_be_corrected:
        _amend_earlier(earlier, application)


def _find_earlier_forms(application: Application) -> dict[str, Member]:
    """The earlier applications of this browser, by form token."""
    tokens = {application.form_token, application.previous_token, application.earlier_token} - {""}
    return {member.form_token: member for member in Member.objects.filter(form_token__in=tokens)}


def _find_amended(application: Application, forms: dict[str, Member]) -> Member | None:
    if application.form_token in forms:
        return forms[application.form_token]
    # Another person may use the same device next, so only the same name amends an earlier application. If that can no
    # longer be amended, this is a new application: its code must lead somewhere.
    earlier = forms.get(application.previous_token)
    return earlier if earlier and earlier.can_be_corrected and application.same_name_as(earlier) else None


def _add_member(application: Application, forms: dict[str, Member]) -> Member:
    earlier = forms.get(application.previous_token) or forms.get(application.earlier_token)
    mark = (earlier.browser_mark or earlier.form_token) if earlier else application.form_token
    row = application.new_row(free_number(Member), **_stamp_fields(application), browser_mark=mark)
    return Member.objects.create(**row)


def _amend_earlier(earlier: Member, application: Application) -> None:
    """Replaces the answers of `earlier` if it has not changed since. The same address gets no second email."""
    moves = earlier.email_index != application.email_index
    stamps = {**_stamp_fields(application), "flag_reason": earlier.flag_reason or application.flag_reason}
    same_place = {name: getattr(earlier, name) for name in KEPT_IN_PLACE}
    changes = {**stamps, **({} if moves else same_place), "times_corrected": earlier.times_corrected + 1}
    if not _select_unchanged(earlier).update(**application.answers(), **changes):
        raise ChangedMeanwhileError
    if moves:
        _leave_address(earlier)
        _assign_address(earlier.row.get())


def _rename_form(earlier: Member, application: Application) -> None:
    """Gives the same answers the token and code of the newer form, whose code the page showed."""
    if not _select_unchanged(earlier).update(**application.token_columns()):
        raise ChangedMeanwhileError


def _select_unchanged(member: Member) -> MemberQuerySet:
    """The row of this member, if it has not changed since it was read."""
    return member.as_read.filter(status=member.status, form_token=member.form_token)


def _stamp_fields(application: Application) -> dict[str, Any]:
    return {
        **application.token_columns(),
        "agreement_version": application.agreement_version,
        "agreed_at": timezone.now(),
        "flag_reason": application.flag_reason,
        "status": Status.UNCONFIRMED if application.email else _choose_status(application.flag_reason),
        "effective_at": None,
        "confirm_until": None,
        "list_due_at": None,
    }


def _choose_status(flag_reason: str) -> Status:
    """The first status of an application without an address."""
    return Status.ON_HOLD if flag_reason else Status.WAITING


# --- the address


def _assign_address(member: Member) -> None:
    """Queues the confirmation email of an application, unless it is flagged.

    Nothing here looks up who has the address, so nothing can reveal it.
    """
    if member.email and not member.flag_reason:
        member.row.update(**confirmation_emails.write_for(member))


def _leave_address(member: Member, browser_token: str = "") -> None:
    """Ends what an address that was corrected or given up still has: the links of this application, its waiting emails,
    and unconfirmed applications of the same browser. `member` is the application as it was before."""
    cancel_emails(OutgoingEmail.objects.about([member]))
    if not member.email_index:
        return
    MemberLink.objects.of([member]).filter(to_index=member.email_index).delete()
    others = Member.objects.unproved().filter(email_index=member.email_index).exclude(pk=member.pk)
    erase_members(others.filter(_by_the_same_browser(member, browser_token)))
    confirmation_emails.recall_list(confirmation_emails.limit_of(member))


def _by_the_same_browser(member: Member, browser_token: str) -> Q:
    """Applications from the same browser as this one, and the one from the browser that corrects it now."""
    same = Q(browser_mark=member.browser_mark) if member.browser_mark else Q(pk=None)
    return same | (Q(form_token=browser_token) if browser_token else Q(pk=None))


def send_again(members: MemberQuerySet) -> int:
    """Put these unproved applications on the next list of their address.

    Returns how many there are, whether or not an email follows: the outcome must not show.
    """
    with transaction.atomic():
        read = ("email_index", "limit_index", "list_due_at", "agreed_at")
        asked = list(members.unproved().only(*read).select_for_update())
        for member in asked:
            member.row.update(**confirmation_emails.joins_next_list(member))
    return len(asked)


def correct_address(members: MemberQuerySet, email: str, browser_token: str = "") -> int:
    """Change the address of these unproved applications and queue an email there. Returns how many could be amended.

    `browser_token` is the form that the same browser sent last: its application is deleted too if it is unconfirmed at
    the old address. The outcome does not show who has the address, nor whether an email went. The same address again
    asks for the email again.
    """
    with transaction.atomic():
        amendable = members.unproved().filter(times_corrected__lt=Member.CORRECTIONS_AT_MOST)
        corrected = list(amendable.select_for_update())
        for member in corrected:
            _give_address(member, email, browser_token)
    return len(corrected)


def _give_address(member: Member, email: str, browser_token: str) -> None:
    index = blind_index(email)
    if index == member.email_index:
        send_again(member.row)
        return
    member.row.update(
        email=email,
        email_index=index,
        limit_index=limit_index(email),
        status=Status.UNCONFIRMED,
        confirm_until=None,
        list_due_at=None,
        times_corrected=F("times_corrected") + 1,
    )
    _leave_address(member, browser_token)
    _assign_address(member.row.get())


def go_on_without_email(members: MemberQuerySet, browser_token: str = "") -> int:
    """Delete the address of these unproved applications and let them wait for a volunteer. Returns how many."""
    with transaction.atomic():
        unproved = list(members.unproved().select_for_update())
        for member in unproved:
            member.row.update(
                email="",
                email_index=None,
                limit_index=None,
                contact=Member.Contact.NONE,
                newsletter=False,
                status=_choose_status(member.flag_reason),
                confirm_until=None,
                list_due_at=None,
                browser_mark="",
            )
            _forget_address(member, browser_token)
    return len(unproved)


def _forget_address(member: Member, browser_token: str) -> None:
    _leave_address(member, browser_token)
    erase_emails(OutgoingEmail.objects.about([member]))
    MemberLink.objects.of([member]).delete()


def erase_by_code(members: MemberQuerySet) -> int:
    """Erase these members for someone who may never have proved an address. Returns how many."""
    with transaction.atomic():
        for member in members.unproved().select_for_update():
            erase_emails(OutgoingEmail.objects.about([member]))
            confirmation_emails.recall_list(confirmation_emails.limit_of(member))
        return erase_members(members)
