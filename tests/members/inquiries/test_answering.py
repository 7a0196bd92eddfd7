"""From the front page to the next inquiry in three presses, with saved replies, and a way back."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from members.inquiries import services as inquiry_services
from members.models import Inquiry
from s4jr.conversations.models import SavedReply
from s4jr.mail.models import OutgoingEmail
from tests import make
from tests.members.inquiries import people
from tests.query_counts import for_one_and_thirty
from tests.reading import Page

pytestmark = pytest.mark.django_db
LIST = "admin:members_inquiry_changelist"
NEXT = "Send and open the next one"
THANKS = "Thank you for writing to us."


@pytest.fixture
def ada(client):
    user = make.signed_in_staff(client, "ada")
    client.get(reverse("admin:index"))  # consumes the greeting message
    return user


@pytest.fixture
def bo(db):
    return people.reader("bo", "coalition")


def at(name, inquiry):
    return reverse(f"admin:members_inquiry_{name}", args=[inquiry.pk])


def text(response):
    return " ".join(response.content.decode().split())


def taken(client, inquiry):
    return client.post(at("claim", inquiry), {"seen": inquiry.turn}, follow=True)


class TestTheNextOne:
    def test_it_is_taken_and_shown_once_the_answer_is_saved(self, client, ada):
        first, second = people.written(), people.written(words="The second one, about a leaflet.")
        assert NEXT in text(taken(client, first))
        page = client.post(at("answer_next", first), {"seen": 2, "words": "We read it."}, follow=True)
        assert (page.redirect_chain[-1][0], "about a leaflet" in text(page)) == (at("change", second), True)
        found = {one.pk: (one.state, one.holder) for one in Inquiry.objects.all()}
        assert found == {first.pk: ("answered", None), second.pk: ("open", ada)}
        assert [email.kind for email in OutgoingEmail.objects.all()] == ["inquiry-answer"]

    def test_from_the_front_page_it_takes_three_presses(self, client, ada):
        """The inbox entry, “I’ll take this one” in its list, and “Send and open the next one.”"""
        first, second = people.written(), people.written()
        front = Page(client.get(reverse("admin:index")).content.decode())
        [entry] = front.all(tag="a", href=reverse(LIST))[:1]
        [button] = [
            one for one in Page(client.get(entry["href"]).content.decode()).all(tag="button", name="seen")
            if one["formaction"] == at("claim", first)
        ]  # fmt: skip
        page = Page(client.post(button["formaction"], {"seen": button["value"]}, follow=True).content.decode())
        [send] = page.all(tag="input", formaction=at("answer_next", first))
        seen = page.all(name="seen")[0]["value"]
        shown = client.post(send["formaction"], {"seen": seen, "words": "We read it."}, follow=True)
        assert (shown.redirect_chain[-1][0], people.WORDS in text(shown)) == (at("change", second), True)

    def test_it_is_the_most_urgent_one_that_no_one_else_has_and_that_they_may_read(self, client, ada, bo):
        first, theirs, flagged = people.written(), people.written(), people.written(flag_reason="honeypot")
        people.about_safety(bo)
        later, third = people.written(), people.written(topic="press")
        Inquiry.objects.filter(pk__in=[theirs.pk, flagged.pk]).update(received_on="2026-01-01")
        Inquiry.objects.filter(pk=third.pk).update(received_on="2026-01-02")
        inquiry_services.claim(people.these(theirs), by=bo, seen=1)
        taken(client, first)
        page = client.post(at("answer_next", first), {"seen": 2, "words": "We read it."}, follow=True)
        assert page.redirect_chain[-1][0] == at("change", third)
        assert {one.pk for one in Inquiry.objects.filter(claimed_by=ada)} == {third.pk}
        assert Inquiry.objects.get(pk=later.pk).holder is Inquiry.objects.get(pk=flagged.pk).holder is None

    def test_without_another_one_the_list_says_so(self, client, ada):
        inquiry, _flagged = people.written(), people.written(flag_reason="honeypot")
        assert NEXT not in text(taken(client, inquiry))
        page = text(client.post(at("answer_next", inquiry), {"seen": 2, "words": "We read it."}, follow=True))
        assert "No other inquiry is waiting for you. Thank you." in page

    def test_one_that_someone_else_takes_at_that_moment_is_skipped(self, client, ada, bo, monkeypatch):
        first, second, third = people.written(), people.written(), people.written()
        claim = inquiry_services.claim

        def claim_second_first(inquiries, *, by, seen):
            claim(people.these(second), by=bo, seen=1)
            return claim(inquiries, by=by, seen=seen)

        taken(client, first)
        Inquiry.objects.filter(pk=third.pk).update(deadline="2100-01-01")
        Inquiry.objects.filter(pk=second.pk).update(deadline="2099-01-01")
        monkeypatch.setattr(inquiry_services, "claim", claim_second_first)
        page = client.post(at("answer_next", first), {"seen": 2, "words": "We read it."}, follow=True)
        assert page.redirect_chain[-1][0] == at("change", third)
        assert Inquiry.objects.get(pk=second.pk).holder == bo

    def test_over_the_budget_the_answer_is_saved_and_no_other_is_opened(self, client, ada, settings):
        settings.OPENINGS_AN_HOUR = 1
        first, second = people.written(), people.written(words="The second one, about a leaflet.")
        taken(client, first)
        page = client.post(at("answer_next", first), {"seen": 2, "words": "We read it."})
        assert (page.status_code, "leaflet" in text(page), "Your answer to inquiry No." in text(page)) == (
            403,
            False,
            True,
        )
        assert (Inquiry.objects.get(pk=first.pk).state, Inquiry.objects.get(pk=second.pk).holder) == ("answered", None)

    def test_an_empty_answer_opens_no_other_one(self, client, ada):
        first, second = people.written(), people.written()
        taken(client, first)
        page = text(client.post(at("answer_next", first), {"seen": 2, "words": ""}))
        assert "Write an answer, or close this without one." in page
        assert Inquiry.objects.get(pk=second.pk).holder is None


class TestWhatAnAdminIsTold:
    @pytest.mark.parametrize(
        ("said", "how"),
        [
            ({}, "We’ll email it to them. The email leaves within seconds."),
            ({"contact": "none", "email": ""}, "We won’t email them. They read it with their code."),
            ({"contact": "discreet"}, "An email tells them that an answer is waiting, and nothing else."),
        ],
    )
    def test_an_answer_names_the_inquiry_what_leaves_and_that_it_stays(self, client, ada, said, how):
        inquiry = people.written(**said)
        page = text(client.post(at("answer", inquiry), {"seen": 1, "words": "We read it."}, follow=True))
        link = f'<a href="{at("change", inquiry)}">{inquiry.number}</a>'
        assert f"Your answer to inquiry No. {link} is saved. {how}" in page
        assert "You can’t take it back, but you can answer again." in page

    def test_closing_is_undone_by_reopening(self, client, ada):
        inquiry = people.written()
        page = text(client.post(at("close", inquiry), {"seen": 1}, follow=True))
        assert "is closed without an answer. No email leaves. To undo this, open it and select “Reopen.”" in page
        client.post(at("change", inquiry), {"reason": "to undo it"})
        assert "Reopen" in text(client.get(at("change", inquiry)))
        page = text(client.post(at("reopen", inquiry), {"seen": 2}, follow=True))
        assert ("is waiting for an answer again." in page, Inquiry.objects.get().state) == (True, "open")

    def test_not_spam_and_handing_over_say_who_gets_an_email(self, client, ada):
        flagged, other = people.written(flag_reason="honeypot"), people.written()
        pages = [
            text(client.post(at("unflag", flagged), {"seen": 1}, follow=True)),
            text(client.post(at("hand_over", other), {"seen": 1, "topic": "press"}, follow=True)),
        ]
        told = "We email its other readers, at most once an hour.", f"No. {other.number} is handed over to “Media.”"
        assert [words in page for words, page in zip(told, pages, strict=True)] == [True, True]

    def test_the_page_of_possible_spam_says_when_it_is_deleted(self, client, ada, settings):
        settings.INQUIRY_DAYS = 90
        inquiry = people.written(flag_reason="honeypot")
        client.post(at("change", inquiry), {"reason": "to look"})
        assert "We emailed no one about it. If no one does anything, it is deleted on" in text(
            client.get(at("change", inquiry))
        )


class TestVersions:
    """Each button names the version that the admin saw."""

    @pytest.mark.parametrize(
        ("press", "said", "flag_reason"),
        [("unflag", {}, "honeypot"), ("hand_over", {"topic": "press"}, ""), ("close", {}, ""), ("unclaim", {}, "")],
    )
    def test_an_older_one_changes_nothing_and_shows_what_is_new(self, client, ada, press, said, flag_reason):
        inquiry = people.written(flag_reason=flag_reason)
        client.post(at("change", inquiry), {"reason": "to answer it"})
        inquiry_services.add_message(people.these(inquiry), "The heron came later.", "a token")
        page = client.post(at(press, inquiry), {"seen": 1, **said})
        assert (page.status_code, "The heron came later." in text(page)) == (409, True)
        now = Inquiry.objects.get()
        assert (now.topic, now.flag_reason, now.state, now.turn) == ("coalition", flag_reason, "open", 2)

    def test_only_an_open_one_is_closed_and_only_a_closed_one_reopened(self, bo):
        answered, waiting = people.written(), people.written()
        inquiry_services.answer(people.these(answered), "We read it.", by=bo, seen=1)
        assert inquiry_services.close(people.these(answered), by=bo, seen=2) is False
        assert inquiry_services.reopen(people.these(answered), by=bo, seen=2) is False
        assert inquiry_services.reopen(people.these(waiting), by=bo, seen=1) is False

    def test_one_that_was_closed_meanwhile_is_not_answered(self, client, ada, bo):
        inquiry = people.written()
        client.post(at("change", inquiry), {"reason": "to answer it"})
        inquiry_services.close(people.these(inquiry), by=bo, seen=1)
        page = client.post(at("answer", inquiry), {"seen": 1, "words": "Typed for an hour."})
        assert (page.status_code, page.context["form"]["words"].value()) == (409, "Typed for an hour.")


class TestSavedReplies:
    @pytest.fixture
    def thanks(self):
        return SavedReply.objects.create(title="Thank you", text=THANKS)

    def test_it_is_put_into_the_box_and_nothing_is_sent(self, client, ada, thanks):
        inquiry = people.written()
        taken(client, inquiry)
        page = client.post(at("insert_reply", inquiry), {"seen": 2, "words": "Hello,", "saved_reply": thanks.pk})
        form = page.context["form"]
        assert (form["words"].value(), form["saved_reply"].value()) == (f"Hello,\n\n{THANKS}", None)
        assert (Inquiry.objects.get().state, OutgoingEmail.objects.count()) == ("open", 0)

    def test_a_message_that_came_meanwhile_still_stops_the_answer(self, client, ada, thanks):
        inquiry = people.written()
        taken(client, inquiry)
        inquiry_services.add_message(people.these(inquiry), "The heron came later.", "a token")
        page = client.post(at("insert_reply", inquiry), {"seen": 2, "words": "", "saved_reply": thanks.pk})
        assert page.context["form"]["seen"].value() == 2

    @pytest.mark.parametrize("press", ["insert_reply", "answer"])
    def test_an_error_keeps_what_was_typed(self, client, ada, thanks, press):
        inquiry = people.written()
        taken(client, inquiry)
        chosen = thanks.pk if press == "answer" else ""
        page = client.post(at(press, inquiry), {"seen": 2, "words": "Typed for an hour.", "saved_reply": chosen})
        assert ("There is a problem" in text(page), "Typed for an hour." in text(page)) == (True, True)
        assert Inquiry.objects.get().state == "open"

    def test_a_page_with_thirty_takes_the_queries_of_one(self, client, ada):
        inquiry = people.written()
        taken(client, inquiry)

        def create(number):
            SavedReply.objects.create(title=f"Reply {number}", language=("en", "fr-ca", "es")[number % 3], text=THANKS)

        one, thirty = for_one_and_thirty(create, lambda: client.get(at("change", inquiry)))
        assert (one, text(client.get(at("change", inquiry))).count(">Reply ")) == (thirty, 30)

    def test_whoever_answers_keeps_the_list_and_no_one_else(self, client, bo):
        people.signed_in(client, bo)
        added = {"audience": "admins", "title": "Thank you", "language": "en", "text": "Thank you.\r\nTake care,"}
        client.post(reverse("admin:conversations_savedreply_add"), added)
        assert SavedReply.objects.get().text == "Thank you.\nTake care,"
        dov = people.signed_in(Client(), people.reader("dov"))
        assert dov.get(reverse("admin:conversations_savedreply_changelist")).status_code == 403

    def test_editors_keep_the_sample_answers_of_representatives(self, client, thanks):
        eve = make.admin("eve", superuser=False)
        eve.user_permissions.set(Permission.objects.filter(codename="change_textblock"))
        people.signed_in(client, eve)
        add, said = (
            reverse("admin:conversations_savedreply_add"),
            {"title": "A few days", "language": "en", "text": "Soon."},
        )
        client.post(add, {**said, "audience": "admins"})
        client.post(add, {**said, "audience": "representatives"})
        assert list(SavedReply.objects.order_by("pk").values_list("title", "audience")) == [
            ("Thank you", "admins"), ("A few days", "representatives"),
        ]  # fmt: skip
        listed = client.get(reverse("admin:conversations_savedreply_changelist")).context["cl"]
        assert [reply.title for reply in listed.result_list] == ["A few days"]
        assert client.get(reverse("admin:conversations_savedreply_change", args=[thanks.pk])).status_code == 302

    def test_those_who_only_answer_leave_sample_answers_alone(self, client, bo):
        sample = SavedReply.objects.create(title="A few days", text="Soon.", audience="representatives")
        people.signed_in(client, bo)
        client.post(reverse("admin:conversations_savedreply_delete", args=[sample.pk]), {"post": "yes"})
        assert SavedReply.objects.count() == 1

    def test_two_have_no_title_in_common_in_one_language(self, client, ada, thanks):
        said = {"audience": "admins", "title": "Thank you", "language": "en", "text": "Another one."}
        page = text(client.post(reverse("admin:conversations_savedreply_add"), said))
        assert "There is already a saved reply with this title in this language." in page
        client.post(reverse("admin:conversations_savedreply_add"), {**said, "language": "es"})
        assert SavedReply.objects.count() == 2

    def test_the_list_of_thirty_takes_the_queries_of_one(self, client, ada):
        where = reverse("admin:conversations_savedreply_changelist")

        def create(number):
            SavedReply.objects.create(title=f"Reply {number}", language=("en", "fr-ca", "es")[number % 3], text=THANKS)

        one, thirty = for_one_and_thirty(create, lambda: client.get(where))
        assert (one, client.get(where).context["cl"].result_count) == (thirty, 30)
