"""Members change their information by section; the address changes only once the new inbox confirms."""

import html
import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from chapters.models import Chapter
from members import emails
from members.links import make_links
from members.models import Member, MemberLink, Sharing
from members.purge import purge
from members.self_service.address_change import erase_address
from s4jr.audit.models import AccessLog
from s4jr.mail.mailbox import mailbox_index
from s4jr.mail.models import OutgoingEmail, Suppression
from s4jr.mail.services import queue_emails
from tests import cast, make
from tests.reading import Page

pytestmark = pytest.mark.django_db
NEW = "new@mailbox.example"


@pytest.fixture
def change(client, member, come_in_by_link):
    """`change(part, **answers)` sends a form as Rosalind, signed in by a link."""
    come_in_by_link(member)

    def press(part, **answers):
        return client.post(f"/my-details/change/{part}/", answers)

    return press


def now(member):
    member.refresh_from_db()
    return member


def change_emails():
    return list(OutgoingEmail.objects.filter(kind="confirm-change"))


def confirm_by_link(client, outgoing):
    return client.post(cast.paths_in(outgoing.body)[0], follow=True)


class TestAnswers:
    def test_name_pronouns_and_relation(self, change, member):
        change("about-you", name="Ros", pronouns="", relation="ally")
        assert (now(member).name, member.pronouns, member.relation) == ("Ros", "", "ally")

    def test_a_deleted_relation_is_not_asked_for_again(self, client, change, member):
        Member.objects.update(relation="", emptied_on="2026-01-01")
        page = client.get("/my-details/change/about-you/").content.decode()
        change("about-you", name="Ros", pronouns="", relation="ally")
        assert ('name="relation"' in page, now(member).name, member.relation) == (False, "Ros", "")

    def test_a_name_is_required(self, change, member):
        page = change("about-you", name="").content.decode()
        assert ("<title>Error: Change</title>" in page, now(member).name) == (True, cast.NAME)

    def test_place_and_chapter(self, change, member):
        hills = Chapter.objects.create(slug="hills", name="Hills", status="open", country="US", region="US-VT")
        change("place", country="", region="US-VT", chapter=hills.pk)
        assert (now(member).country, member.region, member.chapter) == ("US", "US-VT", hills)

    @pytest.mark.parametrize(
        ("typed", "codes"),
        [("PA", ("US", "US-PA")), ("Scotland", ("GB", "GB-SCT")), ("Mexico", ("MX", "")), ("", ("", ""))],
    )
    def test_a_typed_place_is_stored_as_its_codes(self, change, member, typed, codes):
        change("place", place=typed)
        assert (now(member).country, member.region) == codes

    def test_the_place_is_filled_in_by_its_full_name(self, client, change, member):
        page = Page(client.get("/my-details/change/place/").content.decode())
        assert page.one(name="place")["value"] == "Ontario, Canada"
        assert {box.get("value", "") for box in page.all(type="hidden") if box["name"] in ("country", "region")} == {""}

    def test_a_misspelled_place_changes_nothing_and_offers_the_nearest(self, change, member):
        page = Page(change("place", place="Ontaro").content.decode())
        assert (now(member).region, [box["value"] for box in page.all(type="radio")]) == ("CA-ON", ["CA-ON"])

    def test_a_closed_chapter_cannot_be_chosen(self, change, member):
        asked = Chapter.objects.create(slug="asked", name="Asked", status="asked", country="US")
        change("place", country="US", region="", chapter=asked.pk)
        assert (now(member).chapter, member.country) == (None, "CA")

    def test_a_region_of_another_country_gets_an_error(self, change):
        assert "isn’t in the country you chose" in change("place", country="US", region="CA-QC").content.decode()

    def test_volunteering_and_access_needs(self, change, member):
        change("help", ways_to_help=["media"], access_needs="large print")
        assert (now(member).ways_to_help, member.access_needs) == ("media", "large print")

    def test_news_and_language(self, change, member):
        change("letters", contact="yes", newsletter="on", language="fr-ca")
        assert (now(member).newsletter, member.language) == (True, "fr-ca")

    def test_the_forms_contain_the_stored_answers(self, client, change):
        pages = [client.get(f"/my-details/change/{part}/").content.decode() for part in ("about-you", "help")]
        assert [said in pages[0] for said in (cast.NAME, "ze/hir")] == [True, True]
        assert (pages[1].count("checked"), "captions" in pages[1]) == (2, True)

    def test_the_access_log_contains_none_of_it(self, change):
        change("about-you", name="Ros")
        assert AccessLog.objects.count() == 0

    def test_an_unknown_section_is_a_404(self, client, change):
        assert client.get("/my-details/change/status/").status_code == 404


class TestNews:
    def test_unchecking_it_cancels_pending_announcements_and_no_other_emails(self, change, member):
        Member.objects.filter(pk=member.pk).update(newsletter=True)
        to_many, another = (cast.written(kind=kind, about=member.about) for kind in ("announcement", "welcome"))
        change("letters", contact="yes", language="en")
        assert (now(to_many).state, now(another).state) == ("canceled", "pending")

    def test_news_stopped_by_a_link_shows_as_off_and_starts_again_when_checked(self, client, change, member):
        Member.objects.filter(pk=member.pk).update(newsletter=True)
        stop_news(member)
        before = client.get("/my-details/change/letters/").content.decode()
        change("letters", contact="yes", newsletter="on", language="en")
        after = client.get("/my-details/change/letters/").content.decode()
        ticked = ["checked" in re.search('<input[^>]*name="newsletter"[^>]*>', page)[0] for page in (before, after)]
        assert (ticked, Suppression.objects.count()) == ([False, True], 0)

    def test_a_code_alone_neither_starts_it_nor_lifts_a_suppression(self, client, member, come_in_by_code):
        stop_news(member)
        come_in_by_code(member)
        client.post("/my-details/change/letters/", {"contact": "yes", "newsletter": "on", "language": "en"})
        assert (now(member).newsletter, Suppression.objects.count()) == (False, 1)

    def test_a_code_alone_ends_it(self, client, member, come_in_by_code):
        Member.objects.update(newsletter=True)
        come_in_by_code(member)
        client.post("/my-details/change/letters/", {"contact": "yes", "language": "en"})
        assert now(member).newsletter is False

    def test_changing_the_address_keeps_a_suppression(self, client, change, member):
        Member.objects.filter(pk=member.pk).update(newsletter=True)
        stop_news(member)
        change("address", email=NEW)
        page = confirm_by_link(client, change_emails()[0])
        assert (now(member).email, member.newsletter) == (NEW, False)
        assert "check the box for news again" in page.content.decode()


class TestBecomingDiscreet:
    def test_a_pending_welcome_email_is_rewritten_and_names_no_cause(self, change, member, settings):
        queue_emails(emails.welcome([member]))
        change("letters", contact="discreet", language="en")
        [outgoing] = OutgoingEmail.objects.filter(kind="welcome")
        said = f"{outgoing.subject} {outgoing.body}".lower()
        assert (outgoing.state, [word for word in settings.COALITION_WORDS if word in said]) == ("pending", [])

    @pytest.mark.parametrize("state", ["committing", "sent"])
    def test_one_that_has_left_is_not_written_twice(self, change, member, state):
        queue_emails(emails.welcome([member]))
        when = timezone.now()
        settled = {"sent_at": when} if state == "sent" else {"claim": uuid4(), "lease_until": when}
        OutgoingEmail.objects.filter(kind="welcome").update(state=state, **settled)
        change("letters", contact="discreet", language="en")
        assert list(OutgoingEmail.objects.filter(kind="welcome").values_list("state", flat=True)) == [state]

    def test_other_pending_emails_are_canceled_except_requested_ones(self, change, member):
        for kind in ("announcement", "not-now"):
            cast.written(about=member.about, to=member.email, kind=kind)
        change("letters", contact="discreet", language="en")
        states = dict(OutgoingEmail.objects.values_list("kind", "state"))
        assert states == {"announcement": "canceled", "not-now": "canceled", "open-details": "pending"}

    def test_saving_again_cancels_nothing(self, change, member):
        Member.objects.update(contact="discreet")
        waiting = cast.written(about=member.about, to=member.email)
        change("letters", contact="discreet", language="en")
        assert now(waiting).state == "pending"


def stop_news(member):
    make.stop(member.email_index, Suppression.Reason.UNSUBSCRIBED, scope=Suppression.Scope.ANNOUNCEMENTS)


class TestTheMessage:
    @pytest.mark.parametrize(
        ("status", "said"), [("waiting", "Other words"), ("on_hold", "Other words"), ("declining", "Other words")]
    )
    def test_it_can_be_changed_before_a_decision(self, change, member, status, said):
        cast.put(member, status)
        change("message", message="Other words")
        assert now(member).message == said

    @pytest.mark.parametrize("status", ["approved", "ending_membership", "declined", "left"])
    def test_it_cannot_be_changed_later(self, change, member, status):
        cast.put(member, status)
        assert change("message", message="Other words").status_code == 404
        assert now(member).message == cast.MESSAGE


class TestTheAddress:
    def test_it_changes_once_the_new_inbox_confirms(self, client, change, member):
        change("address", email=NEW)
        assert (now(member).email, member.new_email) == (cast.ADDRESS, NEW)
        [outgoing] = change_emails()
        page = confirm_by_link(client, outgoing).content.decode()
        assert "We changed your email address." in page
        assert (now(member).email, member.new_email, member.new_email_index) == (NEW, "", None)
        assert member.email_index == cast.application(email=NEW).email_index

    def test_viewing_the_link_does_nothing_and_names_no_cause(self, client, change, member, settings):
        change("address", email=NEW)
        page = client.get(cast.paths_in(change_emails()[0].body)[0]).content.decode()
        told = [word for word in [*settings.COALITION_WORDS, "rosalind"] if word in page.lower()]
        assert (now(member).email, told) == (cast.ADDRESS, [])

    def test_the_email_to_it_names_no_one_and_no_cause(self, change, settings):
        change("address", email=NEW)
        [outgoing] = change_emails()
        said = f"{outgoing.subject} {outgoing.body}".lower()
        assert (outgoing.to, [word for word in [*settings.COALITION_WORDS, "rosalind"] if word in said]) == (NEW, [])

    def test_the_old_address_is_notified_without_the_new_one(self, client, change, settings):
        change("address", email=NEW)
        confirm_by_link(client, change_emails()[0])
        [told] = OutgoingEmail.objects.filter(kind="address-changed")
        said = f"{told.subject} {told.body}".lower()
        assert (told.to, [word for word in [*settings.COALITION_WORDS, NEW] if word in said]) == (cast.ADDRESS, [])

    def test_a_suppressed_old_address_is_not_notified(self, client, change, member):
        change("address", email=NEW)
        make.stop(member.email_index, Suppression.Reason.NEVER)
        confirm_by_link(client, change_emails()[0])
        assert OutgoingEmail.objects.filter(kind="address-changed").count() == 0

    def test_pending_emails_to_the_old_address_are_canceled_and_its_links_are_invalid(self, client, change, member):
        waiting = cast.written(about=member.about, to=cast.ADDRESS)
        [token] = make_links([member], "details", timedelta(days=1))
        change("address", email=NEW)
        confirm_by_link(client, change_emails()[0])
        waiting.refresh_from_db()
        assert (waiting.state, client.get(f"/my-details/{token}/").status_code) == ("canceled", 410)

    def test_confirming_twice_says_the_same_and_notifies_once(self, client, change):
        change("address", email=NEW)
        [outgoing] = change_emails()
        pages = [confirm_by_link(client, outgoing).status_code for _ in range(2)]
        assert (pages, OutgoingEmail.objects.filter(kind="address-changed").count()) == ([200, 200], 1)

    def test_the_next_request_ends_an_earlier_one(self, client, change, member):
        change("address", email=NEW)
        [first] = change_emails()
        change("address", email="newer@mailbox.example")
        assert confirm_by_link(client, first).status_code == 410
        assert now(member).new_email == "newer@mailbox.example"

    def test_requested_twice_the_one_email_still_works(self, client, change, member):
        change("address", email=NEW)
        change("address", email=NEW)
        [outgoing] = change_emails()
        confirm_by_link(client, outgoing)
        assert now(member).email == NEW

    def test_requested_again_after_another_one_its_email_still_works(self, client, change, member):
        for email in (NEW, "newer@mailbox.example", NEW):
            change("address", email=email)
        [outgoing] = OutgoingEmail.objects.filter(kind="confirm-change", to_index=now(member).new_email_index)
        confirm_by_link(client, outgoing)
        assert now(member).email == NEW

    def test_canceled_before_its_email_left_it_can_be_requested_again(self, client, change, member):
        change("address", email=NEW)
        client.post("/my-details/press/forget-address/")
        change("address", email=NEW)
        [outgoing] = OutgoingEmail.objects.filter(kind="confirm-change", state="pending")
        confirm_by_link(client, outgoing)
        assert now(member).email == NEW

    def test_it_can_be_canceled(self, client, change, member):
        change("address", email=NEW)
        [outgoing] = change_emails()
        link = cast.paths_in(outgoing.body)[0]
        client.post("/my-details/press/forget-address/")
        outgoing.refresh_from_db()
        assert (now(member).new_email, outgoing.state, client.post(link).status_code) == ("", "canceled", 410)

    def test_the_page_does_not_reveal_whether_someone_has_the_address(self, client, change, member):
        cast.waiting(email="known@mailbox.example", name="Somebody Else")
        pages = []
        for email in ("known@mailbox.example", "unknown@mailbox.example"):
            change("address", email=email)
            pages.append(client.get("/my-details/").content.decode().replace(email, "EMAIL"))
        pages = [re.sub(r'csrfmiddlewaretoken" value="\w+"', "", page) for page in pages]
        assert pages[0] == pages[1]

    def test_someone_elses_address_is_not_assigned_and_its_owner_reads_why(self, client, change, member):
        known = cast.waiting(email=NEW, name="Somebody Else")
        change("address", email=NEW)
        page = confirm_by_link(client, change_emails()[0]).content.decode()
        assert "This email address is already in use here" in html.unescape(page)
        assert (now(member).email, now(known).email) == (cast.ADDRESS, NEW)

    def test_an_unconfirmed_application_with_it_does_not_block_it(self, client, change, member):
        stranger = cast.ask(email=NEW, name="Somebody Else")
        change("address", email=NEW)
        confirm_by_link(client, change_emails()[0])
        assert (now(member).email, now(stranger).status) == (NEW, "unconfirmed")

    def test_five_emails_a_day_are_the_limit(self, change):
        for number in range(7):
            change("address", email=f"new{number}@mailbox.example")
        assert OutgoingEmail.objects.filter(kind="confirm-change").count() == 5

    def test_an_email_goes_after_an_earlier_one_was_purged(self, change, settings):
        for days in (settings.EMAIL_DAYS + 1, 10):
            change("address", email=NEW)
            then = timezone.now() - timedelta(days=days)
            OutgoingEmail.objects.filter(state="pending").update(state="sent", sent_at=then, created_at=then)
        purge()
        change("address", email=NEW)
        assert sorted(outgoing.state for outgoing in change_emails()) == ["pending", "sent"]

    def test_tagged_spellings_of_an_inbox_share_its_emails_and_cost_the_untagged_address_none(self, change):
        for number in range(3):
            change("address", email=f"new+{number}@mailbox.example")
        change("address", email=NEW)
        assert sorted(outgoing.to for outgoing in change_emails()) == ["new+0@mailbox.example", NEW]

    @pytest.mark.parametrize(("email", "index"), [(NEW, None), ("new+x@mailbox.example", "new+y@mailbox.example")])
    def test_the_inbox_index_changes_and_is_deleted_with_it(self, client, change, member, email, index):
        Member.objects.filter(pk=member.pk).update(limit_index="of the old address")
        change("address", email=email)
        confirm_by_link(client, change_emails()[0])
        moved = now(member).limit_index
        erase_address(Member.objects.filter(pk=member.pk))
        assert (moved, now(member).limit_index) == (index and mailbox_index(index), None)


class TestNeverEmailed:
    def test_the_address_and_every_email_and_link_are_deleted_right_away(self, client, change, member):
        waiting = cast.written(about=member.about, to=cast.ADDRESS)
        change("address", email=NEW)
        change("letters", contact="none", newsletter="on", language="en")
        waiting.refresh_from_db()
        assert (now(member).contact, member.email, member.email_index, member.newsletter) == ("none", "", None, False)
        assert (member.new_email, MemberLink.objects.count(), waiting.state) == ("", 0, "canceled")
        assert OutgoingEmail.objects.filter(state="pending").count() == 0

    def test_a_new_code_is_offered_and_shown_once(self, client, change, member, come_in_by_both, come_in_by_code):
        come_in_by_both(member)
        change("letters", contact="none", language="en")
        page = client.post("/my-details/press/new-code/", follow=True)
        code = page.context["code"]
        client.post("/my-details/press/close/")
        assert "We can’t find anything with this code." in come_in_by_code(member).content.decode()
        page = client.post("/my-details/", {"code": code}, follow=True).content.decode()
        assert "Change your information" in page

    def test_a_new_address_has_to_be_confirmed(self, client, change, member, come_in_by_both):
        come_in_by_both(member)
        change("letters", contact="none", language="en")
        change("address", email=NEW, contact="discreet")
        assert (now(member).email, member.gets_emails) == ("", False)
        confirm_by_link(client, change_emails()[0])
        assert (now(member).email, member.contact, member.message) == (NEW, "discreet", cast.MESSAGE)

    def test_added_with_a_code_alone_it_deletes_the_answers_first(self, client, come_in_by_code):
        member = cast.ask(cast.without_email(message="the heron", pronouns="ze/hir", relation="both"))
        cast.put(member, "approved")
        come_in_by_code(member)
        client.post("/my-details/change/address/", {"email": NEW, "contact": "discreet", "name": "A Name Anew"})
        assert (now(member).message, member.pronouns, member.relation, member.name) == ("", "", "", "A Name Anew")
        confirm_by_link(client, change_emails()[0])
        assert now(member).email == NEW


class TestSharing:
    def test_nothing_is_shared_unless_it_is_checked(self, member, change):
        assert Sharing.objects.count() == 0

    def test_it_can_be_checked_changed_and_unchecked(self, change, member):
        change("sharing", **{"place-CA-ON": ["name", "pronouns"]})
        [first] = Sharing.objects.all()
        assert (first.region, first.fields, first.chapter) == ("CA-ON", "name pronouns", None)
        change("sharing", **{"place-CA-ON": ["name"]})
        assert Sharing.objects.get().fields == "name"
        change("sharing")
        assert Sharing.objects.count() == 0

    def test_the_page_names_each_field_and_the_date_in_words(self, client, change, member):
        change("sharing", **{"place-CA-ON": ["name"]})
        Sharing.objects.update(since=date(2026, 11, 29))
        page = client.get("/my-details/change/sharing/").content.decode()
        assert [said in page for said in ("Name to use", "What helps them take part", "since November 29, 2026.")] == [
            True, True, True
        ]  # fmt: skip

    def test_an_address_cannot_be_shared(self, change):
        change("sharing", **{"place-CA-ON": ["email"]})
        assert Sharing.objects.count() == 0

    def test_since_stays_while_nothing_changes(self, change):
        change("sharing", **{"place-CA-ON": ["name"]})
        Sharing.objects.update(since="2026-01-01")
        change("sharing", **{"place-CA-ON": ["name"]})
        assert str(Sharing.objects.get().since) == "2026-01-01"

    def test_it_ends_with_another_place(self, change):
        change("sharing", **{"place-CA-ON": ["name"]})
        change("place", country="CA", region="CA-QC")
        assert Sharing.objects.count() == 0

    def test_with_a_code_alone_boxes_can_only_be_unchecked(self, client, member, come_in_by_code):
        come_in_by_code(member)
        client.post("/my-details/change/sharing/", {"place-CA-ON": ["name"]})
        assert Sharing.objects.count() == 0
        Sharing.objects.create(member=member, region="CA-ON", fields="name pronouns", since="2026-01-01")
        client.post("/my-details/change/sharing/", {"place-CA-ON": ["name", "access_needs"]})
        assert Sharing.objects.get().fields == "name pronouns"
        client.post("/my-details/change/sharing/", {"place-CA-ON": ["name"]})
        assert Sharing.objects.get().fields == "name"
        client.post("/my-details/change/sharing/")
        assert Sharing.objects.count() == 0

    def test_a_chapter_is_asked_separately(self, change, member):
        lakeside = Chapter.objects.create(slug="lakeside", name="Lakeside", status="open", country="CA")
        Member.objects.update(chapter=lakeside)
        change("sharing", **{f"chapter-{lakeside.pk}": ["ways_to_help"]})
        assert [(one.region, one.chapter, one.fields) for one in Sharing.objects.all()] == [
            ("", lakeside, "ways_to_help")
        ]
