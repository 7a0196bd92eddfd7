"""Loads all parts of the demo."""

from django.utils import timezone

from chapters.models import Chapter, Meeting, Representative, RepresentativeMessage, VolunteerOffer
from members.demo.applications import add_applications, add_members
from members.demo.chapters import add_chapters
from members.demo.conversations import add_conversations
from members.demo.emails import add_emails, delete_emails_since
from members.demo.meetings import add_meetings
from members.demo.representatives import add_representatives
from members.demo.sign_ins import COORDINATOR, SignIn, add_staff, staff
from members.demo.skills import add_skills
from members.models import Inquiry, Member, Skill


def fill_site() -> list[SignIn]:
    """Fills the site with fictional people, inside a transaction of the caller. Returns their sign-ins."""
    begun = timezone.now()
    sign_ins = add_staff()
    coordinator, chapters = staff(COORDINATOR), add_chapters()
    sign_ins.append(add_representatives(coordinator, chapters))
    add_applications(coordinator, staff("Reader"))
    add_members(coordinator, chapters)
    add_meetings(coordinator, chapters)
    add_conversations(coordinator)
    add_skills()
    delete_emails_since(begun)
    add_emails()
    return sign_ins


def count_by_kind() -> dict[str, int]:
    """How many of each kind exist, by their plural names."""
    return {
        "applications and members": Member.objects.count(),
        "representatives": Representative.objects.count(),
        "chapters": Chapter.objects.count(),
        "meetings": Meeting.objects.count(),
        "inquiries": Inquiry.objects.count(),
        "messages to representatives": RepresentativeMessage.objects.count(),
        "skills": Skill.objects.count(),
        "volunteer offers": VolunteerOffer.objects.count(),
    }
