"""Which members an announcement reaches, and why it skips others; the count equals the recipients."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from members.announcements.audience import audience_of
from members.announcements.audience_words import in_words
from members.announcements.newsletter import gets_news
from members.announcements.reach import WHY
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
    found = audience_of(sent).next(0, 100).recipients
    reach = audience_of(sent).reach()
    assert (reach.getting, reach.discreet) == (len(found), sum(each.is_discreet for each in found))
    assert audience_of(sent).left(0) == len(found)
    return [(each.to, each.is_discreet) for each in found]


def passed_over(sent):
    return {str(WHY[reason]): count for reason, count in audience_of(sent).reach().skipped.items()}


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


@pytest.mark.parametrize("audience", ["places", "chapter", "ways"])
def test_a_place_or_chapter_reaches_everyone_except_people_who_chose_never(
    audience,
):
    here = chapter()
    there = {"chapter": here, "ways_to_help": "policy meetings"}
    member(1, newsletter=False, **there)
    member(2, country="US", region="US-WA", ways_to_help="policy")
    member(3, contact="none", **there)
    member(4, paused_at=timezone.now(), **there)
    sent = announcement(audience, places="CA-ON", chapter=here, ways="meetings stories")
    assert reached(sent) == [("reader1@mailbox.example", False)]


@pytest.mark.parametrize(
    ("places", "count"), [("CA-ON", 1), ("CA", 2), ("FR", 0), ("CA-ON US-WA", 2), ("CA US-WA", 3), ("FR CA-QC", 1)]
)
def test_places_are_regions_and_whole_countries(places, count):
    member(1), member(2, region="CA-QC"), member(3, country="US", region="US-WA")
    assert len(reached(announcement("places", places=places))) == count


@pytest.mark.parametrize(
    ("ways", "readers"), [("meetings", [1, 2]), ("media", [2, 3]), ("media meetings", [1, 2, 3]), ("stories", [])]
)
def test_a_way_to_help_reaches_members_who_offered_one_of_them(ways, readers):
    member(1, ways_to_help="meetings"), member(2, ways_to_help="media meetings"), member(3, ways_to_help="media")
    member(4, ways_to_help=""), cast.waiting(email="waits@mailbox.example", ways_to_help="meetings media")
    found = reached(announcement("ways", ways=ways))
    assert found == [(f"reader{number}@mailbox.example", False) for number in readers]


def test_among_members_who_offered_nothing_the_next_portion_is_empty_and_not_the_last():
    for number, ways in enumerate(["", "", "meetings"]):
        member(number, ways_to_help=ways)
    audience, [first, second, third] = audience_of(announcement("ways")), Member.objects.order_by("pk")
    empty, last = audience.next(0, 2), audience.next(second.pk, 2)
    assert (empty.recipients, empty.reached, empty.is_last) == ([], second.pk, False)
    assert ([each.pk for each in last.recipients], last.is_last) == ([third.pk], True)
    assert (audience.left(first.pk), audience.left(third.pk)) == (1, 0)


def test_an_undecryptable_offer_is_no_offer():
    broken, _ = member(1, ways_to_help="meetings"), member(2, ways_to_help="meetings")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE members_member SET ways_to_help = name WHERE id = %s", [broken.pk])
    assert reached(announcement("ways")) == [("reader2@mailbox.example", False)]


@pytest.mark.parametrize(
    ("audience", "said"),
    [
        ({"places": "CA-ON"}, "5 to 9"),
        ({"places": "CA-YT"}, "fewer than 5"),
        ({"places": "CA-NU"}, "fewer than 5"),
        ({"places": "CA-ON CA-QC"}, "10 to 18"),
        ({"places": "CA-ON CA-YT"}, "5 to 13"),
        ({"places": "CA-ON CA-NU"}, "5 to 13"),
        ({"places": "CA-YT CA-NU"}, "fewer than 9"),
        ({"places": "CA"}, "10 to 14"),
        ({"places": "CA CA-YT"}, "10 to 14"),
        ({"ways": "meetings"}, "5 to 9"),
        ({"ways": "meetings policy"}, "5 to 18"),
        ({"ways": "meetings media"}, "5 to 13"),
        ({"ways": "meetings stories"}, "5 to 13"),
    ],
)
def test_several_groups_together_show_no_more_than_each_of_them_does(audience, said):
    """Ontario and Quebec have five members each, Yukon one, Nunavut none; the same with ways to help."""
    for number in range(10):
        place, ways = [("CA-ON", "meetings"), ("CA-QC", "policy")][number % 2]
        member(number, region=place, ways_to_help=ways)
    member(11, region="CA-YT", ways_to_help="media")
    assert str(audience_of(announcement(*audience, **audience)).reach().recipients) == said


@pytest.mark.parametrize("audience", ["places", "ways", "chapter"])
def test_a_group_without_anyone_looks_like_one_of_a_few(audience):
    group = chapter()
    chosen = {"chapter": group} if audience == "chapter" else {}
    sent = announcement(audience, **chosen)
    before = audience_of(sent).reach()
    member(1, region="CA-ON", ways_to_help="meetings", chapter=group)
    after = audience_of(sent).reach()
    assert (before.is_of_few, before.is_empty) == (after.is_of_few, after.is_empty) == (True, False)


@pytest.mark.parametrize("audience", ["news", "places", "ways", "chapter"])
@pytest.mark.parametrize(
    ("language", "said"), [("en", "5 to 9"), ("fr-ca", "5 to 9"), ("es", "fewer than 5"), ("", "10 to 14")]
)
def test_numbers_of_each_language_are_ranges(audience, language, said):
    """Five read English, five French and one Spanish."""
    group = chapter()
    for number, reads in enumerate(["en", "fr-ca"] * 5 + ["es"]):
        member(number, language=reads, region="CA-ON", ways_to_help="meetings", chapter=group)
    chosen = {"chapter": group} if audience == "chapter" else {}
    reach = audience_of(announcement(audience, language=language, **chosen)).reach()
    assert (str(reach.recipients), reach.is_of_few) == (said, language == "es")


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
    first, second = audience.next(0, 1), audience.next(somebody.pk, 5)
    assert ([each.pk for each in first.recipients], first.reached, first.is_last) == ([somebody.pk], somebody.pk, False)
    assert ([each.pk for each in second.recipients], second.reached, second.is_last) == ([another.pk], another.pk, True)
    assert (audience.left(somebody.pk), audience.left(another.pk)) == (1, 0)


def test_an_undecryptable_address_delays_no_one():
    broken, _ = member(1), member(2)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE members_member SET email = name WHERE id = %s", [broken.pk])
    assert [each.to for each in audience_of(announcement()).next(0, 5).recipients] == ["", "reader2@mailbox.example"]


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
        ({"audience": "places", "places": "CA"}, "members in states, provinces or countries: Canada"),
        (
            {"audience": "places", "places": "CA-ON FR US-WA", "language": "en"},
            "members in states, provinces or countries: Ontario, France, Washington, English",
        ),
        (
            {"audience": "ways", "ways": "policy stories"},
            "members who offered to help: Policy advocacy, Survivor storytelling",
        ),
        ({"audience": "representatives"}, "representatives"),
    ],
)
def test_the_audience_is_described_in_words(said, words):
    assert in_words(announcement(**said)) == words


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize(("audience", "queries"), [("news", 1), ("places", 1), ("ways", 3)])
def test_counting_takes_the_same_queries_for_one_and_for_thirty(audience, queries, count, django_assert_num_queries):
    for number in range(count):
        offers = {"ways_to_help": ["meetings policy", "policy"][number % 2]}
        somebody = cast.one_of_many(number, contact=["yes", "discreet"][number % 2], **offers)
        cast.put(somebody, "approved", newsletter=True)
        another = cast.one_of_many(100 + number, **offers)
        make.stop(another.email_index, Reason.UNSUBSCRIBED, Scope.ANNOUNCEMENTS)
    Member.objects.waiting().update(status="approved", newsletter=True, decided_at=timezone.now())
    audience = audience_of(announcement(audience, places="CA US", ways="policy meetings"))
    with django_assert_num_queries(queries):
        reach = audience.reach()
    assert (reach.getting, reach.skipped) == (count, {"stopped": count})
