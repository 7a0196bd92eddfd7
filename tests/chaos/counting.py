"""Compares the mail sink's record with the database."""

from collections import Counter
from dataclasses import astuple, dataclass

from django.db.models import Count

from members.models import Member
from s4jr.audit.models import AccessLog
from s4jr.mail.models import OutgoingEmail

SETTLED = {"sent", "unknown", "failed"}
EXPECTED = ("confirm", "welcome")


@dataclass(frozen=True)
class Faults:
    """Counts of faults; each must be 0.

    `sent_untaken`: the database says sent, but the sink never accepted it. `taken_unsettled`: the sink accepted it, but
    the database says neither sent nor unknown.
    """

    taken_twice: int
    lost: int
    sent_untaken: int
    taken_unsettled: int
    after_withdrawal: int
    approved_twice: int


NONE = Faults(0, 0, 0, 0, 0, 0)


@dataclass(frozen=True)
class Found:
    """Totals of a run: `states` counts emails by state, `taken` those the sink got, `withdrawn` people who left."""

    faults: Faults
    states: Counter
    taken: int
    withdrawn: int
    unknown_taken: int

    def line(self):
        emails = sum(self.states.values())
        unknown = self.states["unknown"]
        return (
            f"faults {astuple(self.faults)}; {emails} emails: {dict(self.states)}; the sink took {self.taken}; "
            f"{self.withdrawn} withdrew; unknown {unknown / emails:.1%}, of which taken {self.unknown_taken}"
        )


def taken_twice(sink):
    """Counts emails that someone got more than once: the same address and subject, whatever the Message-ID."""
    return sum(count - 1 for count in Counter((one.to, one.subject) for one in sink.taken).values())


def missing(lives, sink):
    """Counts the emails to people who stayed that the sink never accepted."""
    staying = [life for life in lives if not life.has_withdrawn]
    came = {(one.to, one.subject) for one in sink.taken}
    return len(EXPECTED) * len(staying) - sum(life.address == to for life in staying for to, _subject in came)


def count(lives, sink):
    state_of = {str(pk): state for pk, state in OutgoingEmail.objects.values_list("pk", "state")}
    taken = {one.number for one in sink.taken}
    gone = {number for life in lives if life.has_withdrawn for number in life.held}
    faults = Faults(
        taken_twice=taken_twice(sink),
        lost=_lost(lives),
        sent_untaken=sum(state == "sent" and pk not in taken for pk, state in state_of.items()),
        taken_unsettled=sum(state_of.get(number) in ("pending", "claimed", "committing", "failed", "canceled")
                            for number in taken),
        after_withdrawal=len(gone & taken),
        approved_twice=_approved_twice() + sum(life.won > 1 for life in lives),
    )  # fmt: skip
    unknown = {pk for pk, state in state_of.items() if state == "unknown"}
    withdrawn = sum(life.has_withdrawn for life in lives)
    return Found(faults, Counter(state_of.values()), len(sink.taken), withdrawn, len(unknown & taken))


def _lost(lives):
    """Counts emails that should exist, at least as failed, and of which there is no trace."""
    staying = [life for life in lives if not life.has_withdrawn]
    settled = OutgoingEmail.objects.filter(state__in=SETTLED).values_list("about", "kind")
    settled = set(settled)
    about = {member.form_token: member.about for member in Member.objects.all()}
    return sum((about.get(life.asked.form_token), kind) not in settled for life in staying for kind in EXPECTED)


def _approved_twice():
    decided = AccessLog.objects.filter(action=AccessLog.Action.DECIDED).order_by()
    return decided.values("object_kind", "object_id").annotate(times=Count("pk")).filter(times__gt=1).count()
