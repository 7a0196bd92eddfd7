"""A review session: one admin reads all undecided applications, oldest first, each once."""

from django.contrib.sessions.backends.base import SessionBase

from members.models import Member
from members.querysets import MemberQuerySet
from members.review import handouts
from s4jr.accounts.models import User

KEY, HANDED_OUT = "review_session", "review_session_handed_out"
#: Outlives the review session: whether single keys act on its pages (WCAG 2.1.4 asks for a way to turn them off).
WITHOUT_KEYS = "review_without_keys"
#: How often the next application is looked for again when another admin was quicker.
TRIES = 5


class ReviewSession:
    """The members this session has seen since "Review applications". It is the reason of each opening.

    The order is that of the queue, without those that another admin has open while there are others. Only a member who
    was handed out can be skipped, so an admin can't reach a particular person by skipping all others unseen.
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

    def take_back(self, member: Member) -> None:
        """Hands out a member again whom this session has seen: their decision was undone."""
        if self.is_open and member.pk in self.session[KEY]:
            seen = [pk for pk in self.session[KEY] if pk != member.pk]
            self.session.update({KEY: seen, HANDED_OUT: member.pk})

    def hand_out(self, user: User) -> Member | None:
        """Returns the member handed out before, if still undecided, or the next; None when all were seen."""
        earlier = Member.objects.undecided().filter(pk=self.session.get(HANDED_OUT) or 0).first()
        if earlier:
            handouts.hand_out(earlier.row, to=user)
        member = earlier or self._find_next(user)
        self.session[HANDED_OUT] = member.pk if member else None
        return member

    def position(self) -> tuple[int, int]:
        """Which application of this session the one handed out is, and how many there are in all."""
        seen = len(self.session[KEY])
        return seen + 1, seen + self._unseen().count()

    def _find_next(self, user: User) -> Member | None:
        unseen = self._unseen()
        for _try in range(TRIES):
            member = _oldest(handouts.free_for(unseen, user))
            if member is None or handouts.hand_out(member.row, to=user):
                break
        return member or _oldest(unseen)

    def _unseen(self) -> MemberQuerySet:
        return Member.objects.undecided().exclude(pk__in=self.session.get(KEY, []))

    @property
    def has_keys(self) -> bool:
        """Whether single keys act on the pages of the review."""
        return not self.session.get(WITHOUT_KEYS)

    def turn_keys(self, *, on: bool) -> None:
        self.session[WITHOUT_KEYS] = not on


def _oldest(members: MemberQuerySet) -> Member | None:
    """The oldest member waiting for review, then the oldest set to "decide later", or None."""
    return members.oldest_first().waiting().first() or members.oldest_first().first()
