"""Opens the chapter of an accepted request, once someone has talked with its sender."""

from typing import Any

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from chapters.local_days import last_today_in_place
from chapters.models import Chapter, VolunteerOffer
from chapters.representatives.appointments import Appointed, Appointment, appoint
from chapters.volunteer_offers import emails
from chapters.volunteer_offers.querysets import VolunteerOfferQuerySet
from s4jr.accounts.models import User
from s4jr.audit.models import AccessLog
from s4jr.audit.services import log_access
from s4jr.mail.services import queue_emails


def open_chapter(offers: VolunteerOfferQuerySet, *, by: User | None, **facts: Any) -> Chapter | None:
    """Opens a requested chapter with the reviewed `facts`, and emails its sender if that is safe.

    It counts as talked about. Returns None if no one has asked its sender to talk, or if its chapter is open already.
    """
    with transaction.atomic():
        if not offers.to_open().select_for_update(of=("self",)).exists():
            return None
        chapter = Chapter.objects.create(status=Chapter.Status.OPEN, **facts)
        opened = offers.to_open()
        log_access(
            who=by, action=AccessLog.Action.CHANGED, records=list(opened.only("number")), field_names=["chapter"]
        )
        log_access(who=by, action=AccessLog.Action.CHANGED, records=[chapter], field_names=sorted(facts))
        queue_emails([emails.chapter_opened(offer, chapter) for offer in opened.filter(email_index__isnull=False)])
        # A talk that was marked keeps its day: the offer is deleted a promised time after it.
        opened.update(chapter=chapter, talked_on=Coalesce("talked_on", Value(timezone.now().date())))
    return chapter


def open_with_representative(offers: VolunteerOfferQuerySet, *, by: User | None, **facts: Any) -> Appointed | None:
    """Opens a requested chapter as `open_chapter` does, and appoints its sender, who gets a new sign-in."""
    with transaction.atomic():
        offer = offers.to_open().first()
        chapter = open_chapter(offers, by=by, **facts)
        if offer is None or chapter is None:
            return None
        return appoint(_appointment_of(offer, chapter), by=by)


def _appointment_of(offer: VolunteerOffer, chapter: Chapter) -> Appointment:
    """From today in the chapter's place on. Without an address, the admin gets the link to hand over."""
    begins_on = last_today_in_place(chapter.region or chapter.country)
    return Appointment(begins_on=begins_on, chapter=chapter, address=offer.email, language=offer.language)
