from datetime import date

import pytest

from s4jr.tables.days import DayOrder, day_of, day_order


@pytest.mark.parametrize(
    "said",
    [
        "2026-03-04", "2026-03-04T10:00:00.000Z", "2026/3/4 6:31:58 PM EST", "2026.03.04", "03/04/2026 06:31:58 PM",
        "Mar 4, 2026 06:31 PM", "March 4th, 2026", "Wed, Mar 4, 2026", "4 March 2026", "4 mars 2026",
        "mercredi 4 mars 2026",         "4 de marzo de 2026", "miércoles, 4 de marzo de 2026", "04-mar-2026",
    ],
)  # fmt: skip
def test_a_day_is_read_as_lists_write_it(said):
    assert day_of(said, day_first=False) == date(2026, 3, 4)


@pytest.mark.parametrize(
    ("said", "month"),
    [("1er août 2025", 8), ("1 de enero de 2025", 1), ("1 févr. 2025", 2), ("1 juin 2025", 6), ("1 juillet 2025", 7),
     ("1 de diciembre del 2025", 12), ("1 abr 2025", 4), ("1 mai 2025", 5), ("1 agosto 2025", 8), ("Sept 1, 2025", 9)],
)  # fmt: skip
def test_months_are_read_in_three_languages(said, month):
    assert day_of(said, day_first=False) == date(2025, month, 1)


@pytest.mark.parametrize(
    "said", ["", "March 4", "0000-00-00", "2026-02-30", "4 nonsense 2026", "Hello there 2026", "3/4/26"]
)
def test_what_is_no_day_is_none(said):
    assert day_of(said, day_first=False) is None


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        ([], DayOrder.NO_MATTER),
        (["2026-03-04", "Mar 4, 2026", "5/5/2026"], DayOrder.NO_MATTER),
        (["3/4/2026"], DayOrder.UNKNOWN),
        (["3/4/2026", "23/11/2026"], DayOrder.DAY_FIRST),
        (["3/4/2026", "11/23/2026"], DayOrder.MONTH_FIRST),
        (["3/4/2026", "11/23/2026", "23/11/2026"], DayOrder.UNKNOWN),
        (["11/23/2026", "23/11/2026"], DayOrder.NO_MATTER),
    ],
)
def test_the_list_shows_which_comes_first(texts, order):
    assert day_order(texts) == order


@pytest.mark.parametrize(
    ("said", "day_first", "day"),
    [
        ("2026-03-04", False, date(2026, 3, 4)),
        ("2026-06-18T10:00:00.000Z", False, date(2026, 6, 18)),
        ("2022/10/17 6:31:58 PM EST", True, date(2022, 10, 17)),
        ("3/4/2026 12:25:42", False, date(2026, 3, 4)),
        ("3/4/2026 12:25:42", True, date(2026, 4, 3)),
        ("23.11.2026", True, date(2026, 11, 23)),
        ("23/11/2026", False, None),
        ("0000-00-00 00:00:00", False, None),
        ("March 4", False, None),
    ],
)
def test_dates_are_read_as_lists_write_them(said, day_first, day):
    assert day_of(said, day_first) == day
