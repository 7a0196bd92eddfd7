"""What an email link alone shows, and what also needs the code or the secret word."""

import pytest

from members.models import Member
from members.self_service.secret_word import word_hash
from s4jr.mail.models import OutgoingEmail
from s4jr.security.status_code import code_of_form
from tests import cast

pytestmark = pytest.mark.django_db
WORD = "heron lake"
PAGES = [
    "/my-details/",
    *(f"/my-details/change/{part}/" for part in ("about-you", "help", "message", "letters", "sharing")),
    "/my-details/all/show/",
]
#: Relation, message, access needs; nothing else on the page contains these.
GUARDED = [cast.MESSAGE, "captions", 'checked="checked" value="both"', "<bdi>Both</bdi>"]


@pytest.fixture
def discreet(member):
    Member.objects.filter(pk=member.pk).update(contact="discreet")
    member.refresh_from_db()
    return member


@pytest.fixture
def undecided(db):
    return cast.waiting(pronouns="ze/hir", relation="both", ways_to_help="policy behind", access_needs="captions")


def seen(client):
    pages = "".join(client.get(path).content.decode() for path in PAGES)
    return pages + client.post("/my-details/all/take/").content.decode()


def guarded_in(text):
    return [words for words in GUARDED if words in text]


class TestEmailLinkAlone:
    @pytest.mark.parametrize("who", ["discreet", "undecided"])
    def test_shows_neither_relation_nor_message_nor_access_needs(self, client, come_in_by_link, who, request):
        come_in_by_link(request.getfixturevalue(who))
        text = seen(client)
        assert (guarded_in(text), cast.NAME in text, cast.ADDRESS in text) == ([], True, True)

    def test_shows_all_to_a_member_who_said_that_email_is_safe(self, client, come_in_by_link, member):
        come_in_by_link(member)
        assert cast.MESSAGE in seen(client)

    @pytest.mark.parametrize("status", ["waiting", "on_hold", "declining", "declined", "closed", "membership_ended"])
    def test_is_not_enough_without_an_approval(self, client, come_in_by_link, member, status):
        cast.put(member, status)
        come_in_by_link(member)
        assert guarded_in(seen(client)) == []

    def test_may_replace_and_delete_what_it_does_not_show(self, client, come_in_by_link, undecided):
        come_in_by_link(undecided)
        client.post("/my-details/change/help/", {"ways_to_help": ["policy"], "erase_access_needs": "on"})
        client.post("/my-details/change/message/", {"message": "What I meant."})
        client.post("/my-details/change/about-you/", {"name": "Ros", "pronouns": "", "relation": ""})
        undecided.refresh_from_db()
        assert (undecided.access_needs, undecided.message, undecided.relation) == ("", "What I meant.", "both")

    @pytest.mark.parametrize("contact", ["yes", "none"])
    def test_is_no_way_around_discretion(self, client, come_in_by_link, discreet, contact):
        come_in_by_link(discreet)
        client.post("/my-details/change/letters/", {"contact": contact, "language": "en"})
        discreet.refresh_from_db()
        assert (discreet.contact != "yes", guarded_in(seen(client))) == (True, [])

    def test_does_not_restore_an_address_after_never(self, client, come_in_by_link, discreet):
        come_in_by_link(discreet)
        client.post("/my-details/change/letters/", {"contact": "none", "language": "en"})
        client.post("/my-details/change/address/", {"email": "thief@mailbox.example", "contact": "yes"})
        discreet.refresh_from_db()
        assert (discreet.contact, discreet.new_email) == ("none", "")

    def test_shows_no_more_after_moving_to_another_inbox(self, client, come_in_by_link, discreet):
        come_in_by_link(discreet)
        client.post("/my-details/change/address/", {"email": "new@mailbox.example"})
        client.post(cast.paths_in(OutgoingEmail.objects.get(kind="confirm-change").body)[0])
        discreet.refresh_from_db()
        come_in_by_link(discreet)
        assert (discreet.email, guarded_in(seen(client))) == ("new@mailbox.example", [])


class TestLinkWithCodeOrWord:
    def test_the_code_shows_them(self, client, come_in_by_both, discreet):
        come_in_by_both(discreet)
        assert cast.MESSAGE in seen(client)

    def test_the_secret_word_shows_them(self, client, come_in_by_link, discreet):
        Member.objects.update(word_hash=word_hash(WORD))
        come_in_by_link(discreet)
        client.post("/my-details/", {"do": "give_word", "word": WORD})
        assert cast.MESSAGE in seen(client)

    @pytest.mark.parametrize("order", ["code first", "link first"])
    def test_both_one_after_the_other_in_one_browser_count_as_both(
        self, client, come_in_by_code, come_in_by_link, discreet, order
    ):
        for come_in in (come_in_by_code, come_in_by_link)[:: 1 if order == "code first" else -1]:
            come_in(discreet)
        assert cast.MESSAGE in seen(client)

    def test_another_members_code_shows_nothing(self, client, come_in_by_link, come_in_by_code, discreet):
        other = cast.waiting(email="other@mailbox.example")
        come_in_by_link(discreet)
        answer = client.post("/my-details/", {"do": "give_code", "code": code_of_form(other.form_token)})
        assert "We can’t find anything with this code." in answer.content.decode()
        assert guarded_in(seen(client)) == []
        come_in_by_code(other)
        come_in_by_link(discreet)
        assert guarded_in(seen(client)) == []

    def test_without_a_visit_no_code_is_tried(self, client, discreet):
        answer = client.post("/my-details/", {"do": "give_code", "code": code_of_form(discreet.form_token)})
        assert "You were signed out to keep you safe" in answer.content.decode()

    def test_a_code_replaced_elsewhere_no_longer_counts(self, client, come_in_by_both, discreet):
        come_in_by_both(discreet)
        Member.objects.update(code_hash="another")
        assert guarded_in(seen(client)) == []

    def test_wrong_codes_are_counted(self, client, come_in_by_link, discreet, monkeypatch):
        monkeypatch.setattr("members.self_service.login_views.WRONG_CODES", "2/h")
        come_in_by_link(discreet)
        tries = [client.post("/my-details/", {"do": "give_code", "code": "AAA-AAA-AAA-AAA"}) for _ in range(3)]
        assert [answer.status_code for answer in tries] == [200, 200, 429]
