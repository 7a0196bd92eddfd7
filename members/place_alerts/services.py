"""Turns place alerts on and off, and emails members once about each kind of news at their place."""

from functools import partial

from django.db import transaction
from django.utils import timezone

from members.models import PlaceAlert
from members.place_alerts import emails
from members.place_alerts.news import news_by_place
from members.querysets import MemberQuerySet
from s4jr.content.live_texts import TextsOf, texts_by_language
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.services import cancel_emails, queue_emails
from s4jr.security.row_by_row import made_for_each


@transaction.atomic
def set_place_alert(members: MemberQuerySet, wanted: bool) -> None:
    """Turns the alert of these members on or off; off cancels emails that wait.

    What is at their place already is not news. Without a place there is nothing to turn on.
    """
    if not wanted:
        PlaceAlert.objects.of(members).delete()
        waiting = OutgoingEmail.objects.about(members.only("pk", "number")).filter(kind=emails.KIND)
        cancel_emails(waiting)
        return
    _follow_moves()
    news = news_by_place()
    for member in members.only("pk", "country", "region"):
        if place := member.region or member.country:
            begun = {"place": place, "told": _in_order(news.get(place, set())), "since": timezone.now().date()}
            PlaceAlert.objects.get_or_create(member=member, defaults=begun)


def write_place_alerts() -> int:
    """Emails the members at whose place something is new. Returns how many. Safe to run twice at once."""
    _follow_moves()
    news, texts = news_by_place(), texts_by_language()
    alerts = PlaceAlert.objects.to_tell().select_related("member").order_by("pk")
    due = [alert for alert in alerts if news.get(alert.place, set()) - set(alert.told.split())]
    return sum(made_for_each(due, partial(_tell_member, here=news, texts=texts)))


@transaction.atomic
def _tell_member(alert: PlaceAlert, here: dict[str, set[str]], texts: TextsOf) -> bool:
    """False if another run was first. A kind stays told: a profile that comes back is no news."""
    told = set(alert.told.split())
    this = PlaceAlert.objects.filter(pk=alert.pk, place=alert.place, told=alert.told)
    if not this.update(told=_in_order(told | here[alert.place])):
        return False
    queue_emails([emails.place_news(alert, here[alert.place] - told, texts)])
    return True


def _follow_moves() -> None:
    """An alert is for the place a member has now, and begins again with what is there."""
    moved = list(PlaceAlert.objects.of_moved())
    news = news_by_place() if moved else {}
    for alert in moved:
        this = PlaceAlert.objects.filter(pk=alert.pk)
        place = getattr(alert, "place_now")  # noqa: B009 annotated by the query
        if place:
            this.update(place=place, told=_in_order(news.get(place, set())), since=timezone.now().date())
        else:
            this.delete()


def _in_order(news: set[str]) -> str:
    return " ".join(sorted(news))
