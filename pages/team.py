"""The team members that a page shows. One without a bio is skipped and logged."""

import logging

from django.http import HttpRequest
from django.utils.translation import get_language

from pages.models import TeamMember, people_shown
from s4jr.content.cache_version import cache_version_for
from s4jr.content.live_texts import LiveTexts
from s4jr.days import easternmost_today

logger = logging.getLogger(__name__)


def team_of(request: HttpRequest) -> list[TeamMember]:
    """The team members to show today who have a bio in the active language or in English."""
    texts = LiveTexts(get_language(), request)
    people = cache_version_for(request).get(people_shown, easternmost_today())
    return [person for person in people if _has_words(person, texts)]


def _has_words(person: TeamMember, texts: LiveTexts) -> bool:
    if texts.has(person.text_block_key):
        return True
    logger.error("Team member %s is left out: no text has the key of their bio.", person.pk)
    return False
