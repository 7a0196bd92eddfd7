from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from pages.models import Statistic, SupportLine


class PagesConfig(AppConfig):
    name = "pages"
    verbose_name = _("Pages")

    def ready(self) -> None:
        from pages.seeds import make_missing_rows
        from s4jr.accounts.first_steps import Step, register_step
        from s4jr.content.links import register_link_scheme

        post_migrate.connect(make_missing_rows, sender=self)
        register_link_scheme("statistic", self.statistics_by_slug)
        right, guide, view = "pages.change_supportline", "publish-a-support-line", "admin:pages_supportline_changelist"
        register_step(Step(4, _("Publish a support line"), self.is_a_support_line_published, right, guide, view))

    def is_a_support_line_published(self) -> bool:
        model = cast("type[SupportLine]", self.get_model("SupportLine"))
        return model.objects.published().exists()

    def statistics_by_slug(self, slugs: Iterable[str]) -> dict[str, "Statistic"]:
        """The statistics that texts link to as `statistic:slug`."""
        model = cast("type[Statistic]", self.get_model("Statistic"))
        statistics = model.objects.filter(slug__in=slugs)
        return {statistic.slug: statistic for statistic in statistics}
