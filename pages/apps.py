from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    name = "pages"
    verbose_name = _("Pages")

    def ready(self):
        from pages.seeds import make_missing_rows
        from s4jr.content.links import register_link_scheme

        post_migrate.connect(make_missing_rows, sender=self)
        register_link_scheme("statistic", self.statistics_by_slug)

    def statistics_by_slug(self, slugs):
        """The figures that texts link to as `statistic:slug`."""
        statistics = self.get_model("Statistic").objects.filter(slug__in=slugs)
        return {statistic.slug: statistic for statistic in statistics}
