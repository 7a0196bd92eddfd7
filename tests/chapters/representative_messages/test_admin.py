"""The coalition sees reported messages and those that it may take over, and no others."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from chapters.models import ConversationMessage, Representative
from chapters.representative_messages import escalation, moderation
from chapters.representative_messages import services as message_services
from s4jr.audit.models import AccessLog
from s4jr.conversations.models import SavedReply
from s4jr.mail.models import OutgoingEmail
from tests import make
from tests.chapters import cast as places
from tests.chapters.representative_messages import cast
from tests.query_counts import for_one_and_thirty
from tests.reading import Page

pytestmark = pytest.mark.django_db
MESSAGES, REPORTS = "/manage/chapters/representativemessage/", "/manage/chapters/conversationmessage/"


@pytest.fixture
def imogen():
    return cast.representative()


@pytest.fixture
def ada(client):
    user = make.signed_in_staff(client, superuser=False)
    user.groups.add(Group.objects.get(name="Coordinator"))
    return user


def unread(imogen, **said):
    message = cast.message(imogen, **{"coalition_may_answer": True, **said})
    cast.grow_old(message, 7)
    return message


def reported(message, why="It hurts."):
    word = message.said.first()
    moderation.report(cast.these(message), word.pk, why, answers=False)
    return word


def test_the_list_has_messages_unread_for_a_week_without_their_text(client, ada, imogen):
    mine, others = unread(imogen), unread(imogen, coalition_may_answer=False, email="other@mailbox.example")
    young = cast.message(imogen, coalition_may_answer=True, email="young@mailbox.example")
    page = client.get(MESSAGES).content.decode()
    assert [message.number in page for message in (mine, others, young)] == [True, True, False]
    assert [f"{message.pk}/change/" in page for message in (mine, others)] == [True, False]
    assert [secret for secret in ("heron", "Rosalind", cast.SENDER, cast.HOLDER) if secret in page] == []


def test_the_text_is_shown_only_after_taking_over(client, ada, imogen):
    message = unread(imogen)
    before = client.get(f"{MESSAGES}{message.pk}/change/").content.decode()
    after = client.post(f"{MESSAGES}{message.pk}/take-over/", follow=True).content.decode()
    assert ["heron" in page for page in (before, after)] == [False, True]
    assert [secret for secret in (cast.SENDER, cast.HOLDER) if secret in before + after] == []
    noted = AccessLog.objects.filter(object_id=message.number).values_list("who", "action").order_by("pk")
    assert list(noted) == [("ada", "decided"), ("ada", "opened")]


def test_the_coalition_answers_a_message_it_took_over(client, ada, imogen):
    message = unread(imogen)
    page = Page(client.post(f"{MESSAGES}{message.pk}/take-over/", follow=True).content.decode())
    form = {name: page.all(name=name)[0]["value"] for name in ("seen", "form_token")}
    client.post(f"{MESSAGES}{message.pk}/answer/", {"words": cast.ANSWER, **form})
    message.refresh_from_db()
    assert (message.state, cast.emails("message-answer")) == ("answered", [cast.SENDER])


def test_a_message_that_was_not_taken_over_cannot_be_answered_or_closed(client, ada, imogen):
    message = unread(imogen)
    client.post(f"{MESSAGES}{message.pk}/answer/", {"words": cast.ANSWER, "seen": 1})
    client.post(f"{MESSAGES}{message.pk}/close/", {"seen": 1})
    message.refresh_from_db()
    assert (message.state, message.said.count()) == ("open", 1)


def test_a_message_that_may_not_be_taken_over_is_404(client, ada, imogen):
    private = unread(imogen, coalition_may_answer=False)
    asked = [client.get(f"{MESSAGES}{private.pk}/change/"), client.post(f"{MESSAGES}{private.pk}/take-over/")]
    assert [response.status_code for response in asked] == [404, 404]


def flagged(imogen, **said):
    return cast.message(imogen, **{"flag_reason": "too_many", **said})


def test_the_list_of_possible_spam_has_unread_messages_without_their_text(client, ada, imogen):
    waits, read = flagged(imogen), flagged(imogen, email="read@mailbox.example")
    blocked = flagged(imogen, email="blocked@mailbox.example", flag_reason="blocked")
    unflagged = unread(imogen, email="other@mailbox.example")
    message_services.mark_read(cast.these(read), by=imogen.user)
    page = client.get(f"{MESSAGES}?flagged=1").content.decode()
    assert [one.number in page for one in (waits, read, blocked, unflagged)] == [True, False, False, False]
    assert [secret for secret in ("heron", "Rosalind", cast.SENDER, cast.HOLDER) if secret in page] == []


def test_the_page_of_possible_spam_shows_reason_and_end_date_without_the_text(client, ada, imogen):
    page = client.get(f"{MESSAGES}{flagged(imogen).pk}/change/").content.decode()
    assert ["very many sent within an hour" in page, "deleted on" in page] == [True, True]
    assert [secret for secret in ("heron", "Rosalind", cast.SENDER, cast.HOLDER) if secret in page] == []


def test_not_spam_notifies_the_representative_once_and_is_logged(client, ada, imogen):
    message = flagged(imogen)
    assert cast.emails("admin-message-waits") == []
    for _twice in range(2):
        client.post(f"{MESSAGES}{message.pk}/unflag/", {"seen": 1})
    message.refresh_from_db()
    noted = AccessLog.objects.filter(object_id=message.number).values_list("who", "action", "field_names")
    assert (message.flag_reason, cast.emails("admin-message-waits")) == ("", [cast.HOLDER])
    assert list(noted) == [("ada", "changed", "flag_reason")]


def test_possible_spam_cannot_be_taken_over_answered_or_closed(client, ada, imogen):
    message = flagged(imogen, coalition_may_answer=True)
    cast.grow_old(message, 9)
    for press in ("take-over", "answer", "close"):
        client.post(f"{MESSAGES}{message.pk}/{press}/", {"words": cast.ANSWER, "seen": 1})
    message.refresh_from_db()
    assert (message.state, message.taken_over_on, message.said.count()) == ("open", None, 1)


def test_not_spam_does_not_unblock_a_blocked_sender(client, ada, imogen):
    message = unread(imogen, flag_reason="blocked")
    client.post(f"{MESSAGES}{message.pk}/unflag/", {"seen": 1})
    message.refresh_from_db()
    assert (message.flag_reason, cast.emails("admin-message-waits")) == ("blocked", [])


def test_not_spam_names_the_version_that_was_seen(client, ada, imogen):
    message = flagged(imogen)
    message_services.add_message(cast.these(message), "The egret came later.", "a mark")
    page = client.post(f"{MESSAGES}{message.pk}/unflag/", {"seen": 1}, follow=True).content.decode()
    message.refresh_from_db()
    assert (message.flag_reason, f"Message No. {message.number} changed a moment ago" in page) == ("too_many", True)


def taken_over_by_ada(client, imogen, **said):
    message = unread(imogen, **said)
    client.post(f"{MESSAGES}{message.pk}/take-over/", follow=True)
    return message


@pytest.mark.parametrize(
    ("said", "how"),
    [
        ({}, "We’ll email it to them, without your address. The email leaves within seconds."),
        ({"contact": "none", "email": ""}, "We won’t email them. They read it with their code."),
        ({"contact": "discreet"}, "An email tells them that an answer is waiting, and nothing else."),
    ],
)
def test_an_answer_says_whom_what_leaves_and_that_it_stays(client, ada, imogen, said, how):
    message = taken_over_by_ada(client, imogen, **said)
    sent = {"words": cast.ANSWER, "seen": 1, "form_token": "a token"}
    page = " ".join(client.post(f"{MESSAGES}{message.pk}/answer/", sent, follow=True).content.decode().split())
    assert (f">{message.number}</a> is saved. {how}" in page, "You can’t take it back" in page) == (True, True)


def test_closing_a_message_is_undone_by_reopening(client, ada, imogen):
    message = taken_over_by_ada(client, imogen)
    said = client.post(f"{MESSAGES}{message.pk}/close/", {"seen": 1}, follow=True).content.decode()
    assert ("select “Reopen.”" in said, message.number in said) == (True, True)
    assert "Reopen</button>" in client.get(f"{MESSAGES}{message.pk}/change/").content.decode()
    stale = client.post(f"{MESSAGES}{message.pk}/reopen/", {"seen": 1})
    assert (stale.status_code, type(message).objects.get(pk=message.pk).state) == (409, "closed")
    client.post(f"{MESSAGES}{message.pk}/reopen/", {"seen": 2})
    assert type(message).objects.get(pk=message.pk).state == "open"


def test_a_message_that_was_not_taken_over_cannot_be_reopened(client, ada, imogen):
    message = unread(imogen)
    message_services.close(cast.these(message), by=imogen.user, seen=1)
    client.post(f"{MESSAGES}{message.pk}/reopen/", {"seen": 2})
    assert type(message).objects.get(pk=message.pk).state == "closed"


def test_list_and_page_say_who_took_it_over(client, ada, imogen):
    message, cleo = unread(imogen), places.person("cleo")
    escalation.take_over(cast.these(message), by=cleo)
    client.post(f"{MESSAGES}{message.pk}/change/", {"reason": "to answer it"})
    pages = [client.get(where).content.decode() for where in (MESSAGES, f"{MESSAGES}{message.pk}/change/")]
    assert ["cleo, since" in pages[0], "cleo took this over on" in pages[1]] == [True, True]


def test_a_saved_reply_is_put_into_the_box_and_nothing_is_sent(client, ada, imogen):
    thanks = SavedReply.objects.create(title="Thank you", text="Thank you for writing to us.")
    message = taken_over_by_ada(client, imogen)
    said = {"words": "Hello,", "seen": 1, "saved_reply": thanks.pk, "form_token": "a token"}
    page = client.post(f"{MESSAGES}{message.pk}/insert-reply/", said)
    assert page.context["form"]["words"].value() == "Hello,\n\nThank you for writing to us."
    client.post(f"{MESSAGES}{message.pk}/answer/", said)
    message.refresh_from_db()
    assert (message.state, message.said.count()) == ("open", 1)


def test_a_report_notifies_its_admins_without_the_text(ada, imogen):
    type(ada).objects.filter(pk=ada.pk).update(address="ada@desk.example")
    for number in range(2):
        reported(cast.message(imogen, email=f"writer{number}@mailbox.example"))
    [email] = OutgoingEmail.objects.filter(kind="admin-message-report")
    assert (email.to, "heron" in email.body, "hurts" in email.body) == ("ada@desk.example", False, False)


def test_a_report_shows_only_the_reported_text_and_the_access_is_logged(client, ada, imogen):
    message = cast.message(imogen)
    message_services.add_message(cast.these(message), "The egret came later.", "a mark")
    word = reported(message)
    listed = client.get(REPORTS).content.decode()
    page = client.get(f"{REPORTS}{word.pk}/change/").content.decode()
    assert ["heron" in listed, "hurts" in listed, "heron" in page, "hurts" in page] == [False, False, True, True]
    assert [secret for secret in ("egret", "Rosalind", cast.SENDER, cast.HOLDER) if secret in page] == []
    [noted] = AccessLog.objects.filter(object_id=message.number)
    said = ("ada", "opened", "words report", "to look into a report", "lists")
    assert (noted.who, noted.action, noted.field_names, noted.reason, noted.budget) == said


def test_a_report_is_settled_once(client, ada, imogen):
    word = reported(cast.message(imogen))
    for _twice in range(2):
        client.post(f"{REPORTS}{word.pk}/settle/")
    word.refresh_from_db()
    decided = AccessLog.objects.filter(action="decided").count()
    assert (word.settled_by, decided, ConversationMessage.objects.waiting_reports().count()) == (ada, 1, 0)


def test_settling_a_report_is_undone_and_each_step_says_so(client, ada, imogen):
    word = reported(cast.message(imogen))
    said = client.post(f"{REPORTS}{word.pk}/settle/", follow=True).content.decode()
    assert ("select “Look into it again.”" in said, word.conversation.number in said) == (True, True)
    assert "Look into it again</button>" in client.get(f"{REPORTS}{word.pk}/change/").content.decode()
    pages = [client.post(f"{REPORTS}{word.pk}/unsettle/", follow=True).content.decode() for _twice in range(2)]
    assert ["is waiting again" in pages[0], "You changed nothing." in pages[1]] == [True, True]
    noted = AccessLog.objects.filter(field_names="report").order_by("pk").values_list("action", flat=True)
    assert (list(noted), list(ConversationMessage.objects.waiting_reports())) == (["decided", "changed"], [word])


def test_text_that_was_not_reported_is_404(client, ada, imogen):
    message = cast.message(imogen)
    reported(cast.message(imogen, email="other@mailbox.example"))
    assert client.get(f"{REPORTS}{message.said.get().pk}/change/").status_code == 404


@pytest.mark.parametrize("pk", ["0", "99999999999999999999", "x"])
def test_a_missing_report_is_404(client, ada, pk):
    assert client.get(f"{REPORTS}{pk}/change/").status_code == 404


def test_users_without_the_permission_get_neither_list_nor_page(client, imogen):
    make.signed_in_staff(client, "grace", superuser=False)
    message = unread(imogen)
    word = reported(message)
    lists = [client.get(where).status_code for where in (MESSAGES, REPORTS)]
    pages = [
        client.get(where).status_code for where in (f"{MESSAGES}{message.pk}/change/", f"{REPORTS}{word.pk}/change/")
    ]
    presses = [
        client.post(where).status_code
        for where in (f"{MESSAGES}{message.pk}/take-over/", f"{REPORTS}{word.pk}/settle/")
    ]
    message.refresh_from_db()
    assert (lists, pages, presses, message.taken_over_on) == ([403, 403], [404, 404], [404, 404], None)


def taken_over(number):
    """A reported message to a representative of its own, which a coordinator of its own took over and settled."""
    message = unread(cast.representative_of_a_chapter(number), email=f"writer{number}@mailbox.example")
    word, cleo = reported(message), places.person(f"cleo{number}")
    escalation.take_over(cast.these(message), by=cleo)
    moderation.settle_reports(ConversationMessage.objects.filter(pk=word.pk), by=cleo)
    return message


@pytest.mark.parametrize(("where", "shown"), [(MESSAGES, "Circle "), (REPORTS, "the representative</td>")])
def test_a_list_takes_as_many_queries_for_thirty_as_for_one(client, ada, where, shown):
    one, thirty = for_one_and_thirty(taken_over, lambda: client.get(where))
    assert (one, client.get(where).content.decode().count(shown)) == (thirty, 30)


def test_a_long_conversation_takes_as_many_queries_as_a_short_one(client, ada, imogen):
    message = unread(imogen)
    client.post(f"{MESSAGES}{message.pk}/take-over/")

    def create(number):
        who = places.person(f"cleo{number}")
        message.said.create(is_answer=True, words=f"Answer {number}", at=timezone.now(), by=who)

    one, thirty = for_one_and_thirty(create, lambda: client.get(f"{MESSAGES}{message.pk}/change/"))
    page = client.get(f"{MESSAGES}{message.pk}/change/").content.decode()
    assert (one, page.count("answered on")) == (thirty, 30)


def test_the_page_that_deletes_a_chapter_names_no_message(client):
    make.signed_in_staff(client)
    chapter, imogen = places.chapter(), cast.representative()
    Representative.objects.filter(pk=imogen.pk).update(chapter=chapter, region="")
    message = cast.message(imogen)
    page = client.get(reverse("admin:chapters_chapter_delete", args=[chapter.pk]))
    assert (page.status_code, message.number in page.content.decode()) == (200, False)
