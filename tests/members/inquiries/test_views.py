"""/contact/ for visitors: two steps, a code, and the answer; nothing typed gets lost."""

import html
import re
from datetime import timedelta

import pytest
from django.conf import settings as site
from django.utils import timezone

from chapters.models import Chapter
from members.inquiries import services as inquiry_services
from members.models import Inquiry
from s4jr.crypto.blind_index import blind_index
from s4jr.erasure.models import Tombstone
from s4jr.mail.models import OutgoingEmail
from s4jr.security.status_code import code_hash
from tests import make
from tests.members.inquiries import people
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
USUAL = {"topic": "coalition", "contact": "yes", "email": people.ADDRESS, "name": people.NAME, "words": people.WORDS}
SAFETY = {**USUAL, "topic": "safety"}
SHE_SIGNS_IN_AS = "ada.who.reads"  # random tokens in a page never contain a full stop, but may contain "ada"


@pytest.fixture(autouse=True)
def _no_form_delay(monkeypatch):
    monkeypatch.setattr("s4jr.security.submission_token.FASTEST_HUMAN_SECONDS", -1)


@pytest.fixture(autouse=True)
def ada(db):
    """Without a reader the form is closed."""
    return people.reader(SHE_SIGNS_IN_AS, superuser=True)


def choose(client, topic="coalition", **typed):
    return client.post("/contact/", {"step": "topic", "topic": topic, **typed})


def send(client, answers=USUAL, **more):
    token = choose(client, answers["topic"]).context["form"]["form_token"].value()
    return client.post("/contact/", {"step": "send", "form_token": token, **answers, **more})


def text(response):
    return response.content.decode()


def code_after(client):
    found = re.findall(r'<strong class="code">([0-9A-Z-]+)</strong>', text(client.get("/contact/sent/")))
    return found[0] if found else None


def value_of(response, name):
    """Returns the value of a field, as a browser would send it."""
    page = Page(text(response))
    [field] = page.all(name=name)
    return field["text"].lstrip("\n") if field["tag"] == "textarea" else field.get("value", "")


class TestChoosing:
    def topics(self, client):
        return [field["value"] for field in Page(text(client.get("/contact/"))).all(name="topic")]

    def test_it_starts_with_only_the_topic(self, client):
        people.reader("bo", "safety", display_name="Bo")
        assert self.topics(client) == list(Inquiry.Topic.values)
        assert Page(text(client.get("/contact/"))).all(name="words") == []

    def test_the_form_names_the_chosen_topic(self, client, ada):
        page = Page(text(choose(client, "policy")))
        assert words(page.all(class_="lead")[0]) == "Legislation and policy"

    def test_a_topic_without_readers_is_not_offered(self, client, ada):
        assert "safety" not in self.topics(client)
        ada.delete()
        people.reader("bo", "press", "safety", display_name="Bo")
        people.reader("left.us", "website", is_active=False)
        people.reader("without.a.name", "policy")
        assert self.topics(client) == ["press", "policy", "safety"]

    def test_safety_is_offered_only_if_its_reader_has_a_display_name(self, client, ada):
        ada.delete()
        people.reader("without.a.name", "safety")
        assert self.topics(client) == []

    def test_a_topic_that_lost_its_readers_keeps_what_was_typed(self, client, ada):
        ada.delete()
        people.reader("bo", "press")
        page = choose(client, "policy", words=people.WORDS)
        said = "No one can read messages about this right now. Choose another topic."
        assert (said in text(page), value_of(page, "words")) == (True, people.WORDS)

    def test_without_any_readers_the_form_is_closed(self, client, ada):
        ada.delete()
        page = text(client.get("/contact/"))
        assert "No one here can read messages right now" in page
        assert [value for value in ("topic", "send") if f'name="step" value="{value}" class="button' in page] == []
        assert 'id="get-help"' in page

    def test_without_a_topic_it_asks_again_kindly(self, client):
        assert "Choose what it is about." in html.unescape(text(choose(client, "")))

    @pytest.mark.parametrize("topic", [topic for topic in Inquiry.Topic.values if topic != "safety"])
    def test_each_topic_says_who_reads_it_and_where_to_turn_in_an_emergency(self, client, topic):
        page = text(choose(client, topic))
        assert ("read it" in page, "not an emergency service" in page, 'id="get-help"' in page) == (True,) * 3

    def test_a_link_may_set_the_topic(self, client):
        assert value_of(client.get("/contact/?topic=press"), "topic") == "press"

    def test_it_asks_for_a_chapter_if_one_is_open(self, client):
        assert "Which chapter?" not in text(choose(client, "chapter"))
        Chapter.objects.create(slug="a", name="Riverside", country="CA", status="open")
        Chapter.objects.create(slug="b", name="Not Yet", country="CA", status="asked")
        page = text(choose(client, "chapter"))
        assert ("Riverside" in page, "Not Yet" in page) == (True, False)

    def test_another_topic_keeps_what_was_typed(self, client):
        typed = {**USUAL, "words": 'Two lines,\nand "quotes" & <b>signs</b>', "deadline": "2031-01-02"}
        page = client.post("/contact/", {**typed, "step": "change"})
        carried = {field["name"]: field["value"] for field in Page(text(page)).all(type="hidden")}
        again = choose(client, **{**carried, "topic": "press"})
        kept = {name: value_of(again, name) for name in ("topic", "words", "email", "name", "deadline")}
        assert kept == {**{name: typed[name] for name in kept}, "topic": "press"}

    @pytest.mark.parametrize(("prefix", "language"), [("", "en"), ("/fr", "fr-ca"), ("/es", "es")])
    def test_it_exists_in_every_language(self, client, prefix, language):
        token = client.post(f"{prefix}/contact/", {"step": "topic", "topic": "press"}).context["form"]["form_token"]
        response = client.post(f"{prefix}/contact/", {**USUAL, "step": "send", "form_token": token.value()})
        assert response.url == f"{prefix}/contact/sent/"
        assert Inquiry.objects.get().language == language


class TestSending:
    def test_it_redirects_to_the_code_which_is_shown_once(self, client):
        response = send(client)
        assert (response.status_code, response.url) == (302, "/contact/sent/")
        assert Inquiry.objects.get().code_hash == code_hash(code_after(client))
        again = text(client.get("/contact/sent/"))
        assert ("We showed your code once" in again, code_after(client)) == (True, None)

    def test_every_answer_is_saved_byte_for_byte(self, client):
        name = "Zoë \u200cمی\u200cخواهم 🧑🏽\u200d🦽 O’Neil"
        words = "One line.\r\n\r\n  Another, with “signs” & <b>tags</b>."
        send(client, name=name, words=words, deadline="2031-01-02")
        kept = Inquiry.objects.get()
        assert (kept.name, kept.email, str(kept.deadline), kept.contact) == (name, people.ADDRESS, "2031-01-02", "yes")
        assert kept.said.get().words == "One line.\n\n  Another, with “signs” & <b>tags</b>."

    def test_sent_twice_it_is_one(self, client):
        token = choose(client).context["form"]["form_token"].value()
        for _ in range(2):
            client.post("/contact/", {**USUAL, "step": "send", "form_token": token})
        assert Inquiry.objects.get().said.count() == 1

    def test_no_email_goes_to_the_sender(self, client):
        send(client)
        assert OutgoingEmail.objects.count() == 0

    def test_an_address_with_never_is_dropped_unread(self, client):
        send(client, contact="none")
        kept = Inquiry.objects.get()
        assert (kept.contact, kept.email, kept.email_index) == ("none", "", None)

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"email": "nowhere"}, "There is no @ in the address. An address looks like name@example.com."),
            ({"email": ""}, "Enter your email address, or choose “Never email me.”"),
            ({"contact": ""}, "Choose one, so we never email you where it isn’t safe."),
            ({"words": " "}, "Write a few words."),
            ({"deadline": "2020-01-01"}, "This day has passed."),
            ({"words": "w" * 4001}, "to 4000 characters or fewer"),
        ],
    )
    def test_an_error_keeps_what_was_typed(self, client, wrong, said):
        page = send(client, **wrong)
        assert said in html.unescape(text(page))
        assert "<title>Error: Contact</title>" in text(page)
        typed = {**USUAL, **wrong}
        assert {name: value_of(page, name) for name in ("words", "name", "email")} == {
            name: typed[name] for name in ("words", "name", "email")
        }
        assert Inquiry.objects.count() == 0

    def test_a_likely_typo_in_the_address_is_asked_about_once(self, client):
        page = send(client, email="writer@gmial.com")
        assert "Did you mean writer@gmail.com?" in text(page)
        assert Inquiry.objects.count() == 0
        asked = {"email": "writer@gmial.com", "email_asked": value_of(page, "email_asked")}
        send(client, **asked)
        send(client, **asked, email_take="on")
        assert {kept.email for kept in Inquiry.objects.all()} == {"writer@gmial.com", "writer@gmail.com"}

    def test_the_address_is_kept_in_its_own_script_however_it_was_pasted(self, client):
        send(client, email="\u200bWriter <mailto:writer@xn--bcher-kva.example>.")
        kept = Inquiry.objects.get()
        assert (kept.email, kept.email_index) == ("writer@bücher.example", blind_index("writer@BÜCHER.example"))

    def test_four_thousand_characters_are_accepted_with_any_number_of_lines(self, client):
        send(client, words="ab\r\n" * 1333)
        assert Inquiry.objects.count() == 1

    def test_todays_deadline_is_accepted(self, client):
        send(client, deadline=timezone.now().date().isoformat())
        assert Inquiry.objects.get().deadline == timezone.now().date()

    def test_an_unknown_topic_is_asked_for_again_with_what_was_typed(self, client):
        page = client.post("/contact/", {**USUAL, "topic": "weather", "step": "send"})
        assert value_of(page, "words") == people.WORDS

    def test_the_next_page_says_who_reads_it_and_when_it_is_deleted(self, client):
        send(client, topic="press", answers={**USUAL, "topic": "press"})
        page = text(client.get("/contact/sent/"))
        assert "Volunteers who answer the media read it" in page
        assert f"We delete it {site.INQUIRY_DAYS} days after the last message." in page

    def test_no_page_may_be_stored_and_its_cookies_end_with_the_browser(self, client):
        pages = [client.get("/contact/"), choose(client), send(client), client.get("/contact/sent/")]
        assert [page["Cache-Control"] for page in pages] == ["no-store"] * 4
        assert {name: cookie["max-age"] for name, cookie in client.cookies.items()} == {"csrftoken": "", "written": ""}

    def test_no_email_address_is_published(self, client):
        pages = [client.get("/contact/"), choose(client), choose(client, "safety"), client.get("/contact/answer/")]
        assert ["mailto:" in text(page) or "@" in text(page) for page in pages] == [False] * 4


class TestFlagging:
    @pytest.mark.parametrize(
        ("more", "flag_reason"), [({"website": "spam"}, "honeypot"), ({"form_token": "made up"}, "no_token")]
    )
    def test_a_form_that_looks_like_a_bots_is_flagged(self, client, more, flag_reason):
        assert send(client, **more).status_code == 302
        assert Inquiry.objects.get().flag_reason == flag_reason

    def test_a_form_sent_too_fast_is_flagged(self, client, monkeypatch):
        monkeypatch.setattr("s4jr.security.submission_token.FASTEST_HUMAN_SECONDS", 60)
        send(client)
        assert Inquiry.objects.get().flag_reason == "too_fast"

    @pytest.mark.parametrize("limit", ["FROM_ONE_LINE", "IN_ALL"])
    def test_a_flood_is_flagged_and_none_is_refused(self, client, monkeypatch, limit):
        monkeypatch.setattr(f"chapters.public_form.{limit}", "1/d")
        assert [send(client).status_code for _ in range(3)] == [302] * 3
        assert sorted(Inquiry.objects.values_list("flag_reason", flat=True)) == ["", "too_many", "too_many"]


class TestSafety:
    @pytest.fixture(autouse=True)
    def staff(self, ada):
        self.bo = people.reader("bo.signs.in", "safety", display_name="Bo")
        self.cleo = people.reader("cleo.signs.in", "safety", display_name="Cleo the Tall")

    def shown(self, client):
        return [field["value"] for field in Page(text(choose(client, "safety"))).all(name="shown")]

    def test_it_lists_all_who_could_read_it_by_display_name(self, client):
        people.reader("nobody.knows", "safety")
        people.reader("the.press", "press", display_name="Press Person")
        people.reader("left.us", "safety", display_name="Gone", is_active=False)
        people.give(make.person_who_signs_in("rep", display_name="No Staff"), "safety")
        page = text(choose(client, "safety"))
        assert [field["value"] for field in Page(page).all(name="not_for")] == ["Bo", "Cleo the Tall"]
        others = ("signs.in", "nobody.knows", "Press Person", "Gone", "No Staff", SHE_SIGNS_IN_AS)
        assert [name for name in others if name in page] == []

    def test_no_other_topic_shows_the_list(self, client):
        assert ["Cleo" in text(choose(client, topic)) for topic in Inquiry.Topic.values if topic != "safety"] == [
            False
        ] * 5

    def test_its_readers_are_the_unchecked_ones(self, client):
        send(client, SAFETY, shown=self.shown(client), not_for=["Bo"])
        assert list(Inquiry.objects.get().readers.all()) == [self.cleo]

    def test_a_user_added_after_the_list_was_shown_does_not_read_it(self, client):
        shown = self.shown(client)
        people.reader("dov", "safety", display_name="Dov")
        send(client, SAFETY, shown=shown)
        assert list(Inquiry.objects.get().readers.order_by("pk")) == [self.bo, self.cleo]

    def test_a_user_removed_meanwhile_does_not_read_it_either(self, client):
        shown = self.shown(client)
        self.bo.user_permissions.clear()
        send(client, SAFETY, shown=shown, not_for=["Bo"])
        assert list(Inquiry.objects.get().readers.all()) == [self.cleo]

    def test_two_users_of_one_name_share_a_box(self, client):
        another = people.reader("another", "safety", display_name="BO")
        shown = self.shown(client)
        assert len(shown) == 2
        send(client, SAFETY, shown=shown, not_for=[shown[0]])
        assert list(Inquiry.objects.get().readers.all()) == [self.cleo]
        send(client, SAFETY, shown=shown, not_for=[shown[1]], words="Another.")
        assert list(Inquiry.objects.exclude(readers=self.cleo).get().readers.order_by("pk")) == [self.bo, another]

    def test_with_everyone_excluded_nothing_is_saved_and_nothing_is_lost(self, client):
        shown = self.shown(client)
        page = send(client, SAFETY, shown=shown, not_for=shown)
        assert Inquiry.objects.count() == 0
        assert "no one here could read it. So nothing was saved." in text(page)
        assert ('id="get-help"' in text(page), value_of(page, "words")) == (True, people.WORDS)
        ticked = [field["value"] for field in Page(text(page)).all(name="not_for") if "checked" in field]
        assert ticked == shown

    def test_a_form_without_the_list_is_shown_one(self, client):
        page = send(client, SAFETY)
        assert Inquiry.objects.count() == 0
        assert len(Page(text(page)).all(name="not_for")) == 2

    def test_without_possible_readers_the_form_is_closed(self, client):
        for user in (self.bo, self.cleo):
            user.user_permissions.clear()
        page = choose(client, "safety", words=people.WORDS)
        assert "No one can read messages about this right now. Choose another topic." in text(page)
        assert ('id="get-help"' in text(page), value_of(page, "words")) == (True, people.WORDS)
        client.post("/contact/", {**SAFETY, "step": "send"})
        assert Inquiry.objects.count() == 0


class TestTheCode:
    def look(self, client, code, **more):
        return client.post("/contact/answer/", {"code": code, **more}, follow=True)

    @pytest.fixture
    def code(self, client):
        send(client)
        return code_after(client)

    def test_the_page_names_no_cause_before_the_code_is_given(self, client, settings):
        page = text(client.get("/contact/answer/")).lower()
        assert [word for word in settings.COALITION_WORDS if word in page] == []

    def test_it_shows_the_status_and_no_text_of_the_sender(self, client, code):
        page = text(self.look(client, code.lower().replace("-", " ")))
        assert "It’s waiting for an answer." in page
        assert [said for said in (people.WORDS, people.NAME, people.ADDRESS, "kingfisher") if said in page] == []

    def test_it_shows_the_answers(self, client, code, ada):
        inquiry_services.answer(people.these(Inquiry.objects.get()), "We read it.\n\nTwice.", by=ada, seen=1)
        page = text(self.look(client, code))
        assert ("There is an answer." in page, "<p>We read it.</p>\n\n<p>Twice.</p>" in page) == (True, True)
        assert (SHE_SIGNS_IN_AS in page, people.WORDS in page) == (False, False)

    def test_it_says_when_it_was_closed(self, client, code, ada):
        inquiry_services.close(people.these(Inquiry.objects.get()), by=ada, seen=1)
        assert "It was closed without an answer." in text(self.look(client, code))

    def test_it_says_when_no_one_can_read_it_any_more(self, client):
        bo = people.reader("bo", "safety", display_name="Bo")
        send(client, SAFETY, shown=["Bo"])
        code = code_after(client)
        assert "It’s waiting for an answer." in text(self.look(client, code))
        type(bo).objects.filter(pk=bo.pk).update(is_active=False)
        assert "No one here can read this right now." in text(self.look(client, code))

    def test_an_addition_makes_it_wait_again_and_sending_twice_adds_it_once(self, client, code, ada):
        inquiry_services.answer(people.these(Inquiry.objects.get()), "We read it.", by=ada, seen=1)
        token = self.look(client, code).context["form"]["form_token"].value()
        for _ in range(2):
            page = self.look(client, code, do="write", words="And this.", form_token=token)
        assert "Your message was added." in text(page)
        inquiry = Inquiry.objects.get()
        assert (inquiry.state, inquiry.turn) == ("open", 3)
        assert [word.words for word in inquiry.said.all()] == [people.WORDS, "We read it.", "And this."]

    def test_an_empty_addition_gets_an_error(self, client, code):
        assert "Write a few words." in text(self.look(client, code, do="write", words=""))

    def test_past_the_daily_limit_additions_stay_on_the_page_and_are_not_sent(self, client, code, monkeypatch):
        monkeypatch.setattr("s4jr.conversations.code_pages.WORDS_WITH_ONE_CODE", "1/d")
        self.look(client, code, do="write", words="first")
        page = self.look(client, code, do="write", words="second")
        assert (value_of(page, "words"), Inquiry.objects.get().said.count()) == ("second", 2)

    def test_one_button_deletes_all_of_it(self, client, code, ada):
        inquiry = Inquiry.objects.get()
        inquiry_services.answer(people.these(inquiry), "We read it.", by=ada, seen=1)
        assert "It’s done" in text(self.look(client, code, do="erase"))
        assert (Inquiry.objects.count(), OutgoingEmail.objects.count()) == (0, 0)
        assert list(Tombstone.objects.values_list("number", flat=True)) == [inquiry.number]
        assert "We can’t find anything with this code." in text(self.look(client, code))

    def test_viewing_changes_nothing(self, client, code):
        self.look(client, code)
        assert Inquiry.objects.get().turn == 1

    def test_only_wrong_codes_are_counted(self, client, code, monkeypatch):
        monkeypatch.setattr("s4jr.conversations.code_pages.WRONG_CODES", "2/d")
        assert [self.look(client, "4FK-9QX-2TM-7WP").status_code for _ in range(3)] == [200, 200, 429]
        assert self.look(client, code).status_code == 200

    def test_a_members_code_opens_no_inquiry(self, client):
        assert "We can’t find anything with this code." in text(self.look(client, "4FK-9QX-2TM-7WP"))


def test_the_url_for_emails_works_only_on_the_email_host(client, settings):
    settings.EMAIL_LINK_URL = "http://quiet.localhost"
    settings.ALLOWED_HOSTS = ["quiet.localhost"]
    found = [
        client.get(path, headers={"host": "quiet.localhost"}).status_code for path in ("/contact/answer/", "/contact/")
    ]
    assert found == [200, 404]


def test_only_the_date_of_an_inquiry_is_stored(client):
    send(client)
    said = Inquiry.objects.get().said.get()
    assert (said.at.hour, said.at.minute, said.at.second, said.at.microsecond) == (0, 0, 0, 0)
    assert timezone.now() - said.at < timedelta(days=1)


def test_signed_in_staff_send_inquiries_like_anyone_else(client):
    make.signed_in_staff(client, "dorothy")
    assert send(client).status_code == 302
