"""Which pages show the texts in `content/`, and what its emails are called, for the lists of texts in the admin."""

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from s4jr.content.catalog import Place, register_emails, register_family, register_page
from s4jr.content.models import PLACES

register_page(_("Representatives"), "our-representatives", url_name="representatives")
register_page(_("Become a representative"), "become-a-representative", url_name="become_representative")
register_page(_("Handbook for representatives"), "representatives-handbook", url_name="representatives_handbook")
register_page(_("After someone offers to volunteer"), "offer-sent")
register_page(_("Chapters"), "chapters", url_name="chapters")
register_page(_("Start a chapter"), "start-chapter", url_name="start_chapter")
register_page(_("Meetings"), "meetings", url_name="meetings")
register_page(_("Above every form"), "privacy-short", "safety-short")


def _places_of_text(key: str) -> list[Place]:
    place = key.removeprefix(PLACES)
    return [Place(gettext("Representatives"), f"{reverse('representatives')}?place={place}")]


register_family(PLACES, _("Text about places, written by representatives"), _places_of_text)

register_emails({
    "admin-invitation": _("Invitation to set up a sign-in"),
    "admin-appointed": _("New role, to an admin who became a representative"),
    "admin-stepped-down": _("A representative stepped down, to admins"),
    "admin-message-waits": _("New message, to its representative"),
    "admin-message-unread": _("Messages no one has read, to admins"),
    "admin-message-report": _("A message was reported, to admins"),
    "admin-group-message": _("New message to all representatives, to each of them"),
    "confirm-address": _("Confirm the email address of someone who signs in"),
    "representative-address-changed": _("Email address changed, to a representative"),
    "profile-renewal": _("Is your profile still right?"),
    "profile-reminder": _("Is your profile still right? First reminder"),
    "profile-last-reminder": _("Is your profile still right? Last reminder"),
    "message-answer": _("Answer from a representative"),
    "message-not-read": _("The representative has not read the message"),
    "message-erased": _("A message to a representative was deleted"),
    "term-ended": _("The representative no longer answers"),
    "chapter-opened": _("A chapter is open"),
    "offer-taken-up": _("Volunteer offer accepted"),
    "offer-not-now": _("Volunteer offer: not right now"),
})  # fmt: skip
