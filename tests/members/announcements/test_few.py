"""For an announcement to fewer than five people, no admin page reveals whether one of them gets no emails."""

import re

import pytest
from django.db import transaction
from django.urls import reverse

from members.announcements.services import start_sending, write_next_portion
from members.models import Announcement, Member
from s4jr.mail.delivery import send_what_is_due
from s4jr.mail.models import OutgoingEmail, Suppression
from s4jr.mail.services import stop_emails
from tests import make
from tests.members.announcements.cast import announcement, member
from tests.members.announcements.test_admin import page_of, post_send
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
LIST = reverse("admin:members_announcement_changelist")
OUTBOX = reverse("admin:mail_outgoingemail_changelist")
Reason = Suppression.Reason


def gets_none(people):
    """Lists the reasons why the first member gets no announcement; in the first entry, they get it."""
    one = people[0]
    yield lambda: None
    for reason in (Reason.UNSUBSCRIBED, Reason.NEVER, Reason.BOUNCED):
        yield lambda reason=reason: stop_emails(one.email_index, reason)
    yield lambda: Member.objects.filter(pk=one.pk).update(contact="none", email="", email_index=None)


def shown(client, page, **more):
    """Returns the text of a page."""
    return _timeless(Page(client.get(page, more).content.decode()).one(id="content"))


def _timeless(element):
    """Returns the text of an element without its times: between two requests the minute may change."""
    said = words(element)
    return re.sub(r"(\d+ \w+|\w+\.? \d+,) 20\d\d, ([\d:]+ [ap]\.m\.|noon|midnight)", "then", said)


def watched(client, *, presses):
    """Returns all that an admin sees of an announcement, from before it is sent until after it left."""
    sent = announcement("places", places="CA-YT")
    seen = [shown(client, page_of("look", sent))]
    post_send(client, sent)
    for step in (lambda: None, write_next_portion, send_what_is_due, write_next_portion):
        step()
        seen += [shown(client, page_of("progress", sent)), shown(client, LIST), shown(client, OUTBOX)]
    for word in presses:
        answer = client.post(page_of("action", sent, word=word), follow=True).content.decode()
        seen += [_timeless(Page(answer).one(id="content")), words(Page(answer).one(**{"class": "messagelist"}))]
    return [_without_id(said) for said in seen]


@pytest.mark.parametrize("count", [1, 4])
@pytest.mark.parametrize("presses", [("pause", "resume", "stop"), ("stop",)])
def test_every_page_is_identical_for_each_reason_to_get_none(client, smtp_sink, count, presses):
    make.signed_in_staff(client)
    people = [member(number, region="CA-YT", country="CA") for number in range(count)]
    seen = []
    for change in gets_none(people):
        with transaction.atomic():
            change()
            seen.append(watched(client, presses=presses))
            transaction.set_rollback(True)
    assert "Fewer than 5 people." in seen[0][0]
    assert seen == [seen[0]] * 5


def test_for_five_people_ranges_are_shown_and_their_emails_are_not_listed(client):
    make.signed_in_staff(client)
    for number in range(5):
        member(number)
    sent = announcement()
    post_send(client, sent)
    write_next_portion()
    assert "0 of 5 to 9 emails are done" in shown(client, page_of("progress", sent))
    assert Page(client.get(OUTBOX).content.decode()).all(name="_selected_action") == []


def test_one_that_starts_without_recipients_shows_no_numbers_either(client):
    """It is paused, then resumed after one person moved to that place: the counts would be about that person."""
    make.signed_in_staff(client)
    sent = announcement("places", places="CA-YT")
    start_sending(Announcement.objects.filter(pk=sent.pk), by=make.admin("bo"))
    client.post(page_of("action", sent, word="pause"))
    before = shown(client, page_of("progress", sent))
    member(region="CA-YT", country="CA")
    assert shown(client, page_of("progress", sent)) == before


def test_a_failed_email_is_listed_for_users_who_manage_emails(client):
    make.signed_in_staff(client)
    member()
    sent = announcement()
    post_send(client, sent)
    write_next_portion()
    assert Page(client.get(OUTBOX).content.decode()).all(name="_selected_action") == []
    OutgoingEmail.objects.update(state="failed")
    assert len(Page(client.get(OUTBOX).content.decode()).all(name="_selected_action")) == 1


def every_number(client, sent):
    """All that an admin sees of the numbers of an announcement, from its preview until it left."""
    seen = [shown(client, page_of("look", sent))]
    seen.append(words(Page(post_send(client, sent).content.decode()).one(class_="messagelist")))
    for step in (lambda: None, write_next_portion, send_what_is_due, write_next_portion):
        step()
        seen += [shown(client, page_of("progress", sent)), shown(client, LIST), shown(client, OUTBOX)]
    return [_without_id(said) for said in seen]


def _without_id(said):
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "id", said)


@pytest.mark.parametrize("chosen", ["CA-ON", "CA-YT", "CA-ON CA-YT", "CA"])
@pytest.mark.parametrize(("ontario", "yukon"), [(6, 0), (6, 2), (10, 6)])
def test_one_person_more_or_less_in_a_place_shows_in_no_number_of_any_combination(
    client, smtp_sink, chosen, ontario, yukon
):
    """Neither sum crosses a multiple of five here: 9 would turn to 10."""
    make.signed_in_staff(client)
    for number in range(ontario):
        member(number, region="CA-ON", country="CA")
    for number in range(yukon):
        member(20 + number, region="CA-YT", country="CA")
    seen = []
    for join in (lambda: None, lambda: member(50, region="CA-YT", country="CA")):
        with transaction.atomic():
            join()
            seen.append(every_number(client, announcement("places", places=chosen)))
            transaction.set_rollback(True)
    assert seen[0] == seen[1]
