"""The navigation of the admin: six sections, the lists in each, and the breadcrumbs of a page.

The sections are data. Pages and permissions are named as text, since this part imports no other app.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from s4jr.accounts.requests import SignedInRequest

if TYPE_CHECKING:
    from django.utils.functional import StrPromise

    from s4jr.accounts.models import User

LIST = "_changelist"


@dataclass(frozen=True)
class Page:
    """One list, or another page that the navigation links to.

    `view` is its URL name. A user sees it with any one of `rights`; every admin does if there are none. The pages of
    its records belong to it too: their URL names begin with `prefix`. The header links to one that is not in the row.
    """

    label: "StrPromise"
    view: str
    rights: tuple[str, ...] = ()
    starts: str = ""
    is_in_row: bool = True

    @property
    def prefix(self) -> str:
        return self.starts or self.view.removesuffix(LIST)

    @property
    def url(self) -> str:
        return reverse(self.view)

    def is_seen_by(self, user: "User") -> bool:
        return not self.rights or any(user.has_perm(right) for right in self.rights)

    def match_length(self, request: HttpRequest) -> int:
        """How much of the address this page covers; 0 if it is another's."""
        view = request.resolver_match.view_name if request.resolver_match else ""
        return len(self.prefix) if _begins_with(view, self.prefix) else 0


def _begins_with(view, prefix):
    """Whether `view` is `prefix`, or a page below it: `chapters_chapter_change`, but not `chapters_chapters`."""
    return view == prefix or view.startswith(prefix if prefix.endswith("_") else f"{prefix}_")


@dataclass(frozen=True)
class Section:
    """One of the six entries. It links to the first of its pages that the user may see."""

    label: "StrPromise"
    pages: tuple[Page, ...]


def _list(label: "StrPromise", model: str, *rights: str) -> Page:
    """The changelist of `app_model`; without `rights`, for those who may view or change its rows."""
    app, _underscore, name = model.partition("_")
    usual = tuple(f"{app}.{verb}_{name}" for verb in ("view", "change"))
    return Page(label, f"admin:{model}{LIST}", rights or usual)


TOPICS = tuple(f"members.read_{topic}" for topic in ("coalition", "press", "policy", "chapter", "safety", "website"))
TEXTS = ("content.view_textblock", "content.change_textblock")
SECTIONS = (
    Section(
        _("Inbox"),
        (
            Page(_("To do"), "admin:index"),
            _list(_("Inquiries"), "members_inquiry", *TOPICS),
            _list(_("Representatives’ messages"), "chapters_representativemessage", "chapters.take_over"),
            _list(_("Reported messages"), "chapters_conversationmessage", "chapters.settle_reports"),
            _list(_("Volunteer offers"), "chapters_volunteeroffer"),
            _list(_("Saved replies"), "conversations_savedreply", *TOPICS, "chapters.take_over", TEXTS[1]),
        ),
    ),
    Section(_("People"), (_list(_("People"), "members_member"),)),
    Section(_("Announcements"), (_list(_("Announcements"), "members_announcement"),)),
    Section(
        _("Website"),
        (
            _list(_("Page text"), "content_textblock"),
            Page(_("Email text"), "admin:content_textblock_emails", TEXTS),
            Page(_("Text about places"), "admin:content_textblock_places", TEXTS),
            _list(_("Statistics and sources"), "pages_statistic"),
            _list(_("Support lines"), "pages_supportline"),
            _list(_("Team"), "pages_teammember"),
        ),
    ),
    Section(
        _("Chapters and meetings"),
        (
            _list(_("Representatives"), "chapters_representative"),  # first: chapters change less often
            _list(_("Chapters"), "chapters_chapter"),
            Page(_("Meetings"), "manage_meetings", ("chapters.change_meetingseries",), starts="manage_"),
        ),
    ),
    Section(
        _("Settings"),
        (
            _list(_("Users"), "accounts_user"),
            _list(_("Roles"), "auth_group"),
            _list(_("Emails"), "mail_outgoingemail"),
            _list(_("Do-not-email list"), "mail_suppression"),
            _list(_("Access log"), "audit_accesslog"),
            Page(_("Test email"), "admin:mail_test_email", ("mail.change_outgoingemail",)),
            Page(_("Export"), "admin:members_member_export", ("members.export_member",)),
            Page(_("Import"), "admin:members_member_import", ("members.import_member",)),
            Page(_("Guide"), "admin_guide"),
            Page(_("How you sign in"), "mfa_index", starts="mfa_", is_in_row=False),
        ),
    ),
)  # fmt: skip
#: Pages that belong to a list and have an address of another kind.
ELSEWHERE = {
    "edit_text_block": "admin:content_textblock_changelist",
    "account_change_password": "mfa_index",
    "account_display_name": "mfa_index",
    "admin_email": "mfa_index",
    "admin_email_confirm": "mfa_index",
    "host_message": "manage_meetings",
    "host_guests": "manage_meetings",
}


@dataclass(frozen=True)
class Link:
    """A link of the navigation. `is_current` marks the page shown; without `url` it is only named."""

    label: "StrPromise | str"
    url: str = ""
    is_current: bool = False


@dataclass(frozen=True)
class Navigation:
    """`sections` is the first row, `tabs` the second (empty if the section has one list), `crumbs` the way here."""

    sections: list[Link]
    tabs: list[Link]
    crumbs: list[Link]

    @property
    def names_record(self) -> bool:
        """Whether the title of the page ends the breadcrumbs: below a list, not on it."""
        return all(crumb.url for crumb in self.crumbs)


def navigation_for(request: SignedInRequest) -> Navigation:
    """The navigation on this page, with only what its user may see."""
    current = _current_page(request)
    seen = [(section, pages) for section in SECTIONS if (pages := _seen_pages(section, request.user))]
    sections = [Link(section.label, pages[0].url, current in section.pages) for section, pages in seen]
    section, pages = next(((section, pages) for section, pages in seen if current in section.pages), (None, []))
    row = [page for page in pages if page.is_in_row]
    tabs = [Link(page.label, page.url, page == current) for page in row] if len(row) > 1 else []
    crumbs = list(_crumbs(section, pages, current, request)) if section and current else []
    return Navigation(sections, tabs, crumbs)


def _seen_pages(section: Section, user: "User") -> list[Page]:
    return [page for page in section.pages if page.is_seen_by(user)]


def _current_page(request: HttpRequest) -> Page | None:
    """The page whose address covers most of this one."""
    view = request.resolver_match.view_name if request.resolver_match else ""
    pages = [page for section in SECTIONS for page in section.pages]
    if view in ELSEWHERE:
        return next(page for page in pages if page.view == ELSEWHERE[view])
    best = max(pages, key=lambda page: page.match_length(request))
    return best if best.match_length(request) else None


def _crumbs(section: Section, pages: list[Page], current: Page, request: HttpRequest) -> Iterator[Link]:
    """The section, and the list if its name is another. The page itself is no link; its title follows in the page."""
    here = request.resolver_match is not None and request.resolver_match.view_name == current.view
    if section.label == current.label:
        yield Link(section.label, "" if here else current.url)
        return
    yield Link(section.label, pages[0].url)
    yield Link(current.label, "" if here else current.url)
