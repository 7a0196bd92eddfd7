"""The usual time to an answer: from the last answers of one representative, and nothing while they are few.

Conversations are erased; these numbers stay.
"""

from math import ceil
from statistics import median

#: The last answers are counted, so that somebody who was ill in spring does not look slow in autumn.
COUNTED = 9
#: Below this many a median would tell about single people, and little about waiting.
FEWEST = 3


def with_answer(answer_days: str, days: int) -> str:
    """The last answers as they are kept, and one more that took so many days."""
    return " ".join([*answer_days.split(), str(days)][-COUNTED:])


def usual_days(answer_days: str) -> int | None:
    """Half of the last answers took this many whole days or fewer; None when they are fewer than three."""
    days = [int(one) for one in answer_days.split()]
    return ceil(median(days)) if len(days) >= FEWEST else None
