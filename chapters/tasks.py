from celery import shared_task

from chapters.appointing import settle_ended_terms
from chapters.models import MeetingSeries, Representative, RepresentativeMessage
from chapters.renewal.letters import write_renewals


@shared_task(name="chapters.mind_the_cards")
def mind_the_cards():
    Representative.objects.empty_old_cards()
    write_renewals()
    settle_ended_terms()


@shared_task(name="chapters.mind_the_messages")
def mind_the_messages():
    RepresentativeMessage.objects.mind_the_unread()


@shared_task(name="chapters.make_meetings")
def make_meetings():
    MeetingSeries.objects.make_rows()
