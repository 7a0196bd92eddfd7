"""A sitting: one admin reads whoever is undecided, the oldest first, each once."""

from members.models import Member

KEY = "sitting"


class Sitting:
    """Whom this session has seen since "Start reading". It is the reason for each opening, so none is asked again."""

    def __init__(self, session):
        self.session = session

    def begin(self):
        self.session[KEY] = []

    @property
    def is_open(self):
        return KEY in self.session

    def see(self, member):
        """Do not show this member again in this sitting."""
        if self.is_open:
            self.session[KEY] = [*self.session[KEY], member.pk]

    def next(self):
        """The oldest member being read, then the oldest kept for later; None when everybody was seen."""
        unseen = Member.objects.undecided().exclude(pk__in=self.session.get(KEY, [])).oldest_first()
        return unseen.waiting().first() or unseen.first()
