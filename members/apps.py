from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = _("People")

    def ready(self):
        from members.announcements.services import write_next_portion
        from members.contact_preference import discreet_among
        from members.links import start_open_link
        from s4jr.mail import bulk, contact_preference, link_clocks

        self._register_first_step()
        contact_preference.register(discreet_among)
        bulk.register(write_next_portion)
        link_clocks.register("open-details", start_open_link)
        self._register_sections()

    def _register_first_step(self):
        from members.inquiries.permissions import SAFETY, SAFETY_STEP, topics_read
        from s4jr.accounts.first_steps import Step, register_step

        label, right = _("Say who reads messages about safety"), "accounts.change_user"
        guide, view = SAFETY_STEP, "admin:accounts_user_changelist"
        register_step(Step(3, label, lambda: SAFETY in topics_read(), right, guide, view))

    def _register_sections(self):
        """Registers the sections that pages of other apps show."""
        from chapters.meetings import providers as of_meetings
        from chapters.representatives import providers as of_representatives
        from members.review.dashboard import admin_dashboard
        from members.rsvps import sections
        from members.self_service.shared_members import shared_members_section
        from members.skills.shared_skills import skills_link
        from s4jr import providers

        of_meetings.rsvp_section.register(sections.rsvp_section)
        of_meetings.rsvp_recipients.register(sections.rsvp_recipients)
        of_meetings.rsvp_summary.register(sections.rsvp_summary)
        of_representatives.own_meetings_section.register(sections.own_meetings_section)
        of_representatives.shared_members_section.register(shared_members_section)
        of_representatives.skills_link.register(skills_link)
        providers.admin_dashboard.register(admin_dashboard)
