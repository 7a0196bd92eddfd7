"""The admin index and the digest count what waits, with days, for users who may read it."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import connection
from django.utils import timezone

from chapters.models import ConversationMessage, RepresentativeMessage, StepDown, VolunteerOffer
from chapters.representative_messages import escalation, moderation
from chapters.representatives.stepping_down import settle_step_down, step_down
from chapters.volunteer_offers.services import OfferSubmission, accept, make_offer, mark_talked
from members.inquiries import services as inquiry_services
from members.models import Inquiry, Member
from members.purge import purge
from members.review.dashboard import KINDS, waiting_for
from members.review.notifications import write_digest
from members.review.services import approve
from s4jr.crypto.blind_index import blind_index
from s4jr.mail.models import OutgoingEmail, Suppression
from tests import cast, make
from tests.accounts.test_first_steps import SAFETY, STEPS
from tests.chapters import cast as places
from tests.chapters.cast import one_of_many_chapters
from tests.chapters.representative_messages import cast as messages
from tests.members.inquiries import people
from tests.query_counts import for_one_and_thirty
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
DAYS = 9


def long_ago():
    return timezone.now().date() - timedelta(days=DAYS)


def an_application():
    cast.waiting()
    Member.objects.update(received_on=long_ago())


def a_flagged_application():
    cast.ask(flag_reason="too_fast")
    Member.objects.update(received_on=long_ago())


def an_inquiry(**said):
    people.written(**said)
    Inquiry.objects.update(received_on=long_ago(), last_word_on=long_ago())


def a_flagged_inquiry():
    an_inquiry(flag_reason="honeypot")


def an_unread_message():
    messages.message(messages.representative())
    RepresentativeMessage.objects.update(received_on=long_ago(), last_word_on=long_ago())


def a_flagged_message(why="too_many"):
    messages.message(messages.representative(), flag_reason=why)
    RepresentativeMessage.objects.update(received_on=long_ago(), last_word_on=long_ago())


def a_message_taken_over():
    messages.message(messages.representative(), coalition_may_answer=True)
    RepresentativeMessage.objects.update(received_on=long_ago(), last_word_on=long_ago())
    escalation.take_over(RepresentativeMessage.objects.all(), by=make.admin("taker"))


def a_report():
    message = messages.message(messages.representative())
    moderation.report(messages.these(message), message.said.get().pk, "It hurts.", answers=False)
    ConversationMessage.objects.update(reported_on=long_ago())


def a_promised_step():
    cast.put(cast.waiting(), "membership_ended", next_step_on=long_ago())


def an_offer(**said):
    said = {"contact": "yes", "name": "Nele", "email": "nele@mailbox.example", "region": "CA-ON", **said}
    make_offer(OfferSubmission(kind="represent", form_token="a form", **said))
    VolunteerOffer.objects.update(received_on=long_ago())


def a_flagged_offer():
    an_offer(flag_reason="honeypot")


def an_accepted_offer():
    an_offer()
    accept(VolunteerOffer.objects.all(), by=None)
    VolunteerOffer.objects.update(decided_on=long_ago())


def a_decision_in_its_hour():
    cast.put(cast.waiting(), "declining")


def an_email_in_doubt():
    email = cast.written()
    OutgoingEmail.objects.filter(pk=email.pk).update(
        state="failed", created_at=timezone.now() - timedelta(days=DAYS), last_error="550"
    )


def a_suppressed_representative():
    term = messages.representative()
    make.stop(blind_index(term.user.address), "unsubscribed")
    Suppression.objects.update(created_on=long_ago())


def a_representative_who_stepped_down():
    step_down(messages.representative())
    StepDown.objects.update(on=long_ago())


def a_representative_without_an_address():
    messages.representative(address="", begins_on=long_ago())


def a_suppressed_admin():
    make.admin("bo", address="bo@coalition.example")
    make.stop(blind_index("bo@coalition.example"), "unsubscribed")
    Suppression.objects.update(created_on=long_ago())


#: What a decision in its hour says instead of days.
AGES = {a_decision_in_its_hour: "for up to an hour"}
#: How to create each waiting item, its text, its link, and the permission it needs.
WAITING = {
    "application": (an_application, "1 application to review", "members/member/?status=undecided", "change_member"),
    "flagged application": (
        a_flagged_application, "1 application flagged as possible spam", "members/member/?status=all&flagged=1",
        "change_member",
    ),
    "promised step": (
        a_promised_step, "1 next step we promised someone we asked to leave",
        "members/member/?status=next_step_due", "change_member",
    ),
    "decision in its hour": (
        a_decision_in_its_hour, "1 decision that can still be undone", "members/member/?status=in_grace_period",
        "change_member",
    ),
    "inquiry": (an_inquiry, "1 inquiry to answer", "members/inquiry/?flagged=0", "read_coalition"),
    "flagged inquiry": (
        a_flagged_inquiry, "1 inquiry flagged as possible spam", "members/inquiry/?state=all&flagged=1",
        "read_coalition",
    ),
    "unread message": (
        an_unread_message, "1 message that a representative has not read for a week",
        "chapters/representativemessage/?waits=unread", "take_over",
    ),
    "flagged message": (
        a_flagged_message, "1 message to a representative flagged as possible spam",
        "chapters/representativemessage/?flagged=1", "take_over",
    ),
    "message taken over": (
        a_message_taken_over, "1 message that the coalition took over, to answer",
        "chapters/representativemessage/?waits=answer", "take_over",
    ),
    "report": (a_report, "1 report to look into", "chapters/conversationmessage/?settled=no", "settle_reports"),
    "offer": (an_offer, "1 volunteer offer to answer", "chapters/volunteeroffer/?flagged=0", "change_volunteeroffer"),
    "flagged offer": (
        a_flagged_offer, "1 volunteer offer flagged as possible spam", "chapters/volunteeroffer/?flagged=1",
        "change_volunteeroffer",
    ),
    "stepped down": (
        a_representative_who_stepped_down, "1 representative stepped down: thank them and find someone",
        "chapters/representative/?term=stepped_down", "change_representative",
    ),
    "stopped representative": (
        a_suppressed_representative, "1 representative to talk with: emails to them are stopped",
        "chapters/representative/?email=stopped", "change_representative",
    ),
    "representative without an address": (
        a_representative_without_an_address, "1 representative without an email address",
        "chapters/representative/?email=none", "change_representative",
    ),
    "stopped admin": (
        a_suppressed_admin, "1 admin to talk with: emails to them are stopped", "accounts/user/?email=no",
        "change_user",
    ),
    "offer taken up": (
        an_accepted_offer, "1 person to talk with about their offer, within two weeks of our email",
        "chapters/volunteeroffer/?state=to_talk_with", "change_volunteeroffer",
    ),
    "email in doubt": (
        an_email_in_doubt, "1 email that needs a decision", "mail/outgoingemail/?state__in=failed,unknown",
        "change_outgoingemail",
    ),
}  # fmt: skip


def reader(*rights):
    """An active user with an address and only these permissions."""
    user = make.admin("cleo", superuser=False, address="cleo@mailbox.example")
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    return user


def digest_of(user):
    write_digest()
    found = OutgoingEmail.objects.filter(kind="admin-digest")
    return "".join(email.body for email in found if email.to == user.address)


def test_each_kind_is_covered_here():
    assert len(WAITING) == len(KINDS)


@pytest.mark.parametrize(("happens", "said", "address", "right"), WAITING.values(), ids=WAITING)
class TestEachKind:
    def test_users_who_may_read_it_see_its_count_and_days(self, happens, said, address, right):
        user = reader(right)
        happens()
        [waiting] = waiting_for(user)
        age = AGES.get(happens, "the oldest has waited 9 days")
        assert (waiting.said, waiting.age, waiting.url) == (said, age, f"/manage/{address}")

    def test_it_is_in_their_digest_unless_it_would_come_too_late(self, happens, said, address, right):
        user = reader(right)
        happens()
        expected = "" if happens in AGES else f"- {said}: the oldest has waited 9 days"
        assert (expected in digest_of(user), said in digest_of(user)) == (True, happens not in AGES)

    def test_users_who_may_not_read_it_do_not_learn_of_it(self, happens, said, address, right):
        others = {right for *_, right in WAITING.values()} - {right}
        user = reader(*others)
        happens()
        assert (waiting_for(user), digest_of(user)) == ([], "")

    def test_the_list_behind_its_link_shows_the_same_number(self, client, happens, said, address, right):
        """Beside one of every other kind, and of what waits for no one."""
        ada = make.signed_in_staff(client, "ada")
        for number in range(2):
            one_of_each(number)
            make.stop(blind_index(make.admin(f"b{number}", address=f"b{number}@c.example").address), "unsubscribed")
            settled_of_each(number)
        page = client.get("/manage/")
        [waiting] = [one for one in waiting_for(ada) if one.url == f"/manage/{address}"]
        assert f"{waiting.said}</a>, {waiting.age}" in page.content.decode()
        expected = 4 if happens is an_unread_message else 2  # the reported messages are unread as well
        assert (waiting.count, client.get(waiting.url).context["cl"].result_count) == (expected, expected)


@pytest.mark.parametrize("happens", [an_unread_message, a_flagged_message, a_message_taken_over])
def test_the_linked_list_shows_the_counted_message(client, happens):
    """Even if its sender didn't agree that the coalition answers."""
    make.signed_in_staff(client, "ada")
    happens()
    [waiting] = waiting_for(make.User.objects.get(username="ada"))
    assert RepresentativeMessage.objects.get().number in client.get(waiting.url).content.decode()


@pytest.mark.parametrize("why", ["too_many", "too_fast", "honeypot", "no_token"])
def test_a_flagged_message_is_in_every_digest_until_the_day_it_is_deleted(why):
    user = reader("take_over")
    a_flagged_message(why)
    day = timezone.now().date() - timedelta(days=settings.CONVERSATION_DAYS - 1)
    RepresentativeMessage.objects.update(received_on=day, last_word_on=day)
    purge()
    assert "flagged as possible spam: the oldest has waited 29 days" in digest_of(user)


def test_items_from_today_wait_since_today():
    cast.waiting()
    assert [waiting.age for waiting in waiting_for(reader("change_member"))] == ["since today"]


def test_settled_and_answered_items_do_not_wait(client):
    ada = make.admin("ada")
    for happens in (an_application, an_inquiry, a_report, an_accepted_offer):
        happens()
    approve(Member.objects.all(), by=ada)
    inquiry_services.close(Inquiry.objects.all(), by=ada, seen=1)
    moderation.settle_reports(ConversationMessage.objects.all(), by=ada)
    mark_talked(VolunteerOffer.objects.all(), by=ada)
    RepresentativeMessage.objects.update(last_word_on=timezone.now().date())
    assert waiting_for(ada) == []


def test_safety_inquiries_are_counted_only_for_their_readers():
    bo = people.reader("bo", "safety", display_name="Bo", address="bo@mailbox.example")
    dov = people.reader("dov", "safety", display_name="Dov", address="dov@mailbox.example")
    people.about_safety(bo)
    assert [len(waiting_for(user)) for user in (bo, dov)] == [1, 0]


def test_the_digest_names_no_one_and_comes_once_a_day():
    user = reader("change_member", "change_volunteeroffer")
    for happens in (an_application, an_accepted_offer):
        happens()
    body = digest_of(user)
    assert digest_of(user) == body
    assert [canary for canary in (cast.NAME, cast.ADDRESS, "heron", "Nele", "nele@") if canary in body] == []


def test_an_undecryptable_address_does_not_delay_other_digests():
    broken, other = make.admin("ada", address="ada@coalition.example"), make.admin("bo", address="bo@coalition.example")
    an_application()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_user SET address = 'v1.gone.AAAA' WHERE id = %s", [broken.pk])
    assert "1 application to review" in digest_of(other)


def message_to_its_own_representative(number, **said):
    term = messages.representative_of_a_chapter(number)
    message = messages.message(term, email=f"writer{number}@mailbox.example", **said)
    messages.grow_old(message, DAYS)
    return message


def offer_for_its_own_chapter(number, **said):
    said = {"contact": "yes", "email": f"nele{number}@mailbox.example", "chapter": one_of_many_chapters(number), **said}
    make_offer(OfferSubmission(kind="represent", form_token=f"form {number}", **said))
    return VolunteerOffer.objects.get(form_token=f"form {number}")


def one_of_each(number):
    """One of each kind but stopped admins, each with related rows of its own."""
    numbers = iter(range(number * 100, number * 100 + 100))
    cast.one_of_many(next(numbers))
    cast.ask(email=f"flagged{number}@mailbox.example", flag_reason="too_fast")
    cast.put(cast.one_of_many(next(numbers)), "membership_ended", next_step_on=long_ago())
    for flag in ("", "honeypot"):
        people.written(topic="chapter", chapter=one_of_many_chapters(next(numbers)), flag_reason=flag)
    message_to_its_own_representative(next(numbers))
    message_to_its_own_representative(next(numbers), flag_reason="too_many")
    mine = message_to_its_own_representative(next(numbers), coalition_may_answer=True)
    escalation.take_over(messages.these(mine), by=places.person(f"taker{number}"))
    reported = message_to_its_own_representative(next(numbers))
    moderation.report(messages.these(reported), reported.said.get().pk, "It hurts.", answers=False)
    offer_for_its_own_chapter(next(numbers)), offer_for_its_own_chapter(next(numbers), flag_reason="honeypot")
    offer = offer_for_its_own_chapter(next(numbers))
    accept(VolunteerOffer.objects.filter(pk=offer.pk), by=places.person(f"accepter{number}"))
    make.stop(blind_index(messages.representative_of_a_chapter(next(numbers)).user.address), "unsubscribed")
    places.of_chapter(one_of_many_chapters(next(numbers)), user=places.person(f"nowhere{number}", address=""))
    step_down(messages.representative_of_a_chapter(next(numbers)))
    cast.put(cast.one_of_many(next(numbers)), "declining")
    email = cast.written(to=f"doubt{number}@mailbox.example", about=f"member {number}")
    OutgoingEmail.objects.filter(pk=email.pk).update(state="failed", last_error="550")


def settled_of_each(number):
    """Rows that the same lists hold under another filter, and that wait for no one."""
    numbers = iter(range(number * 100 + 50, number * 100 + 100))
    for status in ("approved", "closed", "left"):
        cast.put(cast.one_of_many(next(numbers)), status)
    cast.put(cast.one_of_many(next(numbers)), "membership_ended", next_step_on=None)
    closed = people.written(topic="chapter", chapter=one_of_many_chapters(next(numbers)))
    inquiry_services.close(people.these(closed), by=None, seen=1)
    read = message_to_its_own_representative(next(numbers))
    messages.these(read).update(read_on=timezone.now().date())
    reported = message_to_its_own_representative(next(numbers))
    moderation.report(messages.these(reported), reported.said.get().pk, "It hurts.", answers=False)
    messages.these(reported).update(read_on=timezone.now().date())
    moderation.settle_reports(ConversationMessage.objects.filter(conversation=reported), by=None)
    talked = offer_for_its_own_chapter(next(numbers))
    accept(VolunteerOffer.objects.filter(pk=talked.pk), by=None)
    mark_talked(VolunteerOffer.objects.filter(pk=talked.pk), by=None)
    messages.representative_of_a_chapter(next(numbers))
    thanked = messages.representative_of_a_chapter(next(numbers))
    step_down(thanked)
    settle_step_down(thanked, by=thanked.user)
    sent = cast.written(to=f"sent{number}@mailbox.example")
    OutgoingEmail.objects.filter(pk=sent.pk).update(state="canceled")


def test_it_takes_the_same_queries_for_one_of_each_and_for_thirty():
    ada = make.admin("ada")

    def create(number):
        one_of_each(number)
        make.stop(
            blind_index(make.admin(f"bo{number}", address=f"bo{number}@coalition.example").address), "unsubscribed"
        )

    one, thirty = for_one_and_thirty(create, lambda: waiting_for(ada))
    counts = [waiting.count for waiting in waiting_for(ada)]
    assert (one, len(counts), min(counts)) == (thirty, len(KINDS), 30)


def test_the_digest_takes_the_same_queries_for_one_of_each_and_for_thirty():
    make.admin("ada", address="ada@coalition.example")

    def write():
        OutgoingEmail.objects.filter(kind="admin-digest").delete()
        assert write_digest() == 1

    cast.waiting()
    one, thirty = for_one_and_thirty(one_of_each, write)
    # Without stopped admins, and without decisions that the digest is too slow for.
    assert (one, OutgoingEmail.objects.get(kind="admin-digest").body.count("\n- ")) == (thirty, len(KINDS) - 2)


# --- topics without a reader


def unread(client):
    """Returns what the index says, to users who may grant permissions, about topics missing from the contact form."""
    page = Page(client.get("/manage/").content.decode())
    alarms = [words(notice) for notice in page.all(class_="notice") if "The contact form leaves out" in words(notice)]
    assert len(page.all(class_="alarm")) == len(alarms)
    return alarms


def take_the_other_steps(settings):
    """All of the checklist but who reads messages about safety."""
    for step, take in STEPS.items():
        if step != SAFETY:
            take(settings)


def test_a_topic_without_readers_is_reported_in_words_beside_the_color(client, settings):
    make.signed_in_staff(client, "ada")
    take_the_other_steps(settings)
    (alarm,) = unread(client)
    assert alarm.startswith(
        "Problem The contact form leaves out these topics, because no one may read them: Safety or conduct. "
        "To fix this, give someone the right to read them."
    )


def test_who_reads_about_safety_is_asked_once(client, settings):
    """In the checklist of a new site, in a notice once the site is in use."""
    make.signed_in_staff(client, "ada")

    def asked():
        page = Page(client.get("/manage/").content.decode())
        steps = [words(e) for e in page.all(class_="checklist") if SAFETY in words(e)]
        return len(steps), len(unread(client))

    new = asked()
    take_the_other_steps(settings)
    assert (new, asked()) == ((1, 0), (0, 1))


def test_with_a_reader_nothing_is_reported(client):
    make.signed_in_staff(client, "ada")
    people.reader("bo", "safety", display_name="Bo")
    assert unread(client) == []


def test_users_who_cannot_grant_permissions_are_not_told(client):
    people.signed_in(client, people.in_group("Editor", "eve"))
    assert unread(client) == []


# --- the front page as a whole


def test_to_do_is_said_once_and_each_kind_too(client):
    make.signed_in_staff(client, "ada")
    an_email_in_doubt()
    page = Page(client.get("/manage/").content.decode())
    assert words(page.one(tag="h1")) == "Inbox"
    assert [words(e) for e in page.all(tag="h2")][:1] == ["Before the site opens"]
    assert words(page.one(id="content-start")).count("needs a decision") == 1


def test_another_page_still_warns_of_emails_in_doubt(client):
    make.signed_in_staff(client, "ada")
    an_email_in_doubt()
    page = client.get("/manage/accounts/user/").content.decode()
    assert "1 email needs a decision." in page


def test_the_front_page_takes_as_few_queries_for_thirty_of_each_as_for_one(client):
    make.signed_in_staff(client, "ada")
    one, thirty = for_one_and_thirty(one_of_each, lambda: client.get("/manage/"))
    assert (one, one < 45) == (thirty, True)


def test_what_was_closed_this_week_is_the_list_behind_it(client):
    make.signed_in_staff(client, "ada")
    cast.put(cast.waiting(), "closed", decided_at=timezone.now() - timedelta(days=8))
    cast.put(cast.waiting(email="b@mailbox.example"), "closed")
    page = client.get("/manage/").content.decode()
    assert "1 application was closed without an email in the last seven days" in page
    assert client.get("/manage/members/member/?status=closed_this_week").context["cl"].result_count == 1
