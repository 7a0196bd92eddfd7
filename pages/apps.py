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
        register_link_scheme("claim", self.claims_by_slug)

    def claims_by_slug(self, slugs):
        """The figures that texts link to as `claim:slug`."""
        claims = self.get_model("Claim").objects.filter(slug__in=slugs)
        return {claim.slug: claim for claim in claims}
