"""The version of an application: a decision names it, so no one decides on text they haven't read."""

import pytest
from django.template import Context, Template

from members.applications.services import ask_to_join
from members.models import Member
from members.self_service.address_change import erase_address, request_address_change
from members.self_service.services import change_answers, change_message, make_emails_discreet
from tests import cast

pytestmark = pytest.mark.django_db

#: Another value for each answer.
OTHERWISE = {
    "name": "Somebody Else", "contact": "discreet", "email": "other@mailbox.example", "pronouns": "they",
    "relation": "ally", "ways_to_help": "art", "access_needs": "captions", "message": "other words", "country": "MX",
    "region": "", "chapter": None, "newsletter": True, "language": "es",
}  # fmt: skip


def rows(member):
    return Member.objects.filter(pk=member.pk)


def version_of(member):
    return rows(member).values_list("version", flat=True).get()


def test_a_new_application_is_the_first_version():
    assert cast.waiting().version == 1


@pytest.mark.parametrize("name", sorted(Member.ANSWERS))
def test_each_changed_answer_makes_a_new_version(name):
    member = cast.waiting()
    rows(member).update(**{name: OTHERWISE[name]})
    assert version_of(member) == 2


def test_other_fields_keep_the_version():
    member = cast.waiting()
    rows(member).update(status="on_hold", reminded_days=7, flag_reason="")
    assert version_of(member) == 1


def test_amending_with_the_form_makes_a_new_version():
    first = cast.without_email()
    member = cast.ask(first)
    cast.ask(cast.without_email(message="other words", previous_token=first.form_token))
    assert version_of(member) == 2


def test_sending_the_same_form_again_keeps_the_version():
    first = cast.without_email()
    member = cast.ask(first)
    ask_to_join(first)
    assert version_of(member) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda found: change_answers(found, pronouns="she"),
        lambda found: change_message(found, "other words"),
        make_emails_discreet,
        erase_address,
        lambda found: request_address_change(found, "other@mailbox.example", "yes", by_code_alone=True, name="Ro"),
    ],
    ids=["answers", "message", "discreet", "no email", "address by code"],
)
def test_changing_ones_own_information_makes_a_new_version(change):
    member = cast.waiting()
    change(rows(member))
    assert version_of(member) == 2


def test_a_template_cannot_update_members():
    cast.waiting()
    template = Template("{{ members.update }}")
    assert template.render(Context({"members": Member.objects.all()})) == ""
