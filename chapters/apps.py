from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChaptersConfig(AppConfig):
    name = "chapters"
    verbose_name = _("Places")

    def ready(self):
        from chapters.representatives import place_text

        place_text.register()
