"""A member offers to represent their place, with one button."""

import pytest

from chapters.models import VolunteerOffer
from tests import cast

pytestmark = pytest.mark.django_db
TICK, BACK = "/my-details/press/offer/", "/my-details/press/take-offer-back/"


def test_one_button_offers_what_coordinators_need_to_answer(client, member, come_in_by_link):
    page = come_in_by_link(member).content.decode()
    client.post(TICK)
    offer = VolunteerOffer.objects.get()
    assert "Offer to represent Ontario" in page
    assert (offer.region, offer.name, offer.email, offer.contact) == ("CA-ON", cast.NAME, cast.ADDRESS, "yes")
    assert (offer.state, offer.member_number) == ("waiting", member.number)


def test_offered_twice_it_is_one_offer(client, member, come_in_by_link):
    come_in_by_link(member)
    client.post(TICK), client.post(TICK)
    assert VolunteerOffer.objects.count() == 1


def test_it_is_shown_and_can_be_canceled(client, member, come_in_by_link):
    come_in_by_link(member)
    page = client.post(TICK, follow=True).content.decode()
    client.post(BACK)
    assert ("You offered to represent Ontario" in page, VolunteerOffer.objects.count()) == (True, 0)


def test_a_code_alone_offers_nothing(client, member, come_in_by_code):
    page = come_in_by_code(member).content.decode()
    assert ("Offer to represent" in page, client.post(TICK).status_code, VolunteerOffer.objects.count()) == (
        False,
        404,
        0,
    )


@pytest.mark.parametrize("status", ["waiting", "left"])
def test_only_approved_members_can_offer(client, member, come_in_by_link, status):
    come_in_by_link(member)
    cast.put(member, status)
    assert (client.post(TICK).status_code, VolunteerOffer.objects.count()) == (404, 0)


def test_withdrawing_deletes_the_offer(client, member, come_in_by_link):
    come_in_by_link(member)
    client.post(TICK)
    client.post("/my-details/press/withdraw/")
    assert VolunteerOffer.objects.count() == 0
