"""Which members an announcement reaches, and why it skips others; the count equals the recipients."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from members.announcements.audience import WHY, audience_of, in_words
from members.announcements.newsletter import gets_news
from members.models import Member
from s4jr.crypto.blind_index import blind_index
from s4jr.mail.models import Suppression
from tests import cast, make
from tests.members.announcements.cast import announcement, chapter, member, representative

pytestmark = pytest.mark.django_db
Reason, Scope = Suppression.Reason, Suppression.Scope


def stopped(number, scope):
    somebody = member(number)
    make.stop(somebody.email_index, Reason.UNSUBSCRIBED, scope)
    return somebody


def create_one_of_each():
    """Creates one member of each kind: with news in both forms, and without news for each reason."""
    member(1)
    member(2, contact="discreet")
    member(3, contact="none")
    stopped(4, Scope.EVERY_EMAIL)
    stopped(5, Scope.ANNOUNCEMENTS)
    member(6, paused_at=timezone.now())
    member(7, newsletter=False)


def reached(sent):
    """Returns the recipients and whether they get the discreet form; checks that the count beforehand is the same."""
    found = audience_of(sent).next(0, 100)
    reach = audience_of(sent).reach()
    assert (reach.getting, reach.discreet) == (len(found), sum(each.is_discreet for each in found))
    assert audience_of(sent).left(0) == len(found)
    return [(each.to, each.is_discreet) for each in found]


def passed_over(sent):
    return {str(why): count for why, count in audience_of(sent).reach().passed_over}


def test_news_reaches_members_who_asked_for_it_and_accept_emails():
    create_one_of_each()
    assert reached(announcement()) == [("reader1@mailbox.example", False), ("reader2@mailbox.example", True)]


def test_skipped_members_are_counted_by_reason():
    create_one_of_each()
    reasons = {"no_emails": 1, "stopped": 2, "paused": 1, "no_news": 1}
    assert passed_over(announcement()) == {str(WHY[reason]): count for reason, count in reasons.items()}


@pytest.mark.parametrize("status", sorted(set(Member.Status) - {"approved"}))
def test_only_approved_members_are_reached(status):
    cast.put(member(), status)
    assert (reached(announcement()), passed_over(announcement())) == ([], {})


def test_a_member_without_an_address_is_not_reached():
    somebody = member()
    Member.objects.filter(pk=somebody.pk).update(email="", email_index=None)
    assert reached(announcement()) == []


@pytest.mark.parametrize("audience", ["region", "chapter"])
def test_a_place_or_chapter_reaches_everyone_except_people_who_chose_never(
    audience,
):
    here = chapter()
    member(1, newsletter=False, chapter=here)
    member(2, country="US", region="US-WA")
    member(3, contact="none", chapter=here)
    member(4, paused_at=timezone.now(), chapter=here)
    sent = announcement(audience, country="CA", region="CA-ON", chapter=here)
    assert reached(sent) == [("reader1@mailbox.example", False)]


@pytest.mark.parametrize(("place", "count"), [({"region": "CA-ON"}, 1), ({"country": "CA"}, 2), ({"country": "FR"}, 0)])
def test_a_place_is_a_region_or_all_of_a_country(place, count):
    member(1), member(2, region="CA-QC"), member(3, country="US", region="US-WA")
    assert len(reached(announcement("region", **place))) == count


def test_it_can_be_for_readers_of_one_language():
    member(1), member(2, language="fr-ca")
    assert reached(announcement(language="fr-ca")) == [("reader2@mailbox.example", False)]


def test_representatives_are_reached_once_each_at_their_own_address():
    representative("ada", "ada@mailbox.example")
    [one] = [representative("bo", "bo@mailbox.example")]
    type(one).objects.create(user=one.user, region="CA-QC", begins_on=date(2020, 1, 1))
    representative("cleo", " Ada@Mailbox.Example ")
    representative("dee", "")
    representative("eli", "eli@mailbox.example", ends_on=timezone.now().date() - timedelta(days=2))
    make.stop(blind_index("fay@mailbox.example"), Reason.NEVER)
    representative("fay", "fay@mailbox.example")
    sent = announcement("representatives")
    assert reached(sent) == [("ada@mailbox.example", False), ("bo@mailbox.example", False)]
    reasons = {"no_emails": 1, "stopped": 1, "twice": 1}
    assert passed_over(sent) == {str(WHY[reason]): count for reason, count in reasons.items()}


def test_the_next_batch_follows_the_one_before():
    somebody, _, another = member(1), member(2, contact="none"), member(3)
    audience = audience_of(announcement())
    assert [each.pk for each in audience.next(0, 1)] == [somebody.pk]
    assert [each.pk for each in audience.next(somebody.pk, 5)] == [another.pk]
    assert (audience.left(somebody.pk), audience.left(another.pk)) == (1, 0)


def test_an_undecryptable_address_delays_no_one():
    broken, _ = member(1), member(2)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE members_member SET email = name WHERE id = %s", [broken.pk])
    assert [each.to for each in audience_of(announcement()).next(0, 5)] == ["", "reader2@mailbox.example"]


@pytest.mark.parametrize(
    ("newsletter", "scope", "gets"),
    [(True, None, True), (False, None, False), (True, Scope.ANNOUNCEMENTS, False), (True, Scope.EVERY_EMAIL, False)],
)
def test_the_latest_choice_decides_who_gets_news(newsletter, scope, gets):
    somebody = member(newsletter=newsletter)
    if scope:
        make.stop(somebody.email_index, Reason.UNSUBSCRIBED, scope)
    assert gets_news(somebody) is gets


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"audience": "news", "language": "es"}, "everyone who asked for news, Español"),
        ({"audience": "region", "country": "CA"}, "members in a state, province or country: Canada"),
        ({"audience": "representatives"}, "representatives"),
    ],
)
def test_the_audience_is_described_in_words(said, words):
    assert in_words(announcement(**said)) == words


@pytest.mark.parametrize("count", [1, 30])
def test_counting_takes_one_query_for_one_and_for_thirty(count, django_assert_num_queries):
    for number in range(count):
        somebody = cast.one_of_many(number, contact=["yes", "discreet"][number % 2])
        cast.put(somebody, "approved", newsletter=True)
        make.stop(cast.one_of_many(100 + number).email_index, Reason.UNSUBSCRIBED, Scope.ANNOUNCEMENTS)
    Member.objects.waiting().update(status="approved", newsletter=True, decided_at=timezone.now())
    audience = audience_of(announcement())
    with django_assert_num_queries(1):
        reach = audience.reach()
    assert (reach.getting, reach.passed_over) == (count, [(WHY["stopped"], count)])
