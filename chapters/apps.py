from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChaptersConfig(AppConfig):
    name = "chapters"
    verbose_name = _("Places")

    def ready(self):
        from chapters.desk import place_words

        place_words.register()
