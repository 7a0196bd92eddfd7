"""A representative steps down: what they leave unfinished, their note for the next one, and the notice to admins."""

from dataclasses import dataclass
from operator import attrgetter

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from chapters.meetings.querysets import MeetingQuerySet
from chapters.models import Meeting, Representative, RepresentativeMessage, StepDown
from chapters.representatives.appointments import end_term
from s4jr.accounts.models import User
from s4jr.accounts.permissions import staff_with_perm
from s4jr.audit.models import AccessLog
from s4jr.audit.services import log_access
from s4jr.content.live_texts import text_block
from s4jr.crypto.fields import readable, readable_rows
from s4jr.mail.emails import Email, write_from
from s4jr.mail.services import queue_emails

#: Emails to admins are in English, as the admin is.
LANGUAGE = "en"
KIND = "admin-stepped-down"


@dataclass(frozen=True)
class LeftBehind:
    """What a representative leaves unfinished: upcoming meetings and unanswered messages."""

    meetings: int
    messages: int
    has_others: bool


def left_behind(term: Representative) -> LeftBehind:
    """What this term would leave. `has_others`: whether someone else represents the same place or chapter."""
    waiting = RepresentativeMessage.objects.filter(representative=term, state=RepresentativeMessage.State.OPEN)
    others = Representative.objects.serving().of(term.region, term.chapter).exclude(user=term.user_id)
    return LeftBehind(
        meetings=_meetings_of(term).count(),
        messages=waiting.filter(taken_over_on=None).count(),
        has_others=others.exists(),
    )


def _meetings_of(term: Representative) -> MeetingQuerySet:
    to_come = Meeting.objects.upcoming().taking_place()
    return to_come.filter(Q(region=term.region) if term.region else Q(chapter=term.chapter_id))


@transaction.atomic
def step_down(term: Representative, note: str = "") -> bool:
    """Ends the user's own term now, keeps their note, and emails the admins who appoint.

    Returns False if it was over already.
    """
    left = left_behind(term)
    if not end_term(term, by=term.user):
        return False
    StepDown.objects.create(term=term, note=note, has_note=bool(note), on=timezone.now().date())
    queue_emails(_write_email(user, term, left) for user in _who_appoints() if user != term.user)
    return True


@transaction.atomic
def settle_step_down(term: Representative, *, by: User) -> bool:
    """Records that the coalition thanked them. Returns False if another admin was first."""
    won = StepDown.objects.to_settle().filter(term=term).update(settled_on=timezone.now().date())
    if won:
        log_access(who=by, action=AccessLog.Action.DECIDED, records=[term], field_names=["settled_on"])
    return bool(won)


@transaction.atomic
def unsettle_step_down(term: Representative, *, by: User) -> bool:
    """Puts it back on the to-do list. Returns False if it is there already."""
    won = StepDown.objects.filter(term=term).exclude(settled_on=None).update(settled_on=None)
    if won:
        log_access(who=by, action=AccessLog.Action.UNDONE, records=[term], field_names=["settled_on"])
    return bool(won)


def notes_for(term: Representative, *, by: User) -> list[StepDown]:
    """The notes of those who represented this place or chapter before. Writes to the access log that they were read."""
    found = readable_rows(StepDown.objects.with_note_for(term), attrgetter("note"))
    log_access(who=by, action=AccessLog.Action.OPENED, records=found, field_names=["note"])
    return found


def _who_appoints() -> list[User]:
    return [user for user in staff_with_perm("chapters.change_representative") if readable(user, "address")]


def _write_email(user: User, term: Representative, left: LeftBehind) -> Email:
    """The email names neither the person nor the place; the linked list does."""
    link = settings.SITE_URL + reverse("admin:chapters_representative_changelist") + "?term=stepped_down"
    text = text_block(f"emails/{KIND}", LANGUAGE)
    subject, body = write_from(text, link=link, meetings=left.meetings, messages=left.messages)
    return Email(
        to=user.address,
        subject=subject,
        body=body,
        kind=KIND,
        dedupe_key=f"{KIND}:{term.pk}:{user.pk}",
        about=term.about,
        language=LANGUAGE,
    )
