"""The team members that a page shows, and where each is shown. One without a bio is skipped and logged."""

import logging
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

from pages.models import TeamMember, people_shown
from s4jr.content.cache_version import cache_version_for
from s4jr.content.live_texts import LiveTexts
from s4jr.days import easternmost_today

logger = logging.getLogger(__name__)


def team_of(request: HttpRequest) -> list[TeamMember]:
    """Who agreed to be on this site today, and has a bio in the active language or in English."""
    return [person for person in _people(request) if person.is_on_site]


def press_kit_of(request: HttpRequest) -> list[TeamMember]:
    """Who agreed to be on the media page today, and has a bio in the active language or in English."""
    return [person for person in _people(request) if person.is_in_press_kit]


def _people(request: HttpRequest) -> list[TeamMember]:
    texts = LiveTexts(get_language(), request)
    people = cache_version_for(request).get(people_shown, easternmost_today())
    return [person for person in people if _has_words(person, texts)]


def _has_words(person: TeamMember, texts: LiveTexts) -> bool:
    if texts.has(person.text_block_key):
        return True
    logger.error("Team member %s is left out: no text has the key of their bio.", person.pk)
    return False


def shown_in_words(person: Any, today: date | None = None) -> str:
    """Where a team member of `with_state()` is shown today, or why they are not, for admins."""
    return why_not_shown(person, today) or _where_shown(person)


def why_not_shown(person: Any, today: date | None = None) -> str:
    """Why a team member of `with_state()` is not shown today; "" if they are."""
    if person.is_taken_down:
        return gettext("Not shown: taken down")
    if not (person.is_on_site or person.is_in_press_kit):
        return gettext("Not shown: no permission yet")
    if person.consent_until and person.consent_until < (today or easternmost_today()):
        return gettext("Not shown: their permission ended on %(day)s") % _day_of(person)
    return ""


def _where_shown(person):
    if person.is_on_site and person.is_in_press_kit:
        is_until = gettext("On this site and the media page until %(day)s")
        is_open = gettext("On this site and the media page")
    elif person.is_on_site:
        is_until, is_open = gettext("On this site until %(day)s"), gettext("On this site")
    else:
        is_until, is_open = gettext("On the media page until %(day)s"), gettext("On the media page")
    return is_until % _day_of(person) if person.consent_until else is_open


def _day_of(person):
    return {"day": date_format(person.consent_until, "DATE_FORMAT")}
