"""Services that change a representative's profile: its fields, the consent to show it, and its retention.

Terms are in `appointments.py`, the email address is in `email_address.py`.
"""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from chapters.directory.search import searched
from chapters.models import Chapter, PhotoDraft, Representative
from chapters.representatives.consent import (
    KEPT_HIDDEN,
    LASTS,
    REMINDED_AFTER,
    REMINDERS,
    WAITS_FOR_EMAILS,
    shown_on,
)
from chapters.representatives.querysets import RENEWAL_LINKS, RepresentativeQuerySet
from s4jr.accounts.models import User
from s4jr.audit.models import AccessLog
from s4jr.audit.services import log_access
from s4jr.days import westernmost_today

EMPTY_PROFILE: dict[str, Any] = {
    "display_name": "",
    "pronouns": "",
    "words": "",
    "languages": "",
    "photo": None,
    "photo_alt": "",
    "shows_region": False,
    "mandated_reporter": "",
    "ties": "",
    "searched": "",
    "answer_days": "",
    "confirmed_on": None,
    "consent_until": None,
    "emails_written": 0,
    "asked_on": None,
    "renewal_token": "",
    "renewal_hash": None,
}


# --- fields


@transaction.atomic
def save_profile(term: Representative, facts: dict[str, Any], *, photo: dict[str, Any], photo_alt: str) -> None:
    """Saves `facts`, and the changes of the photo in `photo`, which may be empty.

    Without changes, the description is saved only if there still is a photo: another window may have removed it.
    """
    this = Representative.objects.filter(pk=term.pk)
    PhotoDraft.objects.filter(term=term).delete()
    this.update(**facts, **photo, searched=searched(facts))
    if not photo:
        this.filter(photo__isnull=False).update(photo_alt=photo_alt)


def rewrite_chapter(term: Representative, changes: dict[str, str], *, by: User | None) -> None:
    """Changes the texts of the chapter that they represent, and writes the access log."""
    chapter = Chapter.objects.filter(pk=term.chapter_id)
    if changes and chapter.update(**changes):
        log_access(who=by, action=AccessLog.Action.CHANGED, records=chapter, field_names=list(changes))


def finish_step(term: Representative, step: str) -> None:
    """Marks an onboarding step as done. Retries if another request changed the steps first.

    Afterwards `term.steps_done` has the saved value.
    """
    while step not in term.steps_done.split():
        before = term.steps_done
        after = " ".join([*before.split(), step])
        if Representative.objects.filter(pk=term.pk, steps_done=before).update(steps_done=after):
            term.steps_done = after
        else:
            term.refresh_from_db(fields=["steps_done"])


# --- consent


def renew_consent(representatives: RepresentativeQuerySet, today: date | None = None) -> int:
    """Renews the consent and `confirmed_on` of those who serve and have a profile. Returns how many changed."""
    day = today or timezone.now().date()
    with_a_profile = representatives.serving(today).exclude(display_name="")
    due = with_a_profile.exclude(confirmed_on=day, emails_written=0)
    # By primary key, because an UPDATE cannot join the user table.
    return Representative.objects.filter(pk__in=due.values("pk")).update(
        confirmed_on=day, consent_until=day + LASTS, emails_written=0
    )


def hide_profiles(representatives: RepresentativeQuerySet, today: date | None = None) -> int:
    """Hides these profiles and revokes their renewal links. Their owners can show them again for 30 days."""
    # Yesterday in the westernmost place is over everywhere.
    over = {"consent_until": (today or westernmost_today()) - timedelta(days=1), "emails_written": 1 + REMINDERS}
    return representatives.filter(shown_on(today)).update(**over, renewal_token="", renewal_hash=None)


@transaction.atomic
def hide_profile(term: Representative, *, by: User | None) -> bool:
    """Hides a profile as an admin, and writes the access log. Its owner can show it again."""
    hidden = hide_profiles(Representative.objects.filter(pk=term.pk))
    if hidden:
        action = AccessLog.Action.CHANGED
        log_access(who=by, action=action, records=[term], field_names=("consent_until",))
    return bool(hidden)


def give_renewal_link(representatives: RepresentativeQuerySet) -> str:
    """Sets a new token for one representative. All emails of a round use the same token."""
    token, renewal_hash = RENEWAL_LINKS.new()
    representatives.update(renewal_token=token, renewal_hash=renewal_hash)
    return token


def empty_old_profiles(today: date | None = None) -> int:
    """Clears every profile whose consent or term ended 30 days ago. Returns how many.

    If emails were late, a hidden profile stays until a week after the last one, so that its owner can still renew it.
    For their privacy, it is cleared 60 days after the consent ended in any case.
    """
    today = today or timezone.now().date()
    before = today - KEPT_HIDDEN
    answered_nothing = _had_all_emails(today) | Q(consent_until__lt=today - WAITS_FOR_EMAILS)
    filled = Representative.objects.exclude(display_name="", pronouns="", words="", languages="", photo_alt="", ties="")
    over = Q(consent_until__lt=before) & answered_nothing | Q(ends_on__lt=before)
    return filled.filter(over).update(**EMPTY_PROFILE)


def _had_all_emails(today: date) -> Q:
    a_week_ago = Q(asked_on=None) | Q(asked_on__lte=today - REMINDED_AFTER)
    return Q(emails_written__gt=REMINDERS) & a_week_ago
