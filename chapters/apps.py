from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChaptersConfig(AppConfig):
    name = "chapters"
    verbose_name = _("Chapters and representatives")

    def ready(self) -> None:
        from chapters.directory.home_section import representatives_section
        from chapters.meetings.home_section import next_meeting_section
        from chapters.representatives import place_text
        from s4jr import providers

        place_text.register()
        providers.representatives_section.register(representatives_section)
        providers.next_meeting_section.register(next_meeting_section)
