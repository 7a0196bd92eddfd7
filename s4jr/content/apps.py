from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class ContentConfig(AppConfig):
    name = "s4jr.content"
    verbose_name = _("Page text")

    def ready(self) -> None:
        from s4jr.content import checks  # noqa: F401  registers them
        from s4jr.content.cache_version import hear_of_changes
        from s4jr.content.sync import match_rows_to_files

        autodiscover_modules("text_catalog")
        hear_of_changes(apps.get_models())
        post_migrate.connect(match_rows_to_files, sender=self)
