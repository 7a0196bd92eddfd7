"""The six sections of the admin: on every page an admin works on, with only what they may see."""

from datetime import UTC, datetime

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Permission
from django.urls import reverse

from chapters.models import Chapter, Meeting, Representative, RepresentativeMessage, VolunteerOffer
from members.inquiries import services
from members.models import Announcement, Inquiry
from s4jr.accounts.admin_navigation import SECTIONS, navigation_for
from s4jr.accounts.models import User
from tests import cast, make
from tests.chapters.cast import chapter, representative
from tests.chapters.meetings.meetings import series
from tests.members.announcements.cast import announcement
from tests.members.inquiries import people
from tests.reading import Page, words

pytestmark = pytest.mark.django_db

SIX = ["Inbox", "People", "Announcements", "Website", "Chapters and meetings", "Settings"]
#: Where each page is: the section and the list that it marks as current, by its URL name and query string.
PAGES = {
    "admin:index": ("Inbox", "To do"),
    "admin:members_inquiry_changelist": ("Inbox", "Inquiries"),
    "admin:chapters_representativemessage_changelist": ("Inbox", "Representatives’ messages"),
    "admin:chapters_conversationmessage_changelist": ("Inbox", "Reported messages"),
    "admin:chapters_volunteeroffer_changelist": ("Inbox", "Volunteer offers"),
    "admin:conversations_savedreply_changelist": ("Inbox", "Saved replies"),
    "admin:members_member_changelist": ("People", None),
    "admin:members_member_find": ("People", None),
    "admin:members_announcement_changelist": ("Announcements", None),
    "admin:members_announcement_add": ("Announcements", None),
    "admin:content_textblock_changelist": ("Website", "Page text"),
    "admin:content_textblock_emails": ("Website", "Email text"),
    "admin:content_textblock_places": ("Website", "Text about places"),
    "admin:pages_statistic_changelist": ("Website", "Statistics and sources"),
    "admin:pages_supportline_add": ("Website", "Support lines"),
    "admin:pages_teammember_changelist": ("Website", "Team"),
    "admin:chapters_chapter_changelist": ("Chapters and meetings", "Chapters"),
    "admin:chapters_representative_add": ("Chapters and meetings", "Representatives"),
    "manage_meetings": ("Chapters and meetings", "Meetings"),
    "manage_new": ("Chapters and meetings", "Meetings"),
    "admin:accounts_user_changelist": ("Settings", "Users"),
    "admin:auth_group_changelist": ("Settings", "Roles"),
    "admin:mail_outgoingemail_changelist": ("Settings", "Emails"),
    "admin:mail_suppression_add": ("Settings", "Do-not-email list"),
    "admin:audit_accesslog_changelist": ("Settings", "Access log"),
    "admin:mail_test_email": ("Settings", "Test email"),
    "admin:members_member_import": ("Settings", "Import"),
    "admin_guide": ("Settings", "Guide"),
    "mfa_index": ("Settings", None),
    "account_change_password": ("Settings", None),
    "account_display_name": ("Settings", None),
    "admin_email": ("Settings", None),
}


def address_of(name):
    view, mark, query = name.partition("?")
    return reverse(view) + mark + query


def page_of(client, address):
    answer = client.get(address, follow=True)
    assert answer.status_code == 200
    return Page(answer.content.decode())


def links_within(page, class_):
    """The text of each link in the navigation of this class, with whether it is marked as current."""
    bars = [at for at, element in enumerate(page.elements) if element.get("class") == class_]
    if not bars:
        return []
    after = page.elements[bars[0] + 1 :]
    end = next((at for at, element in enumerate(after) if element["tag"] not in ("ul", "ol", "li", "a", "span")), None)
    return [(words(e), "aria-current" in e) for e in after[:end] if e["tag"] in ("a", "span")]


def names_within(page, class_):
    return [name for name, _is_current in links_within(page, class_)]


def current_within(page, class_):
    return next((name for name, is_current in links_within(page, class_) if is_current), None)


@pytest.mark.parametrize(("name", "where"), PAGES.items(), ids=PAGES)
def test_every_page_has_the_six_sections_and_marks_where_it_is(client, name, where):
    make.signed_in_staff(client)
    page = page_of(client, address_of(name))
    assert names_within(page, "sections") == SIX
    assert (current_within(page, "sections"), current_within(page, "tabs")) == where


def test_every_list_of_the_sections_opens(client):
    make.signed_in_staff(client)
    urls = [page.url for section in SECTIONS for page in section.pages]
    asks_again = reverse("admin:members_member_export")
    assert {url: client.get(url).status_code for url in urls if url != asks_again} == {
        url: 200 for url in urls if url != asks_again
    }


def test_the_pages_of_one_record_and_of_a_decision_have_them_too(client):
    make.signed_in_staff(client)
    member, inquiry, plan = cast.waiting(), people.written(), series()
    client.post(reverse("admin:members_member_start_reading"))
    addresses = [
        reverse("admin:members_member_read"),
        reverse("admin:members_member_not_now", args=[member.pk]) + "?version=1",
        reverse("admin:members_member_change", args=[member.pk]),
        reverse("admin:members_inquiry_change", args=[inquiry.pk]),
        reverse("manage_series", args=[plan.pk]),
        reverse("manage_meeting", args=[plan.meetings.first().pk]),
        reverse("edit_text_block", args=["our-why"]) + "?language=en&back=/why/",
    ]
    pages = [page_of(client, address) for address in addresses]
    assert [names_within(page, "sections") for page in pages] == [SIX] * len(addresses)
    assert [current_within(page, "sections") for page in pages] == [
        "People", "People", "People", "Inbox", "Chapters and meetings", "Chapters and meetings", "Website",
    ]  # fmt: skip


def with_rights(client, *codenames):
    user = make.signed_in_staff(client, "cleo", superuser=False)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


@pytest.mark.parametrize(
    ("rights", "sections"),
    [
        ([], ["Inbox", "Settings"]),
        (["change_member"], ["Inbox", "People", "Settings"]),
        (["change_textblock"], ["Inbox", "Website", "Settings"]),
        (["change_meetingseries"], ["Inbox", "Chapters and meetings", "Settings"]),
    ],
)
def test_what_a_role_may_not_see_is_left_out(client, rights, sections):
    with_rights(client, *rights)
    assert names_within(page_of(client, reverse("admin:index")), "sections") == sections


def test_a_list_that_a_role_may_not_see_is_left_out_of_its_section(client):
    with_rights(client, "read_press", "change_user", "export_member")
    page = page_of(client, reverse("admin:accounts_user_changelist"))
    assert names_within(page, "tabs") == ["Users", "Export", "Guide"]
    assert names_within(page_of(client, reverse("admin:index")), "tabs") == ["To do", "Inquiries", "Saved replies"]


def test_a_section_leads_to_the_first_list_that_a_role_may_see(client):
    with_rights(client, "change_supportline")
    page = page_of(client, reverse("admin:index"))
    (website,) = [e["href"] for e in page.all(tag="a") if words(e) == "Website"]
    assert website == reverse("admin:pages_supportline_changelist")


def test_a_representative_who_is_no_admin_does_not_see_them(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    client.force_login(representative("orla").user)
    page = page_of(client, reverse("manage_meetings"))
    assert (page.all(class_="sections"), len(page.all(class_="staff-bar"))) == ([], 1)


def headers(page):
    """What stands above the content: the header of the admin, that of the site, and the bar of who is signed in."""
    return [len(page.all(id="user-tools")), len(page.all(class_="masthead")), len(page.all(class_="staff-bar"))]


def test_pages_of_the_site_that_admins_work_on_have_the_header_of_the_admin_alone(client):
    make.signed_in_staff(client)
    addresses = [
        reverse("admin:index"),
        reverse("manage_meetings"),
        reverse("manage_series", args=[series().pk]),
        reverse("edit_text_block", args=["our-why"]) + "?language=en&back=/why/",
        reverse("account_change_password"),
    ]
    assert [headers(page_of(client, address)) for address in addresses] == [[1, 0, 0]] * len(addresses)


def test_for_a_representative_the_same_pages_have_the_header_of_the_site(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    client.force_login(representative("orla").user)
    addresses = [reverse("manage_meetings"), reverse("mfa_index")]
    assert [headers(page_of(client, address)) for address in addresses] == [[0, 1, 1], [0, 1, 0]]


def test_the_header_leads_to_how_you_sign_in(client):
    make.signed_in_staff(client)
    page = page_of(client, reverse("admin:index"))
    (tools,) = [at for at, element in enumerate(page.elements) if element.get("id") == "user-tools"]
    links = [(words(e), e["href"]) for e in page.elements[tools:] if e["tag"] == "a"][:2]
    assert links == [("View site", reverse("home")), ("How you sign in", reverse("mfa_index"))]


def test_a_reader_of_the_site_does_not_see_them(client):
    assert page_of(client, "/").all(class_="sections") == []


# --- breadcrumbs


def crumbs(client, address):
    return names_within(page_of(client, address), "crumbs")


def test_breadcrumbs_are_alike_on_every_page(client):
    ada = make.signed_in_staff(client, "ada")
    found = {
        "list": crumbs(client, reverse("admin:accounts_user_changelist")),
        "record": crumbs(client, reverse("admin:accounts_user_change", args=[ada.pk])),
        "new": crumbs(client, reverse("admin:accounts_user_add")),
        "one list": crumbs(client, reverse("admin:members_member_changelist")),
        "below one list": crumbs(client, reverse("admin:members_member_find")),
        "our own form": crumbs(client, reverse("admin:chapters_representative_add")),
        "meeting": crumbs(client, reverse("manage_series", args=[series().pk])),
        "password": crumbs(client, reverse("account_change_password")),
        "email": crumbs(client, reverse("admin_email")),
        "message to guests": crumbs(client, reverse("host_message", args=[series().meetings.first().pk])),
    }
    assert found == {
        "list": ["Settings", "Users"],
        "record": ["Settings", "Users", "ada"],
        "new": ["Settings", "Users", "Add user"],
        "one list": ["People"],
        "below one list": ["People", "Find a person"],
        "our own form": ["Chapters and meetings", "Representatives", "Appoint a representative"],
        "meeting": ["Chapters and meetings", "Meetings", "Writing to a legislator"],
        "password": ["Settings", "How you sign in", "Change your password"],
        "email": ["Settings", "How you sign in", "Your email"],
        "message to guests": ["Chapters and meetings", "Meetings", "Writing to a legislator"],
    }


def test_a_record_is_called_what_people_call_it():
    sent = Announcement(subject="Thursday", started_at=datetime(2026, 12, 3, 17, tzinfo=UTC))
    inquiry, message, offer = (model(number="W4F2A91") for model in (Inquiry, RepresentativeMessage, VolunteerOffer))
    meeting = Meeting(starts_at=datetime(2026, 12, 4, 0, tzinfo=UTC), zone="America/New_York")
    called = [
        str(row) for row in (sent, inquiry, message, offer, Representative(country="CA", region="CA-ON"), meeting)
    ]
    assert called == [
        "Thursday, December 3, 2026",
        "Inquiry W4F2A91",
        "Conversation No. W4F2A91",
        "Offer No. W4F2A91",
        "Representative: Ontario",
        "Meeting on Thursday, December 3, 2026 at 7:00 p.m.",
    ]


def test_the_breadcrumbs_name_an_announcement_by_its_subject_and_day(client):
    make.signed_in_staff(client)
    draft = announcement(subject="Thursday")
    pages = ["admin:members_announcement_change", "admin:members_announcement_look"]
    found = [crumbs(client, reverse(page, args=[draft.pk])) for page in pages]
    assert found == [["Announcements", str(draft)]] * 2


def test_the_button_of_a_list_says_what_happens(client):
    make.signed_in_staff(client)
    page = page_of(client, reverse("admin:chapters_representative_changelist"))
    assert words(page.one(class_="addlink")) == "Appoint a representative"


def test_no_page_shows_the_breadcrumbs_of_django(client):
    make.signed_in_staff(client)
    pages = [page_of(client, address_of(name)) for name in PAGES]
    assert [e for page in pages for e in page.all(class_="breadcrumbs")] == []


# --- what went from the pages of Django


def test_there_is_no_sidebar_and_no_page_of_one_app(client):
    make.signed_in_staff(client)
    assert page_of(client, reverse("admin:accounts_user_changelist")).all(id="nav-sidebar") == []
    answer = client.get(reverse("admin:app_list", args=["members"]))
    assert (answer.status_code, answer["Location"]) == (302, reverse("admin:index"))


def test_history_is_offered_only_where_there_is_some(client):
    ada, place = make.signed_in_staff(client), chapter(slug="harbor")
    address = reverse("admin:chapters_chapter_change", args=[place.pk])
    before = page_of(client, address).all(class_="historylink")
    LogEntry.objects.log_actions(ada.pk, [place], CHANGE, single_object=True)
    assert (len(before), len(page_of(client, address).all(class_="historylink"))) == (0, 1)


def test_a_form_has_one_main_button_and_its_delete_button_is_last(client):
    make.signed_in_staff(client)
    page = page_of(client, reverse("admin:chapters_chapter_change", args=[chapter(slug="harbor").pk]))
    (row,) = [at for at, e in enumerate(page.elements) if e.get("class") == "submit-row"]
    buttons = [(e.get("value") or words(e), e.get("class")) for e in page.elements[row + 1 : row + 3]]
    assert buttons == [("Save", "default"), ("Delete", "button--danger")]


def test_deleting_asks_first_and_its_way_back_needs_no_script(client):
    make.signed_in_staff(client)
    place = chapter(slug="harbor")
    page = page_of(client, reverse("admin:chapters_chapter_delete", args=[place.pk]))
    (row,) = [at for at, e in enumerate(page.elements) if e.get("class") == "button-row"]
    back, delete = page.elements[row + 1 : row + 3]
    assert (back["href"], delete["class"]) == (
        reverse("admin:chapters_chapter_change", args=[place.pk]), "button--danger",
    )  # fmt: skip
    client.post(reverse("admin:chapters_chapter_delete", args=[place.pk]), {"post": "yes"})
    assert Chapter.objects.count() == 0


def chapters(count):
    Chapter.objects.all().delete()
    for number in range(count):
        Chapter.objects.create(slug=f"chapter-{number}", name=f"Chapter {number}", status="closed")


@pytest.mark.parametrize(("count", "query", "has_filters"), [(19, "", 0), (20, "", 1), (19, "?status__exact=open", 1)])
def test_a_short_list_has_no_filters_unless_one_narrows_it(client, count, query, has_filters):
    make.signed_in_staff(client)
    chapters(count)
    page = page_of(client, reverse("admin:chapters_chapter_changelist") + query)
    assert len(page.all(id="changelist-filter")) == has_filters


def test_a_short_list_that_opens_narrowed_keeps_its_filters(client):
    """Without them, an answered inquiry could not be found."""
    ada = make.signed_in_staff(client)
    services.close(people.these(people.written()), by=ada, seen=1)
    page = page_of(client, reverse("admin:members_inquiry_changelist"))
    assert len(page.all(id="changelist-filter")) == 1


def test_filters_show_no_counts(client):
    make.signed_in_staff(client)
    chapters(20)
    page = page_of(client, reverse("admin:chapters_chapter_changelist") + "?_facets=True")
    (filters,) = page.all(id="changelist-filter")
    assert ("Show counts" in filters["text"], "(20)" in filters["text"]) == (False, False)


def test_a_narrow_list_says_the_heading_of_each_cell(client):
    make.signed_in_staff(client)
    chapters(1)
    page = page_of(client, reverse("admin:chapters_chapter_changelist"))
    labels = [e["data-label"] for e in page.elements if "data-label" in e]
    assert labels[:3] == ["name", "Place", "status"]
    assert [e["role"] for e in page.elements if "data-label" in e][:3] == ["rowheader", "cell", "cell"]


def test_a_message_says_in_a_word_what_kind_it_is(client):
    make.signed_in_staff(client)
    client.get(reverse("admin_guide"))  # it shows what signing in said
    stop = reverse("admin:mail_suppression_add")
    done = client.post(stop, {"address": "wren@mailbox.example"}, follow=True)
    (listed,) = Page(done.content.decode()).all(class_="messagelist")
    assert words(listed) == "Done This address gets no emails from us."


def test_the_navigation_takes_the_same_queries_whoever_else_there_is(client, django_assert_num_queries):
    """It reads the permissions of this user and nothing else."""
    ada = make.signed_in_staff(client, "ada", superuser=False)
    request = client.get(reverse("admin_guide")).wsgi_request
    request.user = User.objects.get(pk=ada.pk)
    with django_assert_num_queries(2):  # their own permissions, and those of their groups
        navigation_for(request)
