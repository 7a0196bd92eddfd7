"""Four fictional chapters: three open and one resting."""

from typing import Any

from chapters.models import Chapter

FICTIONAL_CHAPTER = "This chapter is fictional."
HOW_TO_JOIN = "Choose it when you ask to join, or write to its representative."
CHAPTERS = (
    {
        "slug": "pinewood",
        "name": "Pinewood chapter",
        "country": "CA",
        "region": "CA-ON",
        "area": "Toronto and the towns along the lake",
        "languages": "English",
        "rhythm": "every other month, online",
        "words": "We read bills together and write letters about them. No one has to speak.",
    },
    {
        "slug": "erabliere",
        "name": "Cercle de l’Érablière",
        "country": "CA",
        "region": "CA-QC",
        "area": "Montréal",
        "languages": "Français, English",
        "rhythm": "une fois par mois, en ligne",
        "words": "Nous traduisons des textes et nous nous entraidons. Les caméras peuvent rester éteintes.",
    },
    {
        "slug": "millrace",
        "name": "Millrace chapter",
        "country": "US",
        "region": "US-OR",
        "area": "Portland and the valley",
        "languages": "English, Español",
        "rhythm": "on the first Saturday of the month",
        "words": "We practice speaking with legislators, two at a time, with breaks.",
    },
    {
        "slug": "harbour-light",
        "name": "Harbour Light chapter",
        "status": Chapter.Status.RESTING,
        "country": "NZ",
        "area": "Wellington",
        "languages": "English, te reo Māori",
        "rhythm": "resting for now",
        "words": "We met for a year and are resting. Write to the coalition if you would like to begin again.",
    },
)


def add_chapters() -> dict[str, Chapter]:
    """Adds the chapters. Returns the open ones by region code."""
    made = [Chapter.objects.create(**_facts(**said)) for said in CHAPTERS]
    return {chapter.region: chapter for chapter in made if chapter.status == Chapter.Status.OPEN}


def _facts(words: str, **said: Any) -> dict[str, Any]:
    facts = {"status": Chapter.Status.OPEN, "how_to_join": HOW_TO_JOIN, "words": f"{words} {FICTIONAL_CHAPTER}"}
    return {**facts, **said}
