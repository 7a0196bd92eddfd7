"""The usual answer time of a representative, from their last answers. None while there are few.

Conversations are deleted; these numbers stay.
"""

from math import ceil
from statistics import median

#: Only so many last answers count, so that someone who was ill in spring does not look slow in autumn.
COUNTED = 9
#: With fewer answers, a median would disclose single conversations and say little about waiting.
FEWEST = 3


def with_answer(answer_days: str, days: int) -> str:
    """The stored answer times with one more, in days, added."""
    return " ".join([*answer_days.split(), str(days)][-COUNTED:])


def usual_days(answer_days: str) -> int | None:
    """The median of the last answers in whole days, rounded up; None for fewer than three."""
    days = [int(one) for one in answer_days.split()]
    return ceil(median(days)) if len(days) >= FEWEST else None
