"""A stranger applies with her address and sets a secret word, and she confirms his application by mistake.

His code and word open his own application. They show and change nothing of hers: neither her information, her inbox nor
her choices, even after a volunteer's decision.
"""

import pytest
from django.test import Client

from members.applications.confirmation import confirm
from members.models import Inquiry, Member, MemberLink
from members.review.services import approve
from members.self_service.address_change import confirm_address_change, request_address_change
from members.self_service.secret_word import set_word, word_hash
from s4jr.crypto.blind_index import blind_index
from s4jr.mail.models import OutgoingEmail, Suppression
from s4jr.security.status_code import code_of_form
from tests import cast, make
from tests.members.inquiries import people as inquiries
from tests.members.rsvps import people as meetings
from tests.members.self_service.test_credentials import Visitor

pytestmark = pytest.mark.django_db
WORD = "the heron"
DECIDED = ["waiting", "approved", "declined"]
STOPS = ["", "never", "unsubscribed"]


def stranger(status, **answers):
    """His application at her address, in a status, with the secret word he set after joining."""
    his = cast.ask(name="Mallory", contact="discreet", **answers)
    set_word(Member.objects.filter(pk=his.pk), word_hash(WORD))
    confirm(MemberLink.objects.get(member=his, purpose="confirm"))
    if status != "waiting":
        cast.put(his, status)
    his.refresh_from_db()
    return his


def sign_in(member):
    visitor = Visitor()
    visitor.by_code(code_of_form(member.form_token))
    visitor.give(do="give_word", word=WORD)
    return visitor


def pages(visitor):
    """Returns all that the pages show of an address and of emails to it."""
    shown = [visitor.client.get("/my-details/"), visitor.client.get("/my-details/all/show/")]
    news = visitor.client.get("/my-details/change/letters/").context["form"]["newsletter"]
    return [str(shown[0].context["rows"]), str(shown[1].context["data"]), news.value()]


def test_his_duplicate_cancels_none_of_her_emails(member):
    """She confirmed his application by mistake while she is a member. His code alone chooses discreet emails."""
    his = cast.ask(name="Mallory", contact="yes")
    confirm(MemberLink.objects.get(member=his, purpose="confirm"))
    hers = cast.written(to=cast.ADDRESS, about=member.about, kind="welcome")
    visitor = Visitor()
    visitor.by_code(code_of_form(his.form_token))
    visitor.client.post("/my-details/change/letters/", {"contact": "discreet", "language": "en"})
    his.refresh_from_db(), hers.refresh_from_db()
    assert (his.status, his.contact, hers.state) == ("duplicate_address", "discreet", "pending")


@pytest.mark.parametrize("status", DECIDED)
class TestAfterADecision:
    def test_his_word_shows_his_own_application(self, status):
        assert "Mallory" in sign_in(stranger(status)).client.get("/my-details/").content.decode()

    def test_her_inquiry_is_neither_counted_nor_deleted(self, status):
        inquiries.written(email=cast.ADDRESS)
        visitor = sign_in(stranger(status))
        data = visitor.client.post("/my-details/all/take/").json()
        visitor.client.post("/my-details/press/withdraw/")
        found = (data["Elsewhere on this site"], Inquiry.objects.count(), Member.objects.count())
        assert found == ([], 1, 0)

    def test_her_never_holds_until_her_inbox_confirms(self, status):
        visitor = sign_in(stranger(status))
        make.stop(blind_index(cast.ADDRESS), "never")
        page = visitor.client.post("/my-details/press/email-again/", follow=True).content.decode()
        asked = OutgoingEmail.objects.filter(kind="emails-again").count()
        assert (Suppression.objects.count(), asked, "We’re sending one email" in page) == (1, 1, True)

    @pytest.mark.parametrize("word", [WORD, ""], ids=["code and word", "code alone"])
    def test_nothing_reveals_whether_emails_to_her_were_suppressed(self, status, word):
        his, seen = stranger(status, newsletter=True), []
        set_word(Member.objects.filter(pk=his.pk), word and word_hash(word))
        for reason in STOPS:
            Suppression.objects.all().delete()
            MemberLink.objects.filter(purpose="open").delete()
            OutgoingEmail.objects.filter(kind="open-details").delete()
            if reason:
                make.stop(his.email_index, reason)
            Client().post("/my-details/", {"do": "send_link", "email": cast.ADDRESS})
            seen.append(pages(sign_in(his)))
        assert seen == [seen[0]] * len(STOPS)


def test_a_meeting_link_does_not_open():
    his = stranger("approved")
    meeting = meetings.a_meeting(hours=0.25)
    meetings.comes(meeting, his)
    seen = sign_in(his).client.get(f"/my-details/meetings/{meeting.pk}/").context
    assert (seen["way_in"], seen["way_in_is_hidden"]) == ("", True)


def test_moved_to_his_own_inbox_he_cannot_tell_whether_she_stopped_the_news():
    news = []
    for reason in STOPS:
        his = stranger("approved", newsletter=True)
        if reason:
            make.stop(his.email_index, reason)
        request_address_change(Member.objects.filter(pk=his.pk), "mallory@mailbox.example", "discreet")
        confirm_address_change(MemberLink.objects.get(member=his, purpose="change"))
        his.refresh_from_db()
        news.append((his.email, his.newsletter))
        Member.objects.all().delete(), Suppression.objects.all().delete()
    assert news == [("mallory@mailbox.example", False)] * len(STOPS)


class TestWordThatProvedTheInbox:
    """The owner of both opens a link and gives the word: after that, code and word prove the inbox."""

    @pytest.fixture
    def hers(self):
        return stranger("approved")

    def by_link(self, member):
        visitor = Visitor()
        visitor.by_link(member)
        return visitor

    def proves_inbox(self, member):
        return Member.objects.get(pk=member.pk).word_proves_inbox

    def test_counts_from_then_on(self, hers):
        inquiries.written(email=cast.ADDRESS)
        self.by_link(hers).give(do="give_word", word=WORD)
        sign_in(hers).client.post("/my-details/press/withdraw/")
        assert (Inquiry.objects.count(), Member.objects.count()) == (0, 0)

    def test_a_wrong_word_does_not(self, hers):
        self.by_link(hers).give(do="give_word", word="another word")
        assert self.proves_inbox(hers) is False

    def test_a_word_set_with_link_and_code_counts_right_away(self, hers):
        set_word(Member.objects.filter(pk=hers.pk), "")
        visitor = self.by_link(hers)
        visitor.give(do="give_code", code=code_of_form(hers.form_token))
        visitor.make_word()
        assert self.proves_inbox(hers) is True

    def test_a_word_set_with_a_code_and_the_previous_word_does_not(self, hers):
        visitor = sign_in(hers)
        visitor.make_word("kingfisher")
        hers.refresh_from_db()
        assert (hers.word_hash != "", hers.word_proves_inbox) == (True, False)

    @pytest.mark.parametrize("change", [{"email_index": blind_index("new@mailbox.example")}, {"word_hash": "another"}])
    def test_another_address_or_word_starts_over(self, hers, change):
        self.by_link(hers).give(do="give_word", word=WORD)
        Member.objects.filter(pk=hers.pk).update(**change)
        assert self.proves_inbox(hers) is False

    def test_a_volunteers_decision_changes_nothing(self):
        hers = stranger("waiting")
        approve(hers.as_read, by=make.admin("ada"))
        assert self.proves_inbox(hers) is False
