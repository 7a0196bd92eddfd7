"""Finding representatives by place and words. Only what each of them lets be seen can find them."""

from django.db.models import Case, CharField, Count, F, Q, Value, When
from django.db.models.functions import Substr

from chapters.regions import folded

#: What words are looked for in: all of it stands on the profile.
SEARCHED = ("display_name", "pronouns", "words", "languages")


def searched(profile):
    """The words by which a profile, a mapping of its fields, is found: one text without accents and capitals."""
    return folded("\n".join(profile[name] for name in SEARCHED))


class FindingQuerySet:
    """What the QuerySet of representatives knows of the directory."""

    def placed(self):
        """With where everybody may see them: `at_country`, and `at_region` if they show it.

        A representative of a chapter is where the chapter is.
        """
        of_chapter = Q(chapter__isnull=False)
        country = Case(When(of_chapter, then=F("chapter__country")), default=Substr("region", 1, 2))
        region = Case(
            When(shows_region=False, then=Value("")),
            When(of_chapter, then=F("chapter__region")),
            When(region__contains="-", then=F("region")),
            default=Value(""),
            output_field=CharField(),
        )
        return self.annotate(at_country=country, at_region=region)

    def at(self, place):
        """Those of a country, or of a state or province, by its code; all for ""."""
        if not place:
            return self
        return self.filter(at_region=place) if "-" in place else self.filter(at_country=place)

    def saying(self, words):
        """Those on whose profiles each of these words stands, whatever its accents."""
        for word in words:
            self = self.filter(searched__contains=folded(word))
        return self

    def count_by_place(self):
        """How many are where, in one query: {(country, region or ""): how many}."""
        rows = self.order_by().values_list("at_country", "at_region").annotate(Count("pk"))
        return {(country, region): count for country, region, count in rows}

    def in_order(self):
        """By place, then by name: the same order on every page."""
        return self.order_by("at_country", "at_region", "display_name", "pk")

    def with_place(self):
        """With what a profile says of the place, in the same query."""
        return self.select_related("chapter")
