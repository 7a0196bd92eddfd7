"""A member's offer to represent their place, made with one button."""

from chapters.models import VolunteerOffer
from chapters.volunteer_offers.services import erase_offers, make_offer_of_member
from members.applications.status_code import public_status
from members.models import Member
from members.self_service.session import MemberSession


def may_offer(visit: MemberSession) -> bool:
    """Whether this session may make an offer: an approved member with a place, who gave more than a code."""
    member = visit.member
    return public_status(member) == "welcomed" and visit.is_more_than_a_code and bool(member.country)


def has_offered(member: Member) -> bool:
    return VolunteerOffer.objects.by_member(member.number).exists()


def make_offer(member: Member) -> None:
    """Make the offer. Idempotent: made twice, it is one offer."""
    make_offer_of_member(
        member.number,
        member.region,
        country=member.country,
        name=member.name,
        contact=member.contact,
        email=member.email,
        language=member.language,
    )


def withdraw_offer(member: Member) -> None:
    """Erase the offer if no one has answered it."""
    erase_offers(VolunteerOffer.objects.by_member(member.number))
