"""Members who let their representatives see something: only what they ticked, only theirs, and never an address."""

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chapters.representatives.providers import shared_members_section
from members.models import Member, Sharing
from s4jr.audit.models import AccessLog
from tests import cast as members
from tests.chapters import cast
from tests.chapters.representatives import people

pytestmark = pytest.mark.django_db


def welcomed(number=0, **answers):
    """Rosalind of Ontario, or another one of many, who is a member."""
    address = f"rosalind.{number}@mailbox.example"
    member = members.waiting(**{"email": address, "access_needs": "captions, please", **answers})
    members.put(member, "approved")
    return member


def lets_see(member, fields="name", *, region="CA-ON", chapter=None):
    return Sharing.objects.create(member=member, region=region, chapter=chapter, fields=fields, since=cast.today())


def page_of(client, term, **more):
    return client.get(reverse("representative_members", args=[term.pk]), more).content.decode()


@pytest.fixture
def of_ontario(client):
    return people.signed_in_representative(client)


def test_what_was_ticked_is_shown_and_nothing_else(client, of_ontario):
    lets_see(welcomed(), "name access_needs")
    page = page_of(client, of_ontario)
    assert [words in page for words in (members.NAME, "captions, please")] == [True, True]
    assert [words in page for words in ("rosalind.0@", "mailbox.example", members.MESSAGE)] == [False] * 3


def test_who_ticked_nothing_is_not_there(client, of_ontario):
    welcomed()
    page = page_of(client, of_ontario)
    assert (members.NAME in page, "No members have chosen to share anything with you" in page) == (False, True)


@pytest.mark.parametrize("status", ["waiting", "on_hold", "declining", "declined", "left", "lapsed", "closed"])
def test_only_members_are_seen(client, of_ontario, status):
    member = welcomed()
    lets_see(member)
    members.put(member, status)
    assert members.NAME not in page_of(client, of_ontario)


def test_who_moved_away_is_seen_no_longer(client, of_ontario):
    member = welcomed()
    lets_see(member)
    Member.objects.filter(pk=member.pk).update(region="CA-QC")
    assert members.NAME not in page_of(client, of_ontario)


def test_what_is_for_one_place_is_for_no_other_and_for_no_chapter(client):
    lets_see(welcomed())
    term = people.signed_in_representative(client, place="CA-QC")
    of_chapter = cast.of_chapter(cast.chapter(), user=term.user)
    assert [members.NAME in page_of(client, one) for one in (term, of_chapter)] == [False, False]


def test_what_is_for_a_chapter_is_for_that_chapter(client):
    lakeside, riverside = cast.chapter(), cast.chapter(slug="riverside", name="Riverside circle")
    member = welcomed()
    Member.objects.filter(pk=member.pk).update(chapter=lakeside)
    lets_see(member, region="", chapter=lakeside)
    ontario = people.signed_in_representative(client)
    theirs = [cast.of_chapter(chapter, user=ontario.user) for chapter in (lakeside, riverside)]
    assert [members.NAME in page_of(client, term) for term in (*theirs, ontario)] == [True, False, False]


def test_a_country_without_regions_is_a_place(client):
    lets_see(welcomed(country="DE", region=""), region="DE")
    assert members.NAME in page_of(client, people.signed_in_representative(client, place="DE"))


def test_it_is_noted_whose_details_were_shown_to_whom(client, of_ontario):
    member = welcomed()
    lets_see(member, "name pronouns")
    page_of(client, of_ontario)
    entry = AccessLog.objects.get(object_kind="members.member", action="opened")
    assert (entry.who, entry.object_id, entry.field_names) == ("orla", member.log_id, "name pronouns")


def test_all_is_decrypted_and_noted_before_the_page_is_rendered(rf, django_assert_num_queries):
    term, request = cast.representative(), rf.get("/")
    request.user = term.user
    lets_see(welcomed())
    section = shared_members_section.call(request, term)
    assert AccessLog.objects.filter(object_kind="members.member", action="opened").count() == 1
    with django_assert_num_queries(0):
        assert members.NAME in render_to_string(section.template, {"section": section})


def test_thirty_take_as_many_queries_as_one_and_stand_on_two_pages(client, of_ontario):
    def queries():
        with CaptureQueriesContext(connection) as found:
            page_of(client, of_ontario)
        return len(found)

    lets_see(welcomed())
    queries()  # the first page of a session is written down
    with_one = queries()
    for number in range(1, 30):
        lets_see(welcomed(number))
    assert queries() == with_one
    shown = [page_of(client, of_ontario, page=number).count("workspace__member") for number in (1, 2)]
    assert shown == [25, 5]
