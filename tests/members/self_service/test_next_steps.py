"""The next steps and the welcome email name the next meeting with day and time zone, or say there is none yet."""

from datetime import UTC, datetime

import pytest

from chapters.models import Chapter, Meeting
from members.models import Member
from members.review.services import approve
from s4jr.mail.models import OutgoingEmail
from tests import cast, make
from tests.chapters import cast as people

pytestmark = pytest.mark.django_db
STARTS = datetime(2099, 12, 9, 0, 0, tzinfo=UTC)


def meeting(title="Meeting", **said):
    said = {
        "kind": "organizing", "audience": "members", "zone": "America/Toronto", "is_published": True,
        "starts_at": STARTS, "ends_at": STARTS.replace(hour=2), **said,
    }  # fmt: skip
    return Meeting.objects.create(title=title, **said)


def welcome_email(**answers):
    member = cast.waiting(**answers)
    approve(member.as_read, by=make.admin("ada"))
    return OutgoingEmail.objects.get(kind="welcome")


class TestThePage:
    def test_meetings_have_a_date_and_time_zone(self, member, come_in_by_link):
        meeting()
        page = come_in_by_link(member).content.decode()
        assert "Tuesday, December 8, 2099 at 7:00 p.m. Eastern Time" in page

    def test_it_lists_only_meetings_they_may_join(self, member, come_in_by_link):
        lakeside = Chapter.objects.create(slug="lakeside", name="Lakeside", status="open", country="CA")
        meeting("For all", audience="public"), meeting("Of Ontario", region="CA-ON")
        meeting("Of Quebec", region="CA-QC"), meeting("Of Lakeside", chapter=lakeside)
        meeting("Of representatives", audience="representatives"), meeting("Canceled", is_canceled=True)
        meeting("Not published", is_published=False)
        titles = {one.title for one, _when in come_in_by_link(member).context["meetings"]}
        assert titles == {"For all", "Of Ontario"}

    def test_without_one_it_says_so(self, member, come_in_by_link):
        assert "No date is set yet. We’ll email you." in come_in_by_link(member).content.decode()

    def test_chapter_volunteering_and_agreement_are_there(self, member, come_in_by_link):
        lakeside = Chapter.objects.create(slug="lakeside", name="Lakeside", status="open", country="CA")
        Member.objects.update(chapter=lakeside)
        page = come_in_by_link(member).content.decode()
        said = ["Your chapter is Lakeside.", "Policy advocacy, Behind-the-scenes work", "2026-11 draft", "/agreement/"]
        assert [words for words in said if words not in page] == []

    def test_the_representative_of_their_place_is_named_only_if_visible(self, member, come_in_by_link):
        people.representative()
        people.representative("bram", display_name="Bram Hidden", shows_region=False)
        shown = come_in_by_link(member).content.decode()
        assert ("<strong>Orla Invented</strong> represents Ontario" in shown, "Bram Hidden" in shown) == (True, False)

    def test_the_representative_of_a_whole_country_is_named_there(self, member, come_in_by_link):
        Member.objects.filter(pk=member.pk).update(country="IE", region="")
        people.representative(place="IE", shows_region=False)
        assert "<strong>Orla Invented</strong> represents Ireland" in come_in_by_link(member).content.decode()

    @pytest.mark.parametrize("status", ["waiting", "declined", "left", "lapsed"])
    def test_for_everyone_else_it_is_calm_and_has_no_meetings(self, member, come_in_by_code, status):
        cast.put(member, status)
        meeting()
        page = come_in_by_code(member).content.decode()
        assert ("Meetings you can join" in page, "/my-details/pause-or-leave/" in page) == (False, True)

    def test_a_member_without_email_reads_the_same_by_code(self, come_in_by_code):
        member = cast.ask(cast.without_email())
        cast.put(member, "approved")
        meeting()
        page = come_in_by_code(member).content.decode()
        said = ["7:00 p.m. Eastern Time", "camera and speaking are optional", "/contact/", "Take a break or leave"]
        assert [words for words in said if words not in page] == []


class TestTheWelcomeEmail:
    @pytest.mark.parametrize("contact", ["yes", "discreet"])
    def test_it_names_the_next_meeting_and_what_to_expect(self, contact):
        meeting()
        body = " ".join(welcome_email(contact=contact).body.split())
        said = ["Tuesday, December 8, 2099 at 7:00 p.m. Eastern Time", "Camera and speaking are optional", "listen"]
        assert [words for words in said if words not in body] == []

    @pytest.mark.parametrize("contact", ["yes", "discreet"])
    def test_without_one_it_says_that_we_will_write(self, contact):
        assert "No date is set yet. We will email you." in " ".join(welcome_email(contact=contact).body.split())

    def test_it_says_who_to_write_to(self, settings):
        assert f"{settings.SITE_URL}/contact/" in welcome_email().body

    def test_the_discreet_one_names_neither_cause_nor_site(self, settings):
        settings.SITE_URL = "https://coalition.example"
        email = welcome_email(contact="discreet")
        said = f"{email.subject} {email.body}".lower()
        assert [word for word in settings.COALITION_WORDS if word in said] == []

    def test_a_meeting_of_another_place_is_not_in_it(self):
        meeting(region="CA-QC")
        assert "No date is set yet" in " ".join(welcome_email().body.split())

    def test_its_link_to_leave_works(self, client):
        link = cast.paths_in(welcome_email().body)[-1]
        client.post(link, {"do": "withdraw"})
        assert Member.objects.count() == 0

    def test_thirty_take_one_query_for_meetings(self, django_assert_num_queries):
        for number in range(30):
            meeting(chapter=cast.one_of_many(number).chapter)
        ada = make.admin("ada")
        with django_assert_num_queries(11):
            approve(Member.objects.waiting(), by=ada)
