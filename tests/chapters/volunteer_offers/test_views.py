"""Volunteer offers: a short form, a code that shows the decision, and the coordinator's response."""

import re
import secrets
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from chapters.models import Chapter, Representative, VolunteerOffer
from chapters.volunteer_offers.admin import ACTIONS
from chapters.volunteer_offers.admin_forms import OpenChapterForm
from chapters.volunteer_offers.chapter_opening import open_chapter
from chapters.volunteer_offers.services import (
    OfferSubmission,
    accept,
    close_as_appointed,
    decline,
    make_offer,
    make_offer_of_member,
)
from s4jr.accounts.models import User
from s4jr.audit.models import AccessLog
from s4jr.crypto.decryption_guard import unshown
from s4jr.erasure.models import Tombstone
from s4jr.mail.discreet import coalition_words_in
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.services import queue_emails
from s4jr.security.status_code import code_of_form
from tests import make
from tests.cast import email as other_email
from tests.chapters import cast
from tests.query_counts import for_one_and_thirty
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
WOULD_YOU, ANSWER = "/representatives/would-you/", "/representatives/would-you/answer/"
ADDRESS = "nele.nobody@mailbox.example"
WORDS = "A sentence that must not leak: the heron stands in the reeds."
USUAL = {"name": "Nele Nobody", "contact": "yes", "email": ADDRESS, "country": "CA", "region": "CA-ON", "words": WORDS}


@pytest.fixture(autouse=True)
def _a_person_fills_it_in(monkeypatch):
    monkeypatch.setattr("s4jr.security.submission_token.FASTEST_HUMAN_SECONDS", -1)


def token_of(client):
    return client.get(WOULD_YOU).context["form"]["form_token"].value()


def send(client, **answers):
    return client.post(WOULD_YOU, {**USUAL, "form_token": token_of(client), **answers})


def offered(**said):
    """An offer that waits for review."""
    said = {"kind": "represent", "contact": "yes", "name": "Nele Nobody", "email": ADDRESS, "region": "CA-ON", **said}
    token = secrets.token_hex(16)
    make_offer(OfferSubmission(form_token=token, country="CA", words=WORDS, **said))
    return VolunteerOffer.objects.get(form_token=token)


def code_on(client):
    return re.search(r'class="code">([\w-]+)<', client.get("/representatives/would-you/sent/").content.decode())[1]


class TestOfferForm:
    def test_it_saves_the_offer(self, client):
        assert send(client).url == "/representatives/would-you/sent/"
        offer = VolunteerOffer.objects.get()
        assert (offer.kind, offer.country, offer.region, offer.state) == ("represent", "CA", "CA-ON", "waiting")
        assert (offer.name, offer.email, offer.words, offer.flag_reason) == ("Nele Nobody", ADDRESS, WORDS, "")

    @pytest.mark.parametrize(
        ("typed", "codes"),
        [("Ontario", ("CA", "CA-ON")), ("90210", ("US", "US-CA")), ("Wales", ("GB", "GB-WLS")), ("FR", ("FR", ""))],
    )
    def test_a_typed_place_is_stored_as_its_codes(self, client, typed, codes):
        send(client, country="", region="", place=typed)
        assert (VolunteerOffer.objects.get().country, VolunteerOffer.objects.get().region) == codes

    def test_identifying_fields_are_encrypted(self, client):
        send(client)
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, email, words FROM chapters_volunteeroffer")
            stored = " ".join(cursor.fetchone())
        assert [word for word in ("Nele", "mailbox", "heron") if word in stored] == []

    @pytest.mark.parametrize(
        ("query", "filled_in"),
        [
            ("place=CA-ON", "Ontario, Canada"),
            ("place=GB-SCT", "Scotland, United Kingdom"),
            ("place=PR", "Puerto Rico, United States"),
            ("place=DE-BE", "Germany"),
            ("place=nowhere", ""),
            ("", ""),
        ],
    )
    def test_a_link_can_prefill_the_place(self, client, query, filled_in):
        assert client.get(f"{WOULD_YOU}?{query}").context["form"].initial["place"] == filled_in

    def test_a_link_can_prefill_the_chapter(self, client):
        chapter = cast.chapter()
        assert client.get(f"{WOULD_YOU}?chapter=lakeside").context["form"].initial["chapter"] == chapter

    def test_an_offer_for_a_chapter_stores_no_place(self, client):
        chapter = cast.chapter()
        send(client, chapter=chapter.pk)
        offer = VolunteerOffer.objects.get()
        assert (offer.chapter, offer.country, offer.region) == (chapter, "", "")

    @pytest.mark.parametrize(
        ("answers", "wrong"),
        [
            ({"country": "", "region": ""}, ["place"]),
            ({"country": "", "region": "", "place": "Ontaro"}, ["place"]),
            ({"country": "US"}, ["region"]),
            ({"email": ""}, ["email"]),
            ({"name": "\u3164"}, ["name"]),
            ({"contact": ""}, ["contact"]),
        ],
    )
    def test_missing_answers_get_errors_and_nothing_is_saved(self, client, answers, wrong):
        answer = send(client, **answers)
        assert (list(answer.context["form"].errors), VolunteerOffer.objects.count()) == (wrong, 0)

    def test_with_never_email_me_no_address_is_saved(self, client):
        send(client, contact="none")
        assert (VolunteerOffer.objects.get().email, VolunteerOffer.objects.get().email_index) == ("", None)

    def test_a_form_sent_twice_is_one_offer_with_the_latest_text(self, client):
        token = token_of(client)
        client.post(WOULD_YOU, {**USUAL, "form_token": token})
        client.post(WOULD_YOU, {**USUAL, "form_token": token, "words": "corrected"})
        assert [offer.words for offer in VolunteerOffer.objects.all()] == ["corrected"]

    def test_a_decided_offer_cannot_be_edited(self, client):
        token = token_of(client)
        client.post(WOULD_YOU, {**USUAL, "form_token": token})
        decline(VolunteerOffer.objects.all(), by=None)
        client.post(WOULD_YOU, {**USUAL, "form_token": token, "words": "corrected"})
        assert VolunteerOffer.objects.get().words == WORDS

    def test_no_email_goes_to_a_typed_address(self, client):
        send(client)
        assert OutgoingEmail.objects.count() == 0


class TestFlagging:
    """Forms that look automated are saved for review and get the usual response."""

    @pytest.mark.parametrize(
        ("answers", "flag_reason"), [({"website": "x"}, "honeypot"), ({"form_token": "made up"}, "no_token")]
    )
    def test_an_automated_form_is_flagged_and_gets_the_same_response(self, client, answers, flag_reason):
        usual, strange = send(client), send(client, **answers)
        assert (strange.status_code, strange.url) == (usual.status_code, usual.url)
        assert VolunteerOffer.objects.exclude(flag_reason="").get().flag_reason == flag_reason

    def test_a_form_sent_too_fast_is_flagged(self, client, monkeypatch):
        monkeypatch.setattr("s4jr.security.submission_token.FASTEST_HUMAN_SECONDS", 3)
        send(client)
        assert VolunteerOffer.objects.get().flag_reason == "too_fast"

    def test_very_many_from_one_network_are_flagged_and_none_is_refused(self, client, monkeypatch):
        monkeypatch.setattr("chapters.public_form.FROM_ONE_LINE", "1/d")
        answers = {send(client).status_code for _ in range(3)}
        assert (answers, sorted(VolunteerOffer.objects.values_list("flag_reason", flat=True))) == (
            {302},
            ["", "too_many", "too_many"],
        )


class TestStatusCode:
    def test_it_is_shown_once(self, client):
        send(client)
        assert len(code_on(client)) == 15
        again = client.get("/representatives/would-you/sent/").content.decode()
        assert ('class="code"' in again, "won’t show it again" in again) == (False, True)

    def test_it_shows_the_status_and_no_typed_text(self, client):
        send(client)
        code = code_on(client)
        pages = [client.post(ANSWER, {"code": code}).content.decode()]
        decline(VolunteerOffer.objects.all(), by=None)
        pages.append(client.post(ANSWER, {"code": code.lower().replace("-", " ")}).content.decode())
        assert ["waiting for review" in pages[0], "We can’t take up your offer right now." in pages[1]] == [True, True]
        assert [word for page in pages for word in ("Nele", "heron", ADDRESS, "Ontario") if word in page] == []

    def test_it_deletes_everything(self, client):
        send(client)
        code, offer = code_on(client), VolunteerOffer.objects.get()
        accept(VolunteerOffer.objects.all(), by=None)
        queue_emails([other_email()])
        client.post(ANSWER, {"code": code, "do": "erase"})
        assert (VolunteerOffer.objects.count(), OutgoingEmail.objects.filter(about=offer.about).count()) == (0, 0)
        assert (Tombstone.objects.get().number, OutgoingEmail.objects.count()) == (f"O-{offer.number}", 1)

    def test_a_wrong_code_gets_a_kind_error_and_attempts_are_limited(self, client, monkeypatch):
        monkeypatch.setattr("chapters.volunteer_offers.views.WRONG_CODES", "2/d")
        tried = [client.post(ANSWER, {"code": "ZZZ-ZZZ-ZZZ-ZZZ"}).status_code for _ in range(3)]
        assert tried == [200, 200, 429]

    def test_with_never_email_me_it_shows_the_next_steps(self, client):
        offered(contact="none", email="")
        accept(VolunteerOffer.objects.all(), by=None)
        code = code_of_form(VolunteerOffer.objects.get().form_token)
        assert "never to email you" in client.post(ANSWER, {"code": code}).content.decode()


class TestOfferOfMember:
    SAID = {"name": "Rosalind", "contact": "yes", "email": ADDRESS}

    def test_a_repeated_offer_is_saved_once(self):
        for _ in range(2):
            make_offer_of_member("A1B2C3", "CA-ON", **self.SAID)
        offer = VolunteerOffer.objects.by_member("A1B2C3").get()
        assert (offer.region, offer.country, offer.member_number, offer.kind) == ("CA-ON", "CA", "A1B2C3", "represent")

    def test_a_second_place_replaces_the_first(self):
        chapter = cast.chapter()
        make_offer_of_member("A1B2C3", "CA-ON", **self.SAID)
        make_offer_of_member("A1B2C3", chapter=chapter, **self.SAID)
        offer = VolunteerOffer.objects.get()
        assert (offer.chapter, offer.region) == (chapter, "")

    def test_after_a_decision_a_member_can_offer_again(self):
        make_offer_of_member("A1B2C3", "CA-ON", **self.SAID)
        decline(VolunteerOffer.objects.all(), by=None)
        make_offer_of_member("A1B2C3", "CA-ON", **self.SAID)
        assert (VolunteerOffer.objects.count(), VolunteerOffer.objects.by_member("A1B2C3").count()) == (2, 1)

    def test_a_member_can_offer_again_after_an_earlier_decision_was_deleted(self):
        make_offer_of_member("A1B2C3", "CA-ON", **self.SAID)
        first = VolunteerOffer.objects.get()
        decline(VolunteerOffer.objects.all(), by=None)
        make_offer_of_member("A1B2C3", "CA-ON", **self.SAID)
        decline(VolunteerOffer.objects.all(), by=None)
        first.delete()
        make_offer_of_member("A1B2C3", "CA-ON", **self.SAID)
        assert (VolunteerOffer.objects.count(), VolunteerOffer.objects.by_member("A1B2C3").count()) == (2, 1)

    def test_two_members_have_two_offers(self):
        for number in ("A1B2C3", "D4E5F6"):
            make_offer_of_member(number, "CA-ON", **self.SAID)
        assert VolunteerOffer.objects.count() == 2

    def test_a_country_is_a_place(self):
        make_offer_of_member("A1B2C3", country="DE", **self.SAID)
        assert (VolunteerOffer.objects.get().country, VolunteerOffer.objects.get().region) == ("DE", "")


# --- the coordinator


@pytest.fixture
def ada(client):
    return make.signed_in_staff(client)


def page_of(offer):
    return f"/manage/chapters/volunteeroffer/{offer.pk}/change/"


def open_with_a_reason(client, offer):
    return client.post(page_of(offer), {"reason": "to answer it"}, follow=True).content.decode()


def press(client, offer, word):
    return client.post(
        f"/manage/chapters/volunteeroffer/{offer.pk}/action/", {"word": word, "version": offer.version}, follow=True
    )


class TestRecord:
    @pytest.mark.parametrize(
        ("kind", "state", "buttons"),
        [
            ("represent", "waiting", ["Appoint them", "Ask them to talk", "Not now"]),
            ("start_chapter", "waiting", ["Ask them to talk", "Not now"]),
            ("start_chapter", "asked", ["We have talked", "Open the chapter"]),
            ("start_chapter", "talked", ["Open the chapter", "We haven’t talked yet"]),
            ("represent", "asked", ["We have talked", "Appoint them"]),
            ("represent", "talked", ["Appoint them", "We haven’t talked yet"]),
        ],
    )
    def test_the_main_button_is_the_first(self, client, ada, kind, state, buttons):
        offer = offered(kind=kind, **({"chapter_name": "Riverbend"} if kind == "start_chapter" else {}))
        today = timezone.localdate()
        decided = {"state": "taken_up", "decided_on": today, "talked_on": today if state == "talked" else None}
        VolunteerOffer.objects.filter(pk=offer.pk).update(**({} if state == "waiting" else decided))
        page = Page(open_with_a_reason(client, offer))
        (row,) = [at for at, e in enumerate(page.elements) if e.get("class") == "button-row"]
        shown = [e for e in page.elements[row + 1 :] if e["tag"] in ("button", "a")][: len(buttons)]
        assert [words(e) for e in shown] == buttons
        assert ["default" in e.get("class", "") for e in shown] == [True] + [False] * (len(buttons) - 1)

    def test_nothing_is_shown_before_a_reason_is_given(self, client, ada):
        offer = offered()
        before = client.get(page_of(offer)).content.decode()
        after = open_with_a_reason(client, offer)
        assert [(word in before, word in after) for word in ("Nele Nobody", ADDRESS, WORDS)] == [(False, True)] * 3
        entry = AccessLog.objects.get(object_kind="chapters.volunteeroffer")
        assert (entry.who, entry.action, entry.reason) == ("ada", "opened", "to answer it")
        assert entry.field_names == "name email contact words"

    def test_the_list_shows_no_encrypted_field_and_the_oldest_offer_first(self, client, ada):
        newest, oldest = offered(name="Somebody Else"), offered()
        VolunteerOffer.objects.filter(pk=oldest.pk).update(received_on=cast.today() - timedelta(days=9))
        page = client.get("/manage/chapters/volunteeroffer/")
        assert list(page.context["cl"].result_list) == [oldest, newest]
        assert [w for w in ("Nele", "Somebody Else", ADDRESS, "heron") if w in page.content.decode()] == []

    def test_thirty_take_as_many_queries_as_one(self, client, ada):
        """Each is for a chapter of its own, and was decided by a coordinator of its own."""
        address = "/manage/chapters/volunteeroffer/?state=all"

        def create(number):
            offer = offered(region="", chapter=cast.one_of_many_chapters(number), email=f"nele{number}@mailbox.example")
            accept(VolunteerOffer.objects.filter(pk=offer.pk), by=cast.person(f"cleo{number}"))

        one, thirty = for_one_and_thirty(create, lambda: client.get(address))
        assert (one, client.get(address).content.decode().count("Circle ")) == (thirty, 30)

    @pytest.mark.parametrize("group", ["Reader", "Editor", "Press", "Care"])
    def test_other_groups_cannot_open_it(self, client, group):
        reader = make.signed_in_staff(client, "reader", superuser=False)
        reader.groups.add(Group.objects.get(name=group))
        answer = client.post(page_of(offered()), {"reason": "curious"}, follow=True)
        assert (WORDS in answer.content.decode(), AccessLog.objects.count()) == (False, 0)


class TestDecision:
    @pytest.mark.parametrize(("word", "state"), [("accept", "taken_up"), ("not-now", "not_now")])
    def test_a_decision_counts_once_and_sends_an_email(self, client, ada, word, state):
        offer = offered()
        press(client, offer, word)
        press(client, offer, "not-now")
        offer.refresh_from_db()
        assert (offer.state, offer.decided_by, OutgoingEmail.objects.get().to) == (state, ada, ADDRESS)

    @pytest.mark.parametrize("decide", [accept, decline])
    def test_a_discreet_email_names_no_cause(self, decide):
        offered(contact="discreet")
        decide(VolunteerOffer.objects.all(), by=None)
        email = OutgoingEmail.objects.get()
        assert coalition_words_in(f"{email.subject} {email.body}") == []
        assert [word for word in ("Nele", "Ontario", "epresent", "chapter") if word in email.body] == []

    def test_with_never_email_me_no_email_is_sent(self, client, ada):
        said = press(client, offered(contact="none", email=""), "not-now").content.decode()
        assert ("We won’t email them." in said, OutgoingEmail.objects.count()) == (True, 0)

    def test_each_button_of_the_page_has_an_action(self, client, ada):
        buttons = Page(open_with_a_reason(client, offered(flag_reason="honeypot"))).all(name="word", type="submit")
        assert {button["value"] for button in buttons} == {"accept", "not-now", "unflag"}
        assert {button["value"] for button in buttons} <= set(ACTIONS)

    def test_an_offer_can_be_unflagged(self, client, ada):
        offer = offered(flag_reason="honeypot")
        press(client, offer, "unflag")
        assert VolunteerOffer.objects.waiting().get() == offer

    def test_an_unknown_action_changes_nothing(self, client, ada):
        press(client, offered(), "erase")
        assert VolunteerOffer.objects.waiting().count() == 1


class TestChangedOffer:
    CHANGED = "This changed since you opened it."

    def change(self, offer, **said):
        said = {"contact": "yes", "name": "Nele Nobody", "email": ADDRESS, "region": "CA-ON", "country": "CA", **said}
        make_offer(OfferSubmission(kind="represent", form_token=offer.form_token, **said))

    @pytest.mark.parametrize("word", ["accept", "not-now", "unflag"])
    def test_it_is_shown_again_and_nothing_is_decided(self, client, ada, word):
        offer = offered()
        self.change(offer, words="something nobody has read")
        assert self.CHANGED in press(client, offer, word).content.decode()
        assert (VolunteerOffer.objects.get().state, OutgoingEmail.objects.count()) == ("waiting", 0)

    def test_changed_between_the_check_and_the_decision_too(self, client, ada, monkeypatch):
        offer = offered()

        def change_first(these, by):
            with unshown():  # the sender does this in their own request
                self.change(offer, words="something nobody has read")
            return accept(these, by=by)

        monkeypatch.setitem(ACTIONS, "accept", change_first)
        assert self.CHANGED in press(client, offer, "accept").content.decode()
        assert VolunteerOffer.objects.get().state == "waiting"

    def test_the_same_form_sent_again_changes_nothing(self):
        offer = offered()
        self.change(offer, words=WORDS)
        assert VolunteerOffer.objects.get().version == offer.version

    @pytest.mark.parametrize(
        "address", ["chapters/representative/add/?offer={}", "chapters/volunteeroffer/{}/open-chapter/"]
    )
    def test_the_next_pages_need_the_version_that_was_read(self, client, ada, address):
        offer = offered()
        open_with_a_reason(client, offer)
        self.change(offer, words="something nobody has read")
        link = "/manage/" + address.format(offer.pk)
        answer = client.get(f"{link}{'&' if '?' in link else '?'}version={offer.version}", follow=True)
        assert self.CHANGED in answer.content.decode()


class TestTalk:
    def test_an_accepted_offer_stays_on_the_list_until_the_talk_is_marked_done(self, client, ada):
        offer = offered()
        press(client, offer, "accept")
        assert list(VolunteerOffer.objects.to_talk_with()) == [offer]
        listed = client.get("/manage/chapters/volunteeroffer/?state=to_talk_with").context["cl"].result_list
        assert list(listed) == [offer]
        assert "We have talked" in open_with_a_reason(client, offer)
        press(client, offer, "talked")
        offer.refresh_from_db()
        assert (list(VolunteerOffer.objects.to_talk_with()), offer.talked_on) == ([], cast.today())

    def test_it_is_undone_and_each_step_says_so(self, client, ada):
        offer = offered()
        said = [
            press(client, offer, word).content.decode() for word in ("accept", "talked", "not-talked", "not-talked")
        ]
        expected = ["It leaves within seconds", "We haven’t talked yet", "again on the list", "You changed nothing."]
        assert [words in page for words, page in zip(expected, said, strict=True)] == [True] * 4
        assert [offer.number in page for page in said] == [True] * 4
        assert list(VolunteerOffer.objects.to_talk_with()) == [offer]

    def test_the_list_says_who_has_it_until_then(self, client, ada):
        offer, where = offered(), "/manage/chapters/volunteeroffer/?state=all"
        pages = []
        for word in ("accept", "talked"):
            press(client, offer, word)
            pages.append(client.get(where).content.decode())
        assert ["ada, since" in page for page in pages] == [True, False]

    def test_marking_a_talk_done_is_logged_once(self, client, ada):
        offer = offered()
        press(client, offer, "accept")
        for _ in range(2):
            press(client, offer, "talked")
        rows = AccessLog.objects.filter(action="changed").values_list("who", "object_id", "field_names")
        assert list(rows) == [("ada", offer.number, "talked_on")]

    @pytest.mark.parametrize("word", ["", "not-now"])
    def test_only_an_accepted_offer_can_be_marked_talked(self, client, ada, word):
        offer = offered()
        press(client, offer, word)
        press(client, offer, "talked")
        offer.refresh_from_db()
        assert offer.talked_on is None

    @pytest.mark.parametrize("word", ["", "accept"])
    def test_an_appointment_marks_the_talk_done(self, ada, client, word):
        offer = offered()
        press(client, offer, word)
        close_as_appointed(VolunteerOffer.objects.filter(pk=offer.pk), by=ada)
        offer.refresh_from_db()
        assert (offer.state, offer.talked_on) == ("taken_up", cast.today())


class TestAppointingFromAnOffer:
    ADD = "/manage/chapters/representative/add/"

    def test_the_form_is_prefilled_and_one_post_appoints(self, client, ada):
        offer = offered()
        open_with_a_reason(client, offer)
        address = f"{self.ADD}?offer={offer.pk}&version={offer.version}"
        initial = client.get(address).context["form"].initial
        assert (initial["place"], initial["address"]) == ("Ontario, Canada", ADDRESS)
        client.post(address, {**initial, "chapter": "", "username": "nele", "begins_on": cast.today()})
        offer.refresh_from_db()
        assert (offer.state, Representative.objects.get().user, User.objects.get(username="nele").address) == (
            "taken_up",
            User.objects.get(username="nele"),
            ADDRESS,
        )
        assert [email.kind for email in OutgoingEmail.objects.all()] == ["admin-invitation"]

    def test_the_address_is_hidden_without_a_reason(self, client, ada):
        offer = offered()
        address = f"{self.ADD}?offer={offer.pk}&version={offer.version}"
        page = client.get(address).content.decode()
        assert ("Why are you opening this record?" in page, offer.email in page) == (True, False)
        page = client.post(address, {"opening-reason": "to appoint"}, follow=True)
        assert offer.email in page.content.decode()

    @pytest.mark.parametrize("query", ["offer=", "offer=nothing", "offer=00000000-0000-0000-0000-000000000000"])
    def test_an_invalid_offer_is_ignored(self, client, ada, query):
        assert client.get(f"{self.ADD}?{query}").status_code == 200


class TestOpeningAChapter:
    def asked(self):
        said = {"chapter_name": "Lakeside circle", "area": "Toronto", "languages": "English", "rhythm": "each month"}
        return offered(kind="start_chapter", **said)

    def talked_about(self, client):
        offer = self.asked()
        open_with_a_reason(client, offer)
        press(client, offer, "accept")
        return offer

    def open_it(self, client, offer, **more):
        address = f"/manage/chapters/volunteeroffer/{offer.pk}/open-chapter/?version={offer.version}"
        return client.post(address, {**client.get(address).context["form"].initial, **more}, follow=True)

    def test_a_request_becomes_an_open_chapter(self, client, ada):
        offer = self.talked_about(client)
        self.open_it(client, offer)
        chapter = Chapter.objects.public().get()
        assert (chapter.name, chapter.slug, chapter.area, chapter.country) == (
            "Lakeside circle",
            "lakeside-circle",
            "Toronto",
            "CA",
        )
        offer.refresh_from_db()
        assert (offer.chapter, offer.state, offer.talked_on) == (chapter, "taken_up", cast.today())
        kinds = OutgoingEmail.objects.order_by("pk").values_list("kind", flat=True)
        assert sorted(kinds) == ["chapter-opened", "offer-taken-up"]

    def test_no_chapter_opens_before_someone_was_asked_to_talk(self, client, ada):
        offer = self.asked()
        page = open_with_a_reason(client, offer)
        assert ("Ask them to talk" in page, "Open the chapter" in page) == (True, False)
        assert "You changed nothing." in self.open_it(client, offer).content.decode()
        press(client, offer, "accept")
        assert "Open the chapter" in client.get(page_of(offer)).content.decode()
        assert Chapter.objects.count() == 0

    def test_a_talk_that_was_marked_keeps_its_day(self, client, ada):
        """What they wrote is deleted a promised time after the talk."""
        offer, day = self.talked_about(client), cast.today() - timedelta(days=3)
        VolunteerOffer.objects.filter(pk=offer.pk).update(talked_on=day)
        self.open_it(client, offer)
        offer.refresh_from_db()
        assert (Chapter.objects.count(), offer.talked_on) == (1, day)

    def test_the_code_tells_each_state_and_leads_to_the_page(self, client, ada):
        offer = self.asked()
        code, said = code_of_form(offer.form_token), []
        for step in (lambda: None, lambda: press(client, offer, "accept"), lambda: self.open_it(client, offer)):
            step()
            said.append(Page(client.post(ANSWER, {"code": code}).content.decode()))
        assert [page.one(class_="lead")["text"].strip() for page in said] == [
            "Your offer is waiting for review.", "Yes, we’d be glad to talk with you.", "The chapter is open.",
        ]  # fmt: skip
        links = [[e["href"] for e in page.all(tag="a") if e["href"].startswith("/chapters/lake")] for page in said]
        assert links == [[], [], ["/chapters/lakeside-circle/"]]
        assert client.get("/chapters/lakeside-circle/").status_code == 200

    @pytest.mark.parametrize("language", ["en", "fr-ca", "es"])
    def test_the_discreet_email_does_not_say_what_is_open(self, language):
        offer = self.asked()
        VolunteerOffer.objects.update(contact="discreet", language=language)
        offers = VolunteerOffer.objects.filter(pk=offer.pk)
        accept(offers, by=None)
        open_chapter(offers, by=None, name="Lakeside circle", slug="lakeside", country="CA")
        email = OutgoingEmail.objects.get(kind="chapter-opened")
        said = f"{email.subject}\n{email.body}"
        assert [word for word in ("Lakeside", "chapter", "section", "capítulo") if word.lower() in said.lower()] == []
        assert coalition_words_in(said) == []

    def test_the_sender_becomes_its_representative_in_the_same_step(self, client, ada):
        offer = self.talked_about(client)
        answer = self.open_it(client, offer, invites="on")
        term, chapter = Representative.objects.get(), Chapter.objects.get()
        assert (answer.redirect_chain[0][1], "An email with a one-time link" in answer.content.decode()) == (302, True)
        assert (term.chapter, term.user.address, term.appointed_by) == (chapter, ADDRESS, ada)
        kinds = OutgoingEmail.objects.values_list("kind", flat=True)
        assert sorted(kinds) == ["admin-invitation", "chapter-opened", "offer-taken-up"]

    def test_someone_who_is_never_emailed_gets_the_link_in_person(self, client, ada):
        VolunteerOffer.objects.all().delete()
        offer = offered(kind="start_chapter", chapter_name="Lakeside circle", contact="none", email="")
        open_with_a_reason(client, offer)
        press(client, offer, "accept")
        answer = self.open_it(client, offer, invites="on")
        assert answer.context["link"] in answer.content.decode()
        assert (answer.context["link"] != "", OutgoingEmail.objects.count()) == (True, 0)

    def test_no_one_is_appointed_if_the_chapter_is_open_already(self, client, ada):
        offer = self.talked_about(client)
        self.open_it(client, offer)
        self.open_it(client, offer, name="Another", slug="another", invites="on")
        assert (Chapter.objects.count(), Representative.objects.count()) == (1, 0)

    def test_only_an_admin_who_may_appoint_is_asked_about_it(self, client, ada):
        offer = self.talked_about(client)
        address = f"/manage/chapters/volunteeroffer/{offer.pk}/open-chapter/?version={offer.version}"
        assert "invites" in client.get(address).context["form"].fields
        assert "invites" not in OpenChapterForm(offer=offer).fields

    def test_a_new_representative_of_a_new_chapter_can_plan_a_meeting_at_a_kitchen_table(self, client, ada, settings):
        settings.STAFF_SECOND_FACTOR = False
        self.open_it(client, self.talked_about(client), invites="on")
        term = Representative.objects.get()
        client.logout()
        client.force_login(term.user)
        form = client.get(reverse("manage_new")).context["form"]
        assert [label for _value, label in form.fields["whose"].choices if label] == ["Lakeside circle"]

    def test_it_opens_once(self, client, ada):
        offer = self.talked_about(client)
        self.open_it(client, offer)
        self.open_it(client, offer, name="Another", slug="another")
        assert Chapter.objects.count() == 1

    @pytest.mark.parametrize("field", ["name", "area", "languages", "rhythm"])
    def test_an_email_address_cannot_become_public(self, client, ada, field):
        answer = self.open_it(client, self.talked_about(client), **{field: "write to jane@mailbox.example"})
        assert (list(answer.context["form"].errors), Chapter.objects.count()) == ([field], 0)

    def test_a_taken_slug_must_be_changed_first(self, client, ada):
        cast.chapter(name="Another", slug="lakeside-circle")
        answer = self.open_it(client, self.talked_about(client), slug="lakeside-circle")
        assert (list(answer.context["form"].errors), Chapter.objects.count()) == (["slug"], 1)

    def test_a_free_web_address_is_proposed(self):
        cast.chapter(slug="lakeside-circle")
        names = ["Lakeside circle", "Été à Trois-Rivières", "Start", "夜", "x" * 80]
        proposed = [OpenChapterForm(offer=VolunteerOffer(chapter_name=name)).initial["slug"] for name in names]
        assert proposed == ["lakeside-circle-2", "ete-a-trois-rivieres", "start-2", "chapter", "x" * 56]
