"""Only the owner can undo a suppression that was chosen with one link, including "never"."""

import pytest

from members.models import Member, MemberLink
from members.self_service.address_change import erase_address
from members.self_service.secret_word import word_hash
from s4jr.mail.models import OutgoingEmail, Suppression
from s4jr.mail.services import begin_commit, claim_due
from tests import cast, make

pytestmark = pytest.mark.django_db
PRESS = "/my-details/press/email-again/"
Reason = Suppression.Reason


def stop(member, reason=Reason.NEVER, scope="every_email"):
    make.stop(member.email_index, reason, scope)


def asking():
    return list(OutgoingEmail.objects.filter(kind="emails-again"))


def stops():
    return [(row.reason, row.scope) for row in Suppression.objects.order_by("scope")]


class TestWithCodeAndWord:
    @pytest.mark.parametrize("reason", [Reason.NEVER, Reason.UNSUBSCRIBED, Reason.BOUNCED])
    def test_code_and_secret_word_lift_it(self, client, member, come_in_by_code, reason):
        """Also a bounce: whoever reads one email knows its return address, and could report what never happened."""
        stop(member, reason)
        Member.objects.update(word_hash=word_hash("heron lake"), word_proves_inbox=True)
        come_in_by_code(member)
        client.post("/my-details/", {"do": "give_word", "word": "heron lake"})
        page = client.post(PRESS, follow=True).content.decode()
        assert ("We can email your address again." in page, stops(), asking()) == (True, [], [])

    def test_they_do_not_lift_what_an_admin_decided(self, client, member, come_in_by_code):
        stop(member, Reason.COORDINATOR)
        Member.objects.update(word_hash=word_hash("heron lake"), word_proves_inbox=True)
        come_in_by_code(member)
        client.post("/my-details/", {"do": "give_word", "word": "heron lake"})
        client.post(PRESS)
        assert stops() == [(Reason.COORDINATOR, "every_email")]

    def test_the_word_alone_reveals_nothing_of_it(self, client, member, come_in_by_code):
        Member.objects.update(word_hash=word_hash("heron lake"))
        come_in_by_code(member)
        assert client.post(PRESS).status_code == 404


class TestWithTheCode:
    def test_the_inbox_gets_an_email_despite_the_suppression_and_confirms(self, client, member, come_in_by_code):
        stop(member)
        come_in_by_code(member)
        client.post(PRESS)
        [email] = asking()
        assert (email.to, email.state, stops()) == (cast.ADDRESS, "pending", [(Reason.NEVER, "every_email")])
        path = cast.paths_in(email.body)[0]
        client.get(path)
        assert stops() == [(Reason.NEVER, "every_email")]
        client.post(path)
        assert stops() == []

    def test_the_sender_allows_it(self, client, member, come_in_by_code):
        stop(member)
        come_in_by_code(member)
        client.post(PRESS)
        [email] = claim_due(5)
        assert begin_commit(email)

    def test_repeated_requests_cause_one_email_a_day(self, client, member, come_in_by_code):
        come_in_by_code(member)
        for _ in range(3):
            client.post(PRESS)
        assert len(asking()) == 1

    def test_the_page_does_not_reveal_whether_there_was_a_suppression(self, client, member, come_in_by_code):
        pages = []
        for reason in (None, Reason.NEVER):
            if reason:
                stop(member)
            come_in_by_code(member)
            before = client.get("/my-details/").content.decode()
            pages.append((before.count("Start emails again"), client.post(PRESS).url, len(asking())))
            OutgoingEmail.objects.all().delete()
        assert pages[0] == pages[1]

    @pytest.mark.parametrize("reason", [Reason.BOUNCED, Reason.COORDINATOR])
    def test_suppressions_for_other_reasons_stay(self, client, member, come_in_by_code, reason):
        stop(member, reason)
        come_in_by_code(member)
        client.post(PRESS)
        assert (asking(), stops()) == ([], [(reason, "every_email")])

    def test_its_link_works_once(self, client, member, come_in_by_code):
        come_in_by_code(member)
        client.post(PRESS)
        path = cast.paths_in(asking()[0].body)[0]
        client.post(path)
        stop(member)
        client.post(path)
        assert stops() == [(Reason.NEVER, "every_email")]


def test_a_link_alone_lifts_nothing(client, member, come_in_by_link):
    come_in_by_link(member)
    stop(member)
    assert (client.post(PRESS).status_code, stops()) == (404, [(Reason.NEVER, "every_email")])


def test_a_news_suppression_stays(client, member, come_in_by_both):
    come_in_by_both(member)
    stop(member, Reason.UNSUBSCRIBED, "announcements")
    client.post(PRESS)
    assert stops() == [(Reason.UNSUBSCRIBED, "announcements")]


class TestNeverChosenInTheirOwnInformation:
    """That choice deletes the address, so adding one undoes it: never with an email link alone."""

    def choose_never(self, member):
        erase_address(Member.objects.filter(pk=member.pk))

    def test_with_code_and_secret_word_no_answer_is_lost(self, client, member, come_in_by_code):
        self.choose_never(member)
        Member.objects.update(word_hash=word_hash("heron lake"))
        come_in_by_code(member)
        client.post("/my-details/", {"do": "give_word", "word": "heron lake"})
        client.post("/my-details/change/address/", {"email": cast.ADDRESS, "contact": "discreet"})
        client.post(cast.paths_in(OutgoingEmail.objects.get(kind="confirm-change").body)[0])
        member.refresh_from_db()
        assert (member.email, member.contact, member.message) == (cast.ADDRESS, "discreet", cast.MESSAGE)

    def test_it_ends_with_the_code_and_a_confirmation_from_the_inbox(self, client, member, come_in_by_code):
        self.choose_never(member)
        come_in_by_code(member)
        client.post("/my-details/change/address/", {"email": cast.ADDRESS, "contact": "discreet", "name": "Ros"})
        member.refresh_from_db()
        assert member.email == ""
        client.post(cast.paths_in(OutgoingEmail.objects.get(kind="confirm-change").body)[0])
        member.refresh_from_db()
        assert (member.email, MemberLink.objects.filter(purpose="change", used_at=None).count()) == (cast.ADDRESS, 0)
