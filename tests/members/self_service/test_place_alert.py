"""A member asks, in their own information, to hear what starts at their place: off until they check it."""

import json

import pytest

from members.models import Member, PlaceAlert
from s4jr.security.status_code import code_of_form
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
ADDRESS, HERE = "/my-details/change/place/", {"country": "CA", "region": "CA-ON", "chapter": ""}


@pytest.fixture
def change(client, member, come_in_by_link):
    come_in_by_link(member)
    return lambda **answers: client.post(ADDRESS, {**HERE, **answers}, follow=True)


def box(client):
    return [e for e in Page(client.get(ADDRESS).content.decode()).all(tag="input") if e.get("name") == "tell_me"]


def alerts():
    return list(PlaceAlert.objects.values_list("place", flat=True))


def test_it_is_off_until_it_is_checked_and_can_be_unchecked(client, change):
    assert ["checked" in e for e in box(client)] == [False]
    change()
    assert alerts() == []
    change(tell_me="on")
    assert (alerts(), ["checked" in e for e in box(client)]) == (["CA-ON"], [True])
    change()
    assert alerts() == []


def test_without_a_place_the_form_says_what_to_do(change):
    page = Page(change(country="", region="", tell_me="on").content.decode())
    error = words(page.one(id="id_place_error")) if page.all(id="id_place_error") else page.one(tag="body")["text"]
    assert ("Enter your place, so that we know what to tell you about." in error, alerts()) == (True, [])


def test_someone_who_is_not_a_member_yet_is_not_asked(client, member, come_in_by_link):
    come_in_by_link(member)
    Member.objects.update(status="waiting")
    assert box(client) == []


def test_a_code_alone_can_turn_it_off_but_not_on(client, member):
    client.post("/my-details/", {"code": code_of_form(member.form_token)})
    assert box(client) == []
    client.post(ADDRESS, {**HERE, "tell_me": "on"})
    assert alerts() == []
    PlaceAlert.objects.create(member=member, place="CA-ON", since="2026-01-01")
    assert len(box(client)) == 1
    client.post(ADDRESS, HERE)
    assert alerts() == []


def test_the_view_of_all_and_the_download_say_so(client, change):
    def said():
        data = json.loads(client.post("/my-details/all/take/").content)
        rows = data["The information we have about you"]
        return [row["you"] for row in rows if row["what"] == "wants to hear what starts at their place"]

    change(tell_me="on")
    on = said()
    change()
    assert (on, said()) == (["yes"], [""])
