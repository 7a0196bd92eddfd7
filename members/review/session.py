"""A sitting: one admin reads whoever is undecided, the oldest first, each once."""

from members.models import Member

KEY, HANDED_OUT = "review_session", "review_session_handed_out"


class ReviewSession:
    """Whom this session has seen since "Start reading". It is the reason for each opening, so none is asked again.

    The order is the queue's own. Only whoever was handed out can be passed by, so that nobody reaches one particular
    person by skipping all others unseen.
    """

    def __init__(self, session):
        self.session = session

    def begin(self):
        self.session.update({KEY: [], HANDED_OUT: None})

    @property
    def is_open(self):
        return KEY in self.session

    def see(self, member):
        """Do not show this member again in this sitting; nothing happens where they were not handed out."""
        if self.is_open and member.pk == self.session.get(HANDED_OUT):
            self.session.update({KEY: [*self.session[KEY], member.pk], HANDED_OUT: None})

    def hand_out(self):
        """Whoever was handed out and is neither passed by nor decided, else the next; None when everybody was seen."""
        earlier = Member.objects.undecided().filter(pk=self.session.get(HANDED_OUT) or 0).first()
        member = earlier or self.next()
        self.session[HANDED_OUT] = member and member.pk
        return member

    def next(self):
        """The oldest member being read, then the oldest kept for later; None when everybody was seen."""
        unseen = Member.objects.undecided().exclude(pk__in=self.session.get(KEY, [])).oldest_first()
        return unseen.waiting().first() or unseen.first()
