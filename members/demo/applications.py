"""Applications in every status, each created through the services of the site."""

import secrets
from datetime import timedelta
from typing import Any

from django.utils import timezone

from chapters.models import Chapter
from members.applications.application import Application
from members.applications.confirmation import OTHER, confirm
from members.applications.services import ask_to_join
from members.demo import people
from members.demo.people import Person
from members.link_times import confirm_link_lasts
from members.links import make_links
from members.models import Member, MemberLink
from members.notes.services import add_note
from members.place_alerts.services import set_place_alert
from members.review.services import (
    approve,
    close,
    close_as_duplicate,
    decline,
    end_grace_periods,
    end_membership,
    keep_waiting,
    lapse,
    settle_approvals,
)
from members.self_service.membership import leave, pause
from members.self_service.services import share
from members.self_service.sharing import audiences_of
from s4jr.accounts.models import User
from s4jr.crypto.blind_index import blind_index
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.services import erase_emails

NOT_NOW_EMAIL = "Hello,\n\nthank you for asking. This fictional email says kindly that it is not now.\n"
ENDED_EMAIL = "Hello,\n\nthis fictional email says that your membership has ended, and what comes next.\n"


def add_applications(by: User, second: User) -> None:
    """Adds undecided and decided applications. `second` agrees where a decision needs two admins."""
    for person in people.UNCONFIRMED:
        _apply(person)
    for person in people.WAITING:
        _confirmed(person)
    for person in people.DECIDE_LATER:
        keep_waiting(_confirmed(person).row, by=by)
    for person, why in people.FLAGGED:
        _apply(person, flag_reason=why)
    _confirm(_apply(people.DUPLICATE_ADDRESS), keep=OTHER)
    _close_some(by)
    approve(_confirmed(people.APPROVING).row, by=by)
    _decline(people.NOT_NOW_IN_ITS_HOUR, by, second)
    _end_the_hour(_decline(people.NOT_NOW, by, second))
    lapse(_confirmed(people.LAPSED).row, timezone.now().date())


def add_members(by: User, chapters: dict[str, Chapter]) -> None:
    """Adds members: in the chapter of their place if there is one, paused, leaving and gone."""
    for person in people.APPROVED:
        _approved(person, by, chapters)
    add_note(approved_members()[0].row, "Prefers a call after six. (Fictional.)", by=by)
    # They hear when something starts at their place.
    set_place_alert(Member.objects.filter(status=Member.Status.APPROVED, region__in=["US-NY", "US-OH"]), True)
    pause(_approved(people.PAUSED, by, chapters).row)
    leave(_approved(people.LEFT, by, chapters).row)
    _end_membership(people.ENDING_IN_ITS_HOUR, by)
    _end_the_hour(_end_membership(people.MEMBERSHIP_ENDED, by))


def approved_members() -> list[Member]:
    """The approved members, in the order of `people`."""
    return list(Member.objects.filter(status=Member.Status.APPROVED, paused_at=None).order_by("pk"))


# --- applying


def _apply(person: Person, flag_reason: str = "", chapter: Chapter | None = None) -> Member:
    """Submits the join form of this person, dated back by their `days`."""
    token = secrets.token_hex(16)
    answers = {"message": people.MESSAGE, **person.answers}
    form = Application(
        name=person.name,
        contact=person.contact,
        email=person.email,
        country=person.country,
        region=person.region,
        language=person.language,
        chapter=chapter,
        newsletter=bool(chapter and person.email),
        form_token=token,
        flag_reason=flag_reason,
        **answers,
    )
    ask_to_join(form)
    sent_at = timezone.now() - timedelta(days=person.days)
    Member.objects.filter(form_token=token).update(received_on=sent_at.date(), agreed_at=sent_at)
    return Member.objects.get(form_token=token)


def _confirmed(person: Person, **more: Any) -> Member:
    return _confirm(_apply(person, **more))


def _confirm(member: Member, keep: str = "") -> Member:
    """Uses the link in the email, then deletes the email."""
    if member.email:
        make_links([member], MemberLink.Purpose.CONFIRM, confirm_link_lasts())
        confirm(member.links.latest("pk"), keep)
        erase_emails(OutgoingEmail.objects.filter(about=member.about))
    member.refresh_from_db()
    return member


# --- deciding


def _approved(person: Person, by: User, chapters: dict[str, Chapter]) -> Member:
    """Approves a person two days after they applied. Every second one shares something with representatives."""
    member = _confirmed(person, chapter=chapters.get(person.place))
    _approve(member, by)
    member.row.update(decided_at=timezone.now() - timedelta(days=max(person.days - 2, 0)))
    if person in people.APPROVED[::2]:
        share(member, audiences_of(member)[0], ["name", "ways_to_help"])
    return member


def _approve(member: Member, by: User) -> None:
    """Approves without the time to undo it."""
    approve(member.row, by=by)
    member.row.filter(effective_at__isnull=False).update(effective_at=timezone.now())
    settle_approvals(member.row)


def _close_some(by: User) -> None:
    """Closes one as spam and one as a duplicate."""
    close(_confirmed(people.CLOSED).row, by=by, reason="An advertisement. (Fictional.)")
    first = next(person for person in people.WAITING if person.name == people.CLOSED_AS_SAME.name)
    earlier = Member.objects.waiting().get(email_index=blind_index(first.email))
    same = _confirmed(people.CLOSED_AS_SAME)
    close_as_duplicate(same.row, earlier, by=by, reason="The same person. (Fictional.)")


def _decline(person: Person, by: User, second: User) -> Member:
    """Both admins decline. If one is enough, the second call changes nothing."""
    member = _confirmed(person)
    for admin in (second, by):
        said = {"reason_kind": Member.DeclineReason.OTHER, "reason": "A fictional reason."}
        decline(member.row, by=admin, parting_email=NOT_NOW_EMAIL, **said)
    return member


def _end_membership(person: Person, by: User) -> Member:
    member = _approved(person, by, {})
    next_step_on = timezone.now().date() + timedelta(days=3)
    said = {"reason": "A fictional reason.", "parting_email": ENDED_EMAIL, "next_step_on": next_step_on}
    end_membership(member.row, by=by, **said)
    return member


def _end_the_hour(member: Member) -> None:
    member.row.update(effective_at=timezone.now())
    end_grace_periods(member.row)
