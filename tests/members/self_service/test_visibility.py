"""The visibility columns match what each role's page shows: compared by field, in both directions."""

import html
import re

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from chapters.models import Chapter
from members.admin import ABOUT_IT
from members.import_export.exporter import export
from members.models import Member, Sharing
from members.review.record_access import RECORD
from members.rsvps.services import make_rsvp
from members.self_service import services, sharing, visibility
from members.self_service.session import Reach
from s4jr.erasure.inventory import entries_of
from s4jr.erasure.rules import Reader
from tests import cast, make
from tests.chapters.cast import of_chapter, one_of_many_chapters, person
from tests.chapters.meetings.meetings import make_meeting, meeting_of_a_series
from tests.members.skills.people import TOPIC, skill_of
from tests.query_counts import for_one_and_thirty
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
#: A unique word for each field.
CANARIES = {
    "name": "Canaryname", "pronouns": "canarypronouns", "email": "canary@mailbox.example", "relation": "both",
    "ways_to_help": "policy", "access_needs": "canaryneeds", "message": "canarymessage",
}  # fmt: skip


@pytest.fixture
def member(db):
    member = cast.waiting(**CANARIES, newsletter=True)
    cast.put(member, "approved")
    lakeside = Chapter.objects.create(slug="lakeside", name="Lakeside", status="open", country="CA", region="CA-ON")
    Member.objects.update(chapter=lakeside, new_email="new@mailbox.example", new_email_index="x")
    return Member.objects.get()


def rows(member, reach=Reach.WHOLE):
    return {row.name: row for row in visibility.everything(member, reach, is_proved=reach is not Reach.CODE)}


def record_page(client, member):
    """Returns the record page of the admin: the text beside each field's name."""
    make.signed_in_staff(client)
    address = f"/manage/members/member/{member.pk}/change/"
    client.post(address, {"reason": "a test"})
    fields = {}
    for field in re.findall(r'field-(\w+)">(.*?)</div>\s*</div>', client.get(address).content.decode(), re.DOTALL):
        fields[field[0]] = html.unescape(re.sub(r"<[^>]+>", " ", field[1].partition("</label>")[2]))
    return {name: " ".join(said.split()) for name, said in fields.items()}


class TestReviewers:
    def test_the_column_is_the_record_page(self, client, member):
        shown, column = record_page(client, member), {name: row.deciding for name, row in rows(member).items()}
        both = [name for name in RECORD + ABOUT_IT if name not in visibility.REVIEWERS_OWN]
        assert {name: column[name] for name in both} == {name: shown[name] for name in both}

    def test_the_column_has_more_than_the_record_page_only_for_the_export(self, client, member):
        admin = make.admin("bo")
        listed = b"".join(export(Member.objects.all(), by=admin, reason="a test")).decode()
        shown = record_page(client, member)
        beyond = {name for name, row in rows(member).items() if row.deciding is not None} - shown.keys()
        assert beyond == {"newsletter", "public_status"}
        assert '"newsletter"' in listed

    def test_no_canary_that_the_column_leaves_out_is_on_the_record_page_or_in_the_export(self, client, member):
        listed = b"".join(export(Member.objects.all(), by=make.admin("bo"), reason="a test")).decode()
        seen = " ".join(record_page(client, member).values()) + listed
        hidden = [name for name, row in rows(member).items() if row.deciding is None]
        canaries = {**CANARIES, "new_email": "new@mailbox.example", "chapter": "Lakeside"}
        assert [name for name in hidden if name in canaries and canaries[name] in seen] == []
        assert {"relation", "new_email", "chapter"} <= set(hidden)

    def test_a_decision_that_can_be_undone_is_not_shown(self, member):
        before = rows(member)
        cast.put(member, "ending_membership")
        member.refresh_from_db()
        assert rows(member) == before


class TestRepresentatives:
    @pytest.mark.parametrize("fields", [["name"], ["pronouns", "access_needs"], list(Sharing.Field.values), []])
    def test_the_column_is_the_fragment_they_see(self, member, fields):
        audience = sharing.Audience(region="CA-ON")
        services.share(member, audience, fields)
        fragment = render_to_string(
            "members/_shown_to_representative.html", {"shown": sharing.as_shown_to(audience, member)}
        )
        shown = {e["data-name"]: words(e) for e in Page(fragment).elements if e.get("data-name")}
        column = {name: row.representative for name, row in rows(member).items() if row.representative is not None}
        assert (set(shown), set(column)) == (set(fields), set(fields))
        assert [name for name in fields if column[name].removesuffix(" (Ontario)") not in shown[name]] == []

    def test_no_unshared_canary_is_in_the_fragment(self, member):
        audience = sharing.Audience(region="CA-ON")
        services.share(member, audience, ["pronouns"])
        shown = sharing.as_shown_to(audience, member)
        fragment = render_to_string("members/_shown_to_representative.html", {"shown": shown})
        assert [name for name, canary in CANARIES.items() if canary in fragment] == ["pronouns"]

    def test_of_the_topics_they_see_the_shared_ones(self, member):
        skill_of(member, "whittling"), skill_of(member, "knots", "learn", is_shared=False)
        row = rows(member)["skills"]
        assert (row.you, row.deciding, row.representative, row.public) == (
            "I can teach: whittling\nI’d like to learn: knots", None, "I can teach: whittling", None,
        )  # fmt: skip

    def test_during_a_pause_they_see_no_topic(self, member):
        skill_of(member)
        Member.objects.update(paused_at=timezone.now())
        assert rows(Member.objects.get())["skills"].representative is None

    def test_a_code_or_a_link_alone_shows_no_topic(self, member):
        skill_of(member)
        seen = [rows(member, reach)["skills"] for reach in (Reach.CODE, Reach.LINK)]
        assert [(row.is_left_out, TOPIC in str(row)) for row in seen] == [(True, False)] * 2

    def test_an_address_can_never_be_shared(self):
        assert {"email", "message", "relation", "new_email"} & set(Sharing.Field.values) == set()


class TestEverything:
    def test_the_public_sees_nothing(self, member):
        assert {row.public for row in rows(member).values()} == {None}

    def test_everything_the_data_inventory_shows_them_is_in_a_row(self):
        told = {name for thing in visibility.THINGS.values() for name in thing.fields}
        readable = {entry.name for entry in entries_of(Member) if Reader.YOU in entry.readers}
        assert readable - told == {
            "id", "parting_email", "status", "decided_at", "effective_at", "confirm_until", "list_due_at",
            "reminded_days",
        }  # fmt: skip

    def test_no_row_shows_what_the_data_inventory_hides_from_them(self):
        told = {name for thing in visibility.THINGS.values() for name in thing.fields}
        hidden = {entry.name for entry in entries_of(Member) if Reader.YOU not in entry.readers}
        assert told & hidden == {"email_index", "word_hash", "code_hash"}

    def test_secrets_are_reported_as_set_and_never_shown(self, member):
        shown = rows(member)
        assert (shown["code_hash"].you, shown["word_hash"].you) == ("set", "")

    def test_with_a_code_alone_no_column_contains_answers(self, member):
        said = str(list(rows(member, Reach.CODE).values()))
        assert [canary for canary in CANARIES.values() if canary in said] == []

    def test_the_page_shows_every_row_with_a_value(self, member, come_in_by_link):
        page = Page(come_in_by_link(member).content.decode())
        shown = [element["data-name"] for element in page.elements if element.get("data-name")]
        assert shown == [name for name, row in rows(member).items() if row.holds_something]

    @pytest.mark.parametrize("page", ["/my-details/", "/my-details/all/show/", "/my-details/change/sharing/"])
    def test_a_page_takes_the_same_queries_for_one_of_everything_and_for_thirty(
        self, client, member, come_in_by_link, page
    ):
        """Each meeting is of a series and a chapter of its own, each representative is another user of their chapter,
        each sharing is with another chapter."""
        come_in_by_link(member)
        make_meeting(audience="members")

        def create(number):
            cast.written(about=member.about, to=member.email)
            make_rsvp(meeting_of_a_series(number).pk, member, needs=f"Needs {number}")
            of_chapter(member.chapter, f"bram{number}", appointed_by=person(f"ada{number}"))
            today = timezone.now().date()
            Sharing.objects.create(member=member, chapter=one_of_many_chapters(number), fields="name", since=today)

        one, thirty = for_one_and_thirty(create, lambda: client.get(page))
        assert (one, client.get(page).status_code, member.rsvps.count()) == (thirty, 200, 30)
