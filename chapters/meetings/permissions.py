"""Whose meetings somebody may make and change: Editors all, representatives those of their own place or chapter."""

from django.apps import apps
from django.db.models import Q

RIGHT = "chapters.change_meetingseries"


def makes_all(user):
    """Whether somebody is an Editor of meetings."""
    return user.is_staff and user.has_perm(RIGHT)


class ManagedQuerySet:
    """What the QuerySets of series and of meetings know of their hosts."""

    def hosted_by(self, user):
        """Those that `user` makes and changes."""
        if makes_all(user):
            return self
        terms = apps.get_model("chapters.Representative").objects.serving().filter(user=user)
        regions, chapters = terms.exclude(region="").values("region"), terms.exclude(chapter=None).values("chapter")
        return self.filter(Q(region__in=regions) | Q(chapter__in=chapters))


def hosts_something(user):
    """Whether somebody makes meetings at all."""
    return makes_all(user) or apps.get_model("chapters.Representative").objects.serving().filter(user=user).exists()
