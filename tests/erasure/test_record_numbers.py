"""The number of a new record is one that no erased record had."""

import secrets
from datetime import date

import pytest

from chapters.models import RepresentativeMessage
from members.models import Inquiry, Member
from s4jr.erasure.models import Tombstone
from s4jr.erasure.record_numbers import free_number, free_numbers
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def draw(monkeypatch):
    """Returns a function that sets the numbers drawn next."""

    def set_drawn(*numbers):
        drawn = iter(numbers)
        monkeypatch.setattr(secrets, "token_hex", lambda _bytes: next(drawn))

    return set_drawn


def erased(*numbers):
    Tombstone.objects.bulk_create(Tombstone(number=number, erased_on=date(2026, 1, 1)) for number in numbers)


@pytest.mark.parametrize(
    ("model", "tombstone", "numbers"),
    [
        (Member, "0000AA", ("0000BB", "0000CC")),
        (Inquiry, "W0000AA", ("W0000BB", "W0000CC")),
        (RepresentativeMessage, "C-0000AA", ("0000BB", "0000CC")),
    ],
)
def test_a_number_of_an_erased_record_is_not_drawn(draw, model, tombstone, numbers):
    erased(tombstone)
    draw("0000aa", "0000bb", "0000aa", "0000cc")
    assert (free_number(model), free_numbers(model, 1)) == (numbers[0], {numbers[1]})


def test_an_erased_record_of_another_kind_blocks_no_number(draw):
    erased("C-0000AA", "W0000AA")
    draw("0000aa")
    assert free_number(Member) == "0000AA"


def test_of_many_numbers_none_is_in_use_and_none_is_drawn_twice(draw):
    member = cast.waiting()
    member.row.update(number="0000AA")
    draw("0000aa", "0000bb", "0000bb", "0000bb", "0000cc", "0000dd")
    assert free_numbers(Member, 3) == {"0000BB", "0000CC", "0000DD"}


def test_one_number_takes_one_query_and_many_take_two(django_assert_num_queries):
    with django_assert_num_queries(1):
        free_number(Member)
    with django_assert_num_queries(2):
        free_numbers(Member, 3)
    with django_assert_num_queries(0):
        assert free_numbers(Member, 0) == set()
