"""A review session: one admin reads all undecided applications, oldest first, each once."""

from django.contrib.sessions.backends.base import SessionBase

from members.models import Member

KEY, HANDED_OUT = "review_session", "review_session_handed_out"


class ReviewSession:
    """The members this session has seen since "Review applications". It is the reason of each opening.

    The order is that of the queue. Only a member who was handed out can be skipped, so an admin can't reach a
    particular person by skipping all others unseen.
    """

    def __init__(self, session: SessionBase) -> None:
        self.session = session

    def begin(self) -> None:
        self.session.update({KEY: [], HANDED_OUT: None})

    @property
    def is_open(self) -> bool:
        return KEY in self.session

    def see(self, member: Member) -> None:
        """Marks the member as seen for this session, if they were the one handed out."""
        if self.is_open and member.pk == self.session.get(HANDED_OUT):
            self.session.update({KEY: [*self.session[KEY], member.pk], HANDED_OUT: None})

    def hand_out(self) -> Member | None:
        """Returns the member handed out before, if still undecided, or the next; None when all were seen."""
        earlier = Member.objects.undecided().filter(pk=self.session.get(HANDED_OUT) or 0).first()
        member = earlier or self.next()
        self.session[HANDED_OUT] = member.pk if member else None
        return member

    def next(self) -> Member | None:
        """The oldest unseen member waiting for review, then the oldest set to "decide later", or None."""
        unseen = Member.objects.undecided().exclude(pk__in=self.session.get(KEY, [])).oldest_first()
        return unseen.waiting().first() or unseen.first()
