"""The email about news at a member's place."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from chapters.place_search import place_label
from members.models import PlaceAlert
from s4jr.content.live_texts import LiveTexts, TextsOf
from s4jr.crypto.decryption_guard import decrypts_unshown
from s4jr.mail.emails import Email, in_both_forms, write_from

KIND = "place-news"
News = PlaceAlert.News


@decrypts_unshown
def place_news(alert: PlaceAlert, news: Iterable[str], texts: TextsOf = LiveTexts) -> Email:
    """What is new at the member's place. The discreet form names neither the place nor what is new."""
    member, kinds = alert.member, sorted(news)
    with translation.override(member.language):
        place = place_label(alert.place)
        said = " ".join(_sentence_about(kind, place) for kind in kinds)
        # On the site's own host: the host of email links has no such page.
        link = f"{settings.SITE_URL}{reverse('representatives')}?{urlencode({'place': alert.place})}"

    def write(discreet: bool) -> tuple[str, str]:
        text = texts(member.language).text(f"emails/{KIND}-discreet" if discreet else f"emails/{KIND}")
        return write_from(text, news=said, place_link=link)

    return Email(
        to=member.email,
        **in_both_forms(write, discreet=member.is_discreet),
        kind=KIND,
        dedupe_key=f"{KIND}:{member.number}:{alert.since}:{alert.place}:{'+'.join(kinds)}",
        about=member.about,
        language=member.language,
    )


def _sentence_about(kind: str, place: str) -> str:
    sentences = {
        News.REPRESENTATIVE: _("%(place)s: a representative is listed now."),
        News.CHAPTER: _("%(place)s: a chapter is open now."),
        News.MEETING: _("%(place)s: a meeting is planned."),
    }
    return sentences[News(kind)] % {"place": place}
