"""What admins see of a number of members, and what of several groups together."""

from itertools import combinations, product

from members.ranges import added_up, at_once, range_of


def test_a_number_is_shown_as_a_range_of_five():
    assert [str(range_of(people)) for people in (0, 1, 4, 5, 9, 10, 43)] == [
        "fewer than 5", "fewer than 5", "fewer than 5", "5 to 9", "5 to 9", "10 to 14", "40 to 44",
    ]  # fmt: skip


def test_one_person_changes_it_only_at_a_multiple_of_five():
    changed = [people for people in range(1, 31) if range_of(people) != range_of(people - 1)]
    assert changed == [5, 10, 15, 20, 25, 30]


def test_several_groups_are_as_wide_as_all_of_them():
    groups = [range_of(7), range_of(3), range_of(11)]
    assert [str(added_up(groups)), str(at_once(groups))] == ["15 to 27", "10 to 27"]
    assert [str(added_up(groups[1:2] * 3)), str(at_once(groups[1:2] * 3))] == ["fewer than 13", "fewer than 13"]


def test_the_number_of_people_is_in_every_range_that_is_shown():
    for sizes in product((0, 1, 4, 5, 13), repeat=3):
        together = added_up(map(range_of, sizes))
        assert together.least <= sum(sizes) <= together.most


def test_no_combination_tells_two_memberships_apart_whose_single_groups_look_the_same():
    """All sizes of three places: what is shown of any of their combinations follows from what is shown of each."""
    shown = {}
    for sizes in product(range(12), repeat=3):
        ranges = [range_of(size) for size in sizes]
        chosen = [group for count in (2, 3) for group in combinations(ranges, count)]
        shown.setdefault(tuple(ranges), set()).add(tuple(map(added_up, chosen)))
    assert {len(seen) for seen in shown.values()} == {1}
