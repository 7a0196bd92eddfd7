from typing import TYPE_CHECKING, cast

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from chapters.models import MeetingSeries


class ChaptersConfig(AppConfig):
    name = "chapters"
    verbose_name = _("Chapters and representatives")

    def ready(self) -> None:
        from chapters.directory.home_section import representatives_section
        from chapters.meetings.home_section import next_meeting_section
        from chapters.representatives import emails, place_text
        from s4jr import providers
        from s4jr.accounts.first_steps import Step, register_step
        from s4jr.mail import link_clocks

        link_clocks.register(emails.INVITATION, emails.start_invitation)
        place_text.register()
        right, guide, view = "chapters.change_meetingseries", "publish-your-first-meeting", "manage_new"
        register_step(Step(5, _("Publish your first meeting"), self.is_a_meeting_published, right, guide, view))
        providers.representatives_section.register(representatives_section)
        providers.next_meeting_section.register(next_meeting_section)

    def is_a_meeting_published(self) -> bool:
        model = cast("type[MeetingSeries]", self.get_model("MeetingSeries"))
        return model.objects.filter(is_published=True).exists()
