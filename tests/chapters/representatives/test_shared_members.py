"""Members share fields with their representatives: only selected fields, only with their own, and never an address."""

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from chapters.representatives.providers import shared_members_section
from members.models import Member, Sharing
from s4jr.audit.models import AccessLog
from tests import cast as members
from tests.chapters import cast
from tests.chapters.representatives import people
from tests.query_counts import REGIONS, for_one_and_thirty

pytestmark = pytest.mark.django_db


def welcomed(number=0, **answers):
    """An approved member: Rosalind of Ontario, or another one."""
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


def test_only_the_selected_fields_are_shown(client, of_ontario):
    lets_see(welcomed(), "name access_needs")
    page = page_of(client, of_ontario)
    assert [words in page for words in (members.NAME, "captions, please")] == [True, True]
    assert [words in page for words in ("rosalind.0@", "mailbox.example", members.MESSAGE)] == [False] * 3


def test_members_who_share_nothing_are_not_listed(client, of_ontario):
    welcomed()
    page = page_of(client, of_ontario)
    assert (members.NAME in page, "No members have chosen to share anything with you" in page) == (False, True)


@pytest.mark.parametrize("status", ["waiting", "on_hold", "declining", "declined", "left", "lapsed", "closed"])
def test_only_current_members_are_listed(client, of_ontario, status):
    member = welcomed()
    lets_see(member)
    members.put(member, status)
    assert members.NAME not in page_of(client, of_ontario)


def test_members_who_moved_away_are_not_listed(client, of_ontario):
    member = welcomed()
    lets_see(member)
    Member.objects.filter(pk=member.pk).update(region="CA-QC")
    assert members.NAME not in page_of(client, of_ontario)


def test_sharing_with_a_place_covers_no_other_place_and_no_chapter(client):
    lets_see(welcomed())
    term = people.signed_in_representative(client, place="CA-QC")
    of_chapter = cast.of_chapter(cast.chapter(), user=term.user)
    assert [members.NAME in page_of(client, one) for one in (term, of_chapter)] == [False, False]


def test_sharing_with_a_chapter_covers_only_that_chapter(client):
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


def test_the_log_records_which_fields_were_shown_to_whom(client, of_ontario):
    member = welcomed()
    lets_see(member, "name pronouns")
    page_of(client, of_ontario)
    entry = AccessLog.objects.get(object_kind="members.member", action="opened")
    assert (entry.who, entry.object_id, entry.field_names) == ("orla", member.log_id, "name pronouns")


def test_all_values_are_decrypted_and_logged_before_rendering(rf, django_assert_num_queries):
    term, request = cast.representative(), rf.get("/")
    request.user = term.user
    lets_see(welcomed())
    section = shared_members_section.call(request, term)
    assert AccessLog.objects.filter(object_kind="members.member", action="opened").count() == 1
    with django_assert_num_queries(0):
        assert members.NAME in render_to_string(section.template, {"section": section})


def of_a_chapter_of_their_own(number):
    """A member of Ontario who shares everything, also with the chapter that only they are in."""
    chapter, everything = cast.one_of_many_chapters(number), " ".join(Sharing.Field.values)
    member = welcomed(number, chapter=chapter, pronouns="ze/hir", ways_to_help="policy")
    lets_see(member, everything), lets_see(member, everything, region="", chapter=chapter)


def test_thirty_take_as_many_queries_as_one_and_are_paginated(client, of_ontario):
    one, thirty = for_one_and_thirty(of_a_chapter_of_their_own, lambda: page_of(client, of_ontario))
    shown = [page_of(client, of_ontario, page=number).count("workspace__member") for number in (1, 2)]
    assert (one, shown) == (thirty, [25, 5])


def test_thirty_of_a_chapter_take_as_many_queries_as_one(client):
    lakeside = cast.chapter()
    term = cast.of_chapter(lakeside, user=people.signed_in_representative(client).user)

    def create(number):
        lets_see(welcomed(number, chapter=lakeside, region=REGIONS[number % 5]), region="", chapter=lakeside)

    one, thirty = for_one_and_thirty(create, lambda: page_of(client, term))
    assert (one, page_of(client, term).count("workspace__member")) == (thirty, 25)
