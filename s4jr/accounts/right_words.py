"""What each right lets a user do, in words. The form of a role shows these; a right without words does nothing here.

Rights are named as text, since this part imports no other app. They are in the order of the admin's sections.
"""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import StrPromise

RIGHT_WORDS: "dict[str, StrPromise]" = {
    "members.view_member": _("See applications and members"),
    "members.change_member": _("Decide about applications, and end memberships"),
    "members.decide_many": _("Decide about many applications together"),
    "members.export_member": _("Export the member list"),
    "members.import_member": _("Import a member list"),
    "members.read_coalition": _("Read and answer inquiries about the coalition"),
    "members.read_press": _("Read and answer inquiries from the media"),
    "members.read_policy": _("Read and answer inquiries about legislation and policy"),
    "members.read_chapter": _("Read and answer inquiries about a chapter"),
    "members.read_safety": _("Read and answer inquiries about safety or conduct"),
    "members.read_website": _("Read and answer inquiries about this website"),
    "chapters.take_over": _("Answer messages that a representative left unread"),
    "chapters.settle_reports": _("Read reported messages, and settle the reports"),
    "chapters.view_volunteeroffer": _("See volunteer offers"),
    "chapters.change_volunteeroffer": _("Decide about volunteer offers"),
    "members.view_announcement": _("See announcements"),
    "members.add_announcement": _("Write announcements"),
    "members.change_announcement": _("Change announcements that aren’t sent yet"),
    "members.delete_announcement": _("Delete announcements that aren’t sent yet"),
    "members.send_announcement": _("Send announcements"),
    "content.view_textblock": _("See the list of all text on pages and in emails"),
    "content.change_textblock": _("Edit the text of pages and emails"),
    "pages.view_statistic": _("See the list of statistics"),
    "pages.add_statistic": _("Add statistics"),
    "pages.change_statistic": _("Change statistics and their sources"),
    "pages.delete_statistic": _("Delete statistics"),
    "pages.view_supportline": _("See the list of support lines"),
    "pages.add_supportline": _("Add support lines"),
    "pages.change_supportline": _("Change and publish support lines"),
    "pages.delete_supportline": _("Delete support lines"),
    "pages.view_teammember": _("See the list of team members"),
    "pages.add_teammember": _("Add team members"),
    "pages.change_teammember": _("Change team members, and take them down"),
    "pages.delete_teammember": _("Delete team members"),
    "chapters.view_representative": _("See the list of representatives"),
    "chapters.add_representative": _("Appoint representatives"),
    "chapters.change_representative": _("Change and end the terms of representatives"),
    "chapters.view_chapter": _("See the list of chapters"),
    "chapters.add_chapter": _("Add chapters"),
    "chapters.change_chapter": _("Change chapters"),
    "chapters.delete_chapter": _("Delete chapters"),
    "chapters.change_meetingseries": _("Plan and change meetings"),
    "accounts.view_user": _("See the list of users"),
    "accounts.add_user": _("Invite users"),
    "accounts.change_user": _("Change users, and recover a lost sign-in"),
    "accounts.delete_user": _("Delete users"),
    "mail.view_outgoingemail": _("See whether emails arrived"),
    "mail.change_outgoingemail": _("Send emails again"),
    "mail.view_suppression": _("See the do-not-email list"),
    "mail.add_suppression": _("Stop emails to an address"),
    "mail.delete_suppression": _("Allow emails to an address again"),
    "audit.view_accesslog": _("Read the access log"),
}
