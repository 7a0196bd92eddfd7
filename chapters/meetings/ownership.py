"""The choices of a host for the chapter or place of a meeting, and the model fields that a choice sets."""

from typing import Any

from django.utils.translation import gettext as _

from chapters.meetings.permissions import makes_all, owns_series
from chapters.models import Chapter, MeetingSeries, Representative
from chapters.regions import country_of, place_name
from s4jr.accounts.models import User

#: Prefix of the value for a chapter. The value for a place is its code, and "" is the whole coalition.
CHAPTER = "chapter:"


def choices_for(user: User, series: MeetingSeries) -> list[tuple[Any, Any]]:
    """Choices for a select: for Editors all chapters, otherwise the places and chapters that the user represents.

    Editors enter a place in a box of its own; the empty choice is the place in that box, or the whole coalition.
    A co-host from elsewhere leaves a saved series where it is.
    """
    if makes_all(user):
        return _all_choices()
    if series._state.adding:
        return _choices_of_representative(user)
    own = _choices_of_representative(user) if owns_series(user, series) else []
    return list(dict([*own, (answer_of(series), series.whose or _("The whole coalition"))]).items())


def answer_of(meeting: MeetingSeries) -> str:
    """The choice for the current chapter or place of a series."""
    return f"{CHAPTER}{meeting.chapter_id}" if meeting.chapter_id else meeting.region


def is_place(answer: str) -> bool:
    """Whether a choice is a place, not a chapter or the whole coalition."""
    return bool(answer) and not answer.startswith(CHAPTER)


def belonging(answer: str, place: str = "") -> dict[str, Any]:
    """The model fields for a choice, or for the code of a place from the box of Editors."""
    pk = answer.removeprefix(CHAPTER)
    return {"region": "", "chapter_id": int(pk)} if pk != answer else {"region": answer or place, "chapter_id": None}


def _all_choices() -> list[tuple[Any, Any]]:
    chapters = [(f"{CHAPTER}{pk}", name) for pk, name in Chapter.objects.by_name().values_list("pk", "name")]
    return [("", _("None")), *chapters]


def _choices_of_representative(user: User) -> list[tuple[Any, Any]]:
    terms = Representative.objects.serving().filter(user=user).select_related("chapter").order_by("begins_on")
    pairs = [
        (f"{CHAPTER}{term.chapter_id}", term.chapter.name)
        if term.chapter
        else (term.region, place_name(country_of(term.region), term.region))
        for term in terms
    ]
    return list(dict.fromkeys(pairs))
