from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from pages.models import Statistic


class PagesConfig(AppConfig):
    name = "pages"
    verbose_name = _("Pages")

    def ready(self) -> None:
        from pages.seeds import make_missing_rows
        from s4jr.content.links import register_link_scheme

        post_migrate.connect(make_missing_rows, sender=self)
        register_link_scheme("statistic", self.statistics_by_slug)

    def statistics_by_slug(self, slugs: Iterable[str]) -> dict[str, "Statistic"]:
        """The statistics that texts link to as `statistic:slug`."""
        model = cast("type[Statistic]", self.get_model("Statistic"))
        statistics = model.objects.filter(slug__in=slugs)
        return {statistic.slug: statistic for statistic in statistics}
