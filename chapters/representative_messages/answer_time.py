"""The usual time to an answer: from the last answers of one representative, and nothing while they are few."""

from math import ceil
from statistics import median

#: The last answers are counted, so that somebody who was ill in spring does not look slow in autumn.
COUNTED = 9
#: Below this many a median would tell about single people, and little about waiting.
FEWEST = 3


class AnswerTimeQuerySet:
    """What the QuerySet of representatives knows of their answers. Conversations are erased; these numbers stay."""

    def note_answer(self, days):
        """The one representative found gave a first answer after so many days."""
        for pk, known in self.values_list("pk", "answer_days"):
            kept = " ".join([*known.split(), str(days)][-COUNTED:])
            self.model.objects.filter(pk=pk, answer_days=known).update(answer_days=kept)


def usual_days(answer_days):
    """Half of the last answers took this many whole days or fewer; None when they are fewer than three."""
    days = [int(one) for one in answer_days.split()]
    return ceil(median(days)) if len(days) >= FEWEST else None
