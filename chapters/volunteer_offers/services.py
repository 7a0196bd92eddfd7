"""Offers: "would you?" and "we would like to start a chapter". Keeping one, deciding about it, deleting it.

waiting -> accepted -> talked with        waiting -> not now

A decision is about the one offer given, as it was read. It returns False where somebody has decided before.
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
from s4jr.conversations.submissions import Submission, keep_once
from s4jr.crypto.blind_index import keyed_hash
from s4jr.erasure.rules import remembered
from s4jr.erasure.tombstones import remember
from s4jr.mail.emails import Email
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.services import erase_emails, queue_emails

Action, Kind, State = AccessLog.Action, VolunteerOffer.Kind, VolunteerOffer.State


@dataclass(frozen=True, kw_only=True)
class OfferSubmission(Submission):
    """What a form says: a place by its codes, or a chapter."""

    kind: str
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


# --- making one


def make_offer(said: OfferSubmission) -> None:
    """Keep an offer. The same form sent twice, or to two workers at once, is one offer; what it says last stands while
    nobody has decided. Returns nothing: what happened must not show.
    """
    keep_once(lambda: _keep(said))


def _keep(said: OfferSubmission) -> None:
    earlier = VolunteerOffer.objects.filter(form_token=said.form_token).first()
    if earlier is None:
        VolunteerOffer.objects.create(**said.new_row(VolunteerOffer))
    elif not said.same_as(earlier):
        waits = VolunteerOffer.objects.filter(pk=earlier.pk, state=State.WAITING)
        waits.update(**said.answers(), version=F("version") + 1)


def make_offer_of_member(
    number: str, region: str = "", *, country: str = "", chapter: Chapter | None = None, **said: Any
) -> None:
    """A member's tick in their own information: they would represent this place, or this chapter.

    `said` are name, contact, email, words and language, as the member has them. While one of theirs waits it is that
    one, with what they say now.
    """
    waiting = VolunteerOffer.objects.by_member(number).first()
    token = waiting.form_token if waiting else _token_of_member(number)
    place = {"region": "", "country": ""} if chapter else {"region": region, "country": country or region[:2]}
    offered = {"kind": Kind.REPRESENT, "form_token": token, "chapter": chapter, "member_number": number}
    make_offer(OfferSubmission(**offered, **place, **said))


def _token_of_member(number: str) -> str:
    """The same for two ticks at once, so that they are one offer; another one once the earlier was decided.

    It is made from which offers there are, not from their count: `purge` deletes some, and a token would repeat.
    """
    earlier = VolunteerOffer.objects.filter(member_number=number).order_by("pk").values_list("pk", flat=True)
    return keyed_hash("offer of a member", f"{number} after {[pk.hex for pk in earlier]}")


# --- deciding, each about the one offer given


def accept(offers: VolunteerOfferQuerySet, *, by: User | None) -> bool:
    """Whoever offered is told that somebody would like to talk."""
    return _decide(offers, State.TAKEN_UP, by, emails.taken_up)


def decline(offers: VolunteerOfferQuerySet, *, by: User | None) -> bool:
    """ "Not now", kindly. Whoever offered is told, if that is safe."""
    return _decide(offers, State.NOT_NOW, by, emails.not_now)


def close_as_appointed(offers: VolunteerOfferQuerySet, *, by: User | None) -> bool:
    """Whoever offered has just been appointed: the invitation is their email, and the talk is over."""
    with transaction.atomic():
        _decide(offers, State.TAKEN_UP, by)
        return mark_talked(offers, by=by)


def mark_talked(offers: VolunteerOfferQuerySet, *, by: User | None) -> bool:
    """Somebody talked with whoever offered: it leaves the list of those to talk with."""
    with transaction.atomic():
        won = offers.to_talk_with().update(talked_on=timezone.now().date())
        if won:
            _log(offers, by, Action.CHANGED, "talked_on")
    return won == 1


def unflag(offers: VolunteerOfferQuerySet, *, by: User | None) -> bool:
    """A person wrote this: it waits like any other."""
    with transaction.atomic():
        won = offers.flagged().update(flag_reason="")
        if won:
            _log(offers, by, Action.CHANGED, "flag_reason")
    return won == 1


def open_chapter(offers: VolunteerOfferQuerySet, *, by: User | None, **facts: Any) -> Chapter | None:
    """Open the chapter that was asked for, as a coordinator has read it through; None where that was decided before."""
    with transaction.atomic():
        asked = offers.filter(kind=Kind.START_CHAPTER, chapter=None)
        if not accept(asked, by=by):
            return None
        chapter = Chapter.objects.create(status=Chapter.Status.OPEN, **facts)
        offers.update(chapter=chapter)
        AccessLog.objects.note(who=by, action=Action.CHANGED, records=[chapter], field_names=sorted(facts))
    return chapter


def _decide(
    offers: VolunteerOfferQuerySet, state: State, by: User | None, email: Callable[..., Email] | None = None
) -> bool:
    decided = {"state": state, "decided_on": timezone.now().date(), "decided_by": by, "flag_reason": ""}
    with transaction.atomic():
        won = offers.filter(state=State.WAITING).update(**decided)
        if won:
            _log(offers, by, Action.DECIDED, "state")
            queue_emails([email(offer) for offer in offers.filter(email_index__isnull=False) if email])
    return won == 1


def _log(offers: VolunteerOfferQuerySet, by: User | None, action: Action, field_name: str) -> None:
    AccessLog.objects.note(who=by, action=action, records=list(offers.only("number")), field_names=[field_name])


# --- deleting


@transaction.atomic
def erase_offers(offers: VolunteerOfferQuerySet) -> int:
    """Erase these offers and their emails. An email that waits never leaves. Returns how many."""
    gone = list(offers.only("pk", "number"))
    if not gone:
        return 0
    remember(remembered(gone), timezone.now().date())
    erase_emails(OutgoingEmail.objects.filter(about__in=[offer.about for offer in gone]))
    VolunteerOffer.objects.filter(pk__in=[offer.pk for offer in gone]).delete()
    return len(gone)
