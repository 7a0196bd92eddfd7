"""Signing in: every address gets the same response, a link needs one button, a code shows only what it may."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from members.links import make_links
from members.models import Member, MemberLink
from members.self_service.membership import leave, pause
from members.self_service.requested_emails import send_sign_in_link
from s4jr.crypto.blind_index import blind_index
from s4jr.mail.models import OutgoingEmail, Suppression
from s4jr.security.models import RateLimit
from tests import cast, make

pytestmark = pytest.mark.django_db
NOBODY = "nobody@mailbox.example"


def ask_for_link(client, email=cast.ADDRESS):
    return client.post("/my-details/", {"do": "send_link", "email": email})


def emails():
    return list(OutgoingEmail.objects.filter(kind="open-details"))


def open_link(client):
    ask_for_link(client)
    return cast.paths_in(emails()[-1].body)[0]


def without_token(response):
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


class TestRequestingALink:
    def test_a_member_gets_one_neutral_email(self, client, member, settings):
        ask_for_link(client)
        [email] = emails()
        told = [word for word in settings.COALITION_WORDS if word in f"{email.subject} {email.body}".lower()]
        assert (email.to, email.subject, told) == (cast.ADDRESS, "Your sign-in link", [])
        assert cast.NAME not in email.body

    def test_any_address_gets_the_same_page(self, client, member):
        pages = [without_token(ask_for_link(client, email)) for email in (cast.ADDRESS, NOBODY, cast.ADDRESS)]
        assert (pages[0] == pages[1] == pages[2], len(emails())) == (True, 1)

    def test_a_known_address_is_found_however_it_was_pasted(self, client, member):
        ask_for_link(client, f"\ufeffRosalind <mailto:{cast.ADDRESS.upper()}>,")
        assert [email.to for email in emails()] == [cast.ADDRESS]

    def test_a_likely_typo_gets_the_same_question_for_any_address(self, client, member):
        Member.objects.filter(pk=member.pk).update(email="r@gmial.com", email_index=blind_index("r@gmial.com"))
        pages = [without_token(ask_for_link(client, address)) for address in ("r@gmial.com", "n@gmial.com")]
        assert (pages[0].replace("r@gm", "n@gm") == pages[1], emails()) == (True, [])
        assert "Did you mean n@gmail.com?" in pages[1]
        asked = {"do": "send_link", "email": "r@gmial.com", "email_asked": "r@gmial.com"}
        client.post("/my-details/", asked)
        assert [email.to for email in emails()] == ["r@gmial.com"]

    def test_an_unknown_address_leaves_nothing_behind(self, client, member):
        ask_for_link(client, NOBODY)
        assert (emails(), MemberLink.objects.filter(purpose="open").count()) == ([], 0)

    @pytest.mark.parametrize("later", ["declined", "lapsed", "closed"])
    def test_a_former_member_gets_their_own_link_and_not_a_later_strangers(self, client, member, later):
        leave(Member.objects.filter(pk=member.pk))
        cast.put(cast.waiting(name="Mallory"), later)
        page = client.post(open_link(client), follow=True).content.decode()
        assert (cast.NAME in page, "Mallory" in page) == (True, False)

    def test_any_number_of_made_up_addresses_leaves_four_counters(self, client):
        for number in range(40):
            send_sign_in_link(f"made-up-{number}@mailbox.example", "en")
        assert RateLimit.objects.filter(name="details link").count() == 4

    def test_it_takes_the_same_queries_for_known_and_unknown_addresses(self, client, member):
        counts = []
        for email in (cast.ADDRESS, NOBODY, cast.ADDRESS):
            with CaptureQueriesContext(connection) as asked:
                ask_for_link(client, email)
            counts.append(len([query for query in asked if "SAVEPOINT" not in query["sql"]]))
        assert len(set(counts)) == 1

    def test_a_link_without_a_member_cannot_be_saved_even_by_mistake(self):
        stranger = Member(pk=0, email=NOBODY, email_index="x", contact="yes")
        make_links([stranger], "open", timedelta(minutes=1))
        with pytest.raises(IntegrityError):
            connection.check_constraints()
        transaction.set_rollback(True)

    def test_an_unconfirmed_address_gets_none(self, client):
        cast.ask()
        ask_for_link(client)
        assert emails() == []

    @pytest.mark.parametrize("status", ["waiting", "on_hold", "declined", "membership_ended", "left", "closed"])
    def test_the_owner_of_a_confirmed_address_may_see_what_is_stored(self, client, status):
        cast.put(cast.waiting(), status)
        ask_for_link(client)
        assert len(emails()) == 1

    def test_of_two_with_one_address_the_current_member_is_opened(self, client, member):
        earlier = cast.ask(name="Earlier Self", message="other")
        cast.put(earlier, "declined")
        link = open_link(client)
        client.post(link)
        assert client.session["details"]["member"] == member.pk

    def test_a_suppressed_address_gets_none(self, client, member):
        make.stop(member.email_index, Suppression.Reason.UNSUBSCRIBED)
        ask_for_link(client)
        assert emails() == []

    def test_a_discreet_member_gets_the_discreet_form(self, client, member):
        Member.objects.update(contact="discreet")
        ask_for_link(client)
        assert "Here is the link you asked for" in emails()[0].body

    def test_a_paused_member_gets_the_emails_they_request(self, client, member):
        pause(Member.objects.filter(pk=member.pk))
        ask_for_link(client)
        assert len(emails()) == 1

    def test_an_invalid_address_gets_an_error_at_its_field(self, client):
        page = ask_for_link(client, "nowhere").content.decode()
        assert "<title>Error: Your information</title>" in page


class TestLoginLink:
    def test_viewing_does_nothing_and_names_no_cause(self, client, member, settings):
        link = open_link(client)
        page = client.get(link).content.decode()
        assert [word for word in settings.COALITION_WORDS if word in page.lower()] == []
        assert (cast.NAME in page, MemberLink.objects.get(purpose="open").used_at) == (False, None)

    def test_posting_opens_once(self, client, member):
        link = open_link(client)
        page = client.post(link, follow=True).content.decode()
        assert (cast.NAME in page, cast.MESSAGE in page) == (True, True)
        assert [client.get(link).status_code, client.post(link).status_code] == [410, 410]

    def test_after_twenty_minutes_it_has_expired(self, client, member):
        link = open_link(client)
        MemberLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        assert client.post(link).status_code == 410

    def test_it_lasts_twenty_minutes(self, client, member):
        open_link(client)
        link = MemberLink.objects.get(purpose="open")
        assert link.expires_at - link.created_at == timedelta(minutes=20)

    def test_it_works_on_the_email_host(self, client, member, settings):
        settings.EMAIL_LINK_URL = "http://quiet.example"
        settings.ALLOWED_HOSTS = ["quiet.example", "testserver"]
        link = open_link(client)
        page = client.post(link, headers={"host": "quiet.example"}, follow=True)
        assert (page.status_code, cast.MESSAGE in page.content.decode()) == (200, True)

    def test_no_response_may_be_stored(self, client, member):
        link = open_link(client)
        answers = [client.get(link), client.post(link), client.get("/my-details/"), client.get("/my-details/all/show/")]
        assert {answer["Cache-Control"] for answer in answers} == {"no-store"}


class TestTheLinkInOurEmails:
    @pytest.fixture
    def lasting(self, member):
        [token] = make_links([member], "details", timedelta(days=400))
        return reverse("my_details_link", kwargs={"token": token})

    def test_it_shows_the_status_and_no_answers(self, client, lasting, settings):
        page = client.get(lasting).content.decode()
        assert "You’re a member. Welcome!" in page
        canaries = [cast.NAME, cast.ADDRESS, cast.MESSAGE, "ze/hir", "captions", *settings.COALITION_WORDS]
        assert [word for word in canaries if word.lower() in page.lower()] == []

    def test_the_button_sends_a_fresh_link(self, client, lasting):
        client.post(lasting, {"do": "send_link"})
        assert len(emails()) == 1

    def test_a_bare_post_withdraws_no_one(self, client, lasting):
        client.post(lasting)
        assert Member.objects.count() == 1

    def test_it_withdraws_with_a_receipt(self, client, lasting, member):
        page = client.post(lasting, {"do": "withdraw"}, follow=True).content.decode()
        assert (Member.objects.count(), f"Number {member.number}" in page, "It’s done" in page) == (0, True, True)

    def test_an_unconfirmed_applicant_gets_the_same_response(self, client, lasting):
        before = without_token(client.post(lasting, {"do": "send_link"}))
        Member.objects.update(status="unconfirmed")
        OutgoingEmail.objects.all().delete()
        assert (without_token(client.post(lasting, {"do": "send_link"})) == before, emails()) == (True, [])


class TestTheCode:
    def test_it_shows_facts_but_no_answers(self, come_in_by_code, member):
        page = come_in_by_code(member).content.decode()
        canaries = [cast.NAME, cast.ADDRESS, cast.MESSAGE, "ze/hir", "captions", "Policy advocacy", "Both"]
        assert [word for word in canaries if word in page] == []
        assert ("Ontario" in page, member.number in page) == (True, True)

    def test_no_page_behind_it_shows_more(self, client, come_in_by_code, member):
        come_in_by_code(member)
        paths = [f"/my-details/change/{part}/" for part in ("about-you", "place", "help", "letters", "sharing")]
        pages = [client.get(path).content.decode() for path in [*paths, "/my-details/all/show/"]]
        pages.append(client.post("/my-details/all/take/").content.decode())
        canaries = [cast.NAME, cast.ADDRESS, cast.MESSAGE, "ze/hir", "captions"]
        assert [word for word in canaries for page in pages if word in page] == []
        assert [page for page in pages[:5] if re.search(r'name="(relation|ways_to_help)"[^>]*checked', page)] == []

    def test_it_may_change_and_delete_what_it_does_not_show(self, client, come_in_by_code, member):
        come_in_by_code(member)
        client.post("/my-details/change/about-you/", {"name": "", "pronouns": "she", "erase_relation": "on"})
        client.post("/my-details/change/help/", {"erase_access_needs": "on"})
        member.refresh_from_db()
        assert (member.name, member.pronouns, member.relation) == (cast.NAME, "she", "")
        assert (member.ways_to_help, member.access_needs) == ("policy behind", "")

    def test_it_cannot_change_the_address_set_a_word_or_create_a_code(self, client, come_in_by_code, member):
        come_in_by_code(member)
        before = member.code_hash
        answers = [
            client.post("/my-details/change/address/", {"email": "thief@mailbox.example"}),
            client.post("/my-details/change/word/", {"word": "thieves", "again": "thieves"}),
            client.post("/my-details/press/new-code/"),
        ]
        member.refresh_from_db()
        assert [answer.status_code for answer in answers] == [404, 404, 404]
        assert (member.new_email, member.word_hash, member.code_hash) == ("", "", before)

    def test_it_may_choose_fewer_emails_but_not_more(self, client, come_in_by_code, member):
        Member.objects.update(contact="discreet")
        come_in_by_code(member)
        client.post("/my-details/change/letters/", {"contact": "yes", "language": "en"})
        member.refresh_from_db()
        assert member.contact == "discreet"

    def test_it_may_choose_discretion(self, client, come_in_by_code, member):
        come_in_by_code(member)
        client.post("/my-details/change/letters/", {"contact": "discreet", "language": "en"})
        member.refresh_from_db()
        assert member.contact == "discreet"

    def test_it_is_no_way_around_the_address(self, client, come_in_by_code, member):
        """The finder of a code could delete the address, add their own, and get a link to everything."""
        come_in_by_code(member)
        client.post("/my-details/change/letters/", {"contact": "none", "language": "en"})
        answer = client.post("/my-details/change/address/", {"email": "thief@mailbox.example", "contact": "yes"})
        member.refresh_from_db()
        assert (answer.status_code, member.email, member.new_email) == (404, cast.ADDRESS, "")
        assert OutgoingEmail.objects.filter(kind="confirm-change").count() == 0
