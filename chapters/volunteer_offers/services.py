"""Services for offers to represent a place or chapter, and for requests to start a chapter.

waiting -> accepted -> talked with        waiting -> not now        accepted -> chapter opened (`chapter_opening.py`)

A decision is about one offer, in the version that was read. It returns False if another admin decided first.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from chapters.models import Chapter, VolunteerOffer
from chapters.volunteer_offers import emails
from chapters.volunteer_offers.querysets import VolunteerOfferQuerySet
from s4jr.accounts.models import User
from s4jr.audit.models import AccessLog
from s4jr.audit.services import log_access
from s4jr.conflicts import ChangedMeanwhileError, retry_on_conflict
from s4jr.crypto.blind_index import keyed_hash
from s4jr.erasure.record_numbers import free_number
from s4jr.erasure.rules import remembered
from s4jr.erasure.tombstones import remember
from s4jr.mail.emails import Email
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.services import erase_emails, queue_emails
from s4jr.security.submission import Submission

Kind, State = VolunteerOffer.Kind, VolunteerOffer.State


@dataclass(frozen=True, kw_only=True)
class OfferSubmission(Submission):
    """A submitted offer. The place is given by its codes."""

    kind: str
    words: str = ""
    country: str = ""
    region: str = ""
    chapter: Chapter | None = None
    chapter_name: str = ""
    area: str = ""
    languages: str = ""
    rhythm: str = ""
    member_number: str = ""

    ANSWERS: ClassVar[tuple[str, ...]] = (
        *Submission.ANSWERS, "country", "region", "chapter", "chapter_name", "area", "languages", "rhythm", "words",
        "member_number",
    )  # fmt: skip
    FIXED: ClassVar[tuple[str, ...]] = ("kind",)


# --- submitting


def make_offer(said: OfferSubmission) -> None:
    """Saves an offer. Submitting the same form again, also concurrently, amends it until a decision.

    Returns nothing, so that the outcome cannot be disclosed.
    """
    retry_on_conflict(lambda: _keep(said))


def _keep(said: OfferSubmission) -> None:
    earlier = VolunteerOffer.objects.filter(form_token=said.form_token).first()
    if earlier is None:
        VolunteerOffer.objects.create(**said.new_row(free_number(VolunteerOffer)))
    elif not said.same_as(earlier):
        waits = VolunteerOffer.objects.filter(pk=earlier.pk, state=State.WAITING)
        waits.update(**said.answers(), version=F("version") + 1)


def make_offer_of_member(
    number: str, region: str = "", *, country: str = "", chapter: Chapter | None = None, **said: Any
) -> None:
    """Saves a member's offer, made in their own information, to represent this place or chapter.

    `said` has name, contact, email, words and language of the member. It amends an offer of theirs that still waits.
    """
    waiting = VolunteerOffer.objects.by_member(number).first()
    token = waiting.form_token if waiting else _token_of_member(number)
    place = {"region": "", "country": ""} if chapter else {"region": region, "country": country or region[:2]}
    offered: dict[str, Any] = {"kind": Kind.REPRESENT, "form_token": token, "chapter": chapter, "member_number": number}
    make_offer(OfferSubmission(**offered, **place, **said))


def _token_of_member(number: str) -> str:
    """The form token of a member's next offer: equal for concurrent requests, and new after each decision.

    It hashes the primary keys of the earlier offers, because their number repeats when `purge` deletes some.
    """
    earlier = VolunteerOffer.objects.filter(member_number=number).order_by("pk").values_list("pk", flat=True)
    return keyed_hash("offer of a member", f"{number} after {[pk.hex for pk in earlier]}")


# --- deciding about one offer


def accept(offers: VolunteerOfferQuerySet, *, by: User | None) -> bool:
    """Accepts an offer, and emails its sender that someone would like to talk."""
    return _decide(offers, State.TAKEN_UP, by, emails.taken_up)


def decline(offers: VolunteerOfferQuerySet, *, by: User | None) -> bool:
    """Declines an offer, and emails its sender if that is safe."""
    return _decide(offers, State.NOT_NOW, by, emails.not_now)


def close_as_appointed(offers: VolunteerOfferQuerySet, *, by: User | None, seen: VolunteerOffer | None = None) -> bool:
    """Accepts an offer, without an email, and marks it as talked about: its sender was just appointed and invited.

    Raises ChangedMeanwhileError if someone decided about it after it was loaded as `seen`.
    """
    with transaction.atomic():
        now = offers.select_for_update(of=("self",)).only("state", "talked_on").first()
        if seen and (now is None or (now.state, now.talked_on) != (seen.state, seen.talked_on)):
            raise ChangedMeanwhileError
        _decide(offers, State.TAKEN_UP, by)
        return mark_talked(offers, by=by)


def mark_talked(offers: VolunteerOfferQuerySet, *, by: User | None) -> bool:
    """Takes an accepted offer off the list of people to talk with."""
    with transaction.atomic():
        won = offers.to_talk_with().update(talked_on=timezone.now().date())
        if won:
            _log(offers, by, AccessLog.Action.CHANGED, "talked_on")
    return won == 1


def mark_not_talked(offers: VolunteerOfferQuerySet, *, by: User | None) -> bool:
    """Undoes `mark_talked`: the offer is again on the list of people to talk with."""
    with transaction.atomic():
        won = offers.filter(state=State.TAKEN_UP).exclude(talked_on=None).update(talked_on=None)
        if won:
            _log(offers, by, AccessLog.Action.CHANGED, "talked_on")
    return won == 1


def unflag(offers: VolunteerOfferQuerySet, *, by: User | None) -> bool:
    """Marks an offer as not spam."""
    with transaction.atomic():
        won = offers.flagged().update(flag_reason="")
        if won:
            _log(offers, by, AccessLog.Action.CHANGED, "flag_reason")
    return won == 1


def _decide(
    offers: VolunteerOfferQuerySet,
    state: VolunteerOffer.State,
    by: User | None,
    email: Callable[..., Email] | None = None,
) -> bool:
    decided: dict[str, Any] = {"state": state, "decided_on": timezone.now().date(), "decided_by": by, "flag_reason": ""}
    with transaction.atomic():
        won = offers.filter(state=State.WAITING).update(**decided)
        if won:
            _log(offers, by, AccessLog.Action.DECIDED, "state")
            queue_emails([email(offer) for offer in offers.filter(email_index__isnull=False) if email])
    return won == 1


def _log(offers: VolunteerOfferQuerySet, by: User | None, action: AccessLog.Action, field_name: str) -> None:
    log_access(who=by, action=action, records=list(offers.only("number")), field_names=[field_name])


# --- deleting


@transaction.atomic
def erase_offers(offers: VolunteerOfferQuerySet) -> int:
    """Deletes these offers and their emails, also unsent ones. Returns how many offers."""
    gone = list(offers.only("pk", "number"))
    if not gone:
        return 0
    remember(remembered(gone), timezone.now().date())
    erase_emails(OutgoingEmail.objects.filter(about__in=[offer.about for offer in gone]))
    VolunteerOffer.objects.filter(pk__in=[offer.pk for offer in gone]).delete()
    return len(gone)
