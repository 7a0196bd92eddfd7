"""The verbs of the outbox. Each step is one compare-and-set UPDATE, so any sender may die at any point.

pending -> claimed -> committing -> sent
claimed: refused for now, no connection, lease over -> pending    5xx or too many tries -> failed
pending | claimed: called back or suppressed -> canceled, so that the later step fails and nothing leaves
sent | failed | unknown: somebody saw it come back -> bounced
committing: 4xx -> pending    5xx -> failed    no answer, or lease over -> unknown: a person decides, never a retry
"""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import connections, models, transaction
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils import timezone

from s4jr.crypto.decryption_guard import decrypts_unshown
from s4jr.crypto.fields import DecryptionError
from s4jr.mail.contact_preference import discreet_among
from s4jr.mail.suppressions import ONCE_A_DAY, TO_MANY, TO_TYPED_ADDRESSES

#: Of announcements a sender takes no more than this at a time, so that an email to one person never waits for long.
FEW = 10
EMPTY = {"to": "", "subject": "", "body": ""}


def _lease_until():
    """A sender that is not heard of until then is thought dead, and others take over what it held."""
    return timezone.now() + timedelta(seconds=settings.MAIL_LEASE_SECONDS)


def counted_by(limit_key: str) -> Q:
    """The emails to the address, or to the spellings of a mailbox, that a limit counts by this key."""
    return Q(to_index=limit_key) | Q(limit_index=limit_key)


class OutgoingEmailQuerySet(models.QuerySet):
    # --- questions

    def due(self):
        return self.filter(state=self.model.State.PENDING, next_attempt_at__lte=timezone.now())

    def needing_somebody(self):
        return self.filter(state__in=[self.model.State.FAILED, self.model.State.UNKNOWN])

    def in_doubt(self):
        return self.filter(state=self.model.State.UNKNOWN)

    def in_hand(self):
        return self.filter(state__in=[self.model.State.CLAIMED, self.model.State.COMMITTING])

    def on_their_way(self):
        states = self.model.State
        return self.filter(state__in=[states.PENDING, states.CLAIMED, states.COMMITTING])

    def not_canceled(self):
        return self.exclude(state=self.model.State.CANCELED)

    def to_many(self):
        return self.filter(kind=TO_MANY)

    def of_scope(self, scope):
        """Those that a stop of this `Suppression.Scope` is about."""
        from s4jr.mail.models import Suppression

        return self.to_many() if scope == Suppression.Scope.ANNOUNCEMENTS else self

    def within_limit(self, limit_key):
        """Those that one limit on emails to a typed address counts (`s4jr.mail.mailbox.limit_key`)."""
        return self.filter(counted_by(limit_key))

    # --- writing and calling back

    @decrypts_unshown
    def write(self, emails, *, heeding_stops=True):
        """Put emails (`s4jr.mail.emails.Email`) into the outbox, inside the transaction of what they tell.

        An address that gets no emails gets none; one whose owner chose discreet emails gets the discreet form, whoever
        typed it. Without `heeding_stops` whoever writes has asked for stops already. A dedupe key that was used writes
        nothing. Beat finds them there: whoever writes talks to no broker.
        """
        emails = [email for email in emails if email.to]
        silent = self._silent(emails) if heeding_stops else set()
        discreet = discreet_among(email.mailbox for email in emails)
        emails = [email.in_form_for(discreet) for email in emails]
        rows = [email.row(self.model) for email in emails if (email.to_index, email.kind) not in silent]
        self.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
        return len(rows)

    def _silent(self, emails):
        """Pairs of address and kind that no email may be written for; one query for each kind there is."""
        from s4jr.mail.models import Suppression

        indexes = {email.to_index for email in emails}
        kinds = {email.kind for email in emails}
        return {(to_index, kind) for kind in kinds for to_index in Suppression.objects.among(indexes, kind)}

    def cancel(self):
        """Call back those of these emails that have not begun to leave; returns how many."""
        states = self.model.State
        held = self.filter(state__in=[states.PENDING, states.CLAIMED])
        return held.update(state=states.CANCELED, claim=None, lease_until=None, **EMPTY)

    def erase(self):
        """Delete these emails, sent or not; returns how many. One that has not begun to leave never will.

        Of one to an address that anyone may type an empty mark stays its time once it has left, or is leaving: it names
        nobody, and limits go on counting it. Or whoever asks and cancels over and over would have a stranger's inbox
        filled.
        """
        states = self.model.State
        has_left = Q(kind__in=TO_TYPED_ADDRESSES, state__in=[states.COMMITTING, states.SENT])
        deleted = self.exclude(has_left).delete()[0]
        return deleted + self.filter(has_left).update(
            state=states.SENT,
            sent_at=Coalesce("sent_at", timezone.now()),
            claim=None,
            lease_until=None,
            last_error="",
            about="",
            dedupe_key=Case(
                When(kind__in=ONCE_A_DAY, then=F("dedupe_key")),
                default=Concat(Value("mark "), Cast("id", CharField())),
            ),
            **EMPTY,
        )

    # --- what senders do

    def claim_due(self, limit):
        """Take at most `limit` due emails for MAIL_LEASE_SECONDS; returns them. Two senders never hold the same one.

        Announcements have their turn when no other waits, a few at a time.
        """
        return self.filter(batch="")._claim(limit) or self.exclude(batch="")._claim(min(limit, FEW))

    def _claim(self, limit):
        claim = uuid.uuid4()
        with transaction.atomic():
            due = self.due().order_by("next_attempt_at").values("pk")
            if connections[self.db].features.has_select_for_update_skip_locked:
                due = due.select_for_update(skip_locked=True)
            pks = [row["pk"] for row in due[:limit]]
            self.due().filter(pk__in=pks).update(
                state=self.model.State.CLAIMED, claim=claim, lease_until=_lease_until(), attempts=F("attempts") + 1
            )
        claimed = self.filter(claim=claim, state=self.model.State.CLAIMED).order_by("next_attempt_at")
        return [email for email in claimed if self._opens(email)]

    def _opens(self, email):
        """Whether its words open. One whose words do not has failed, and the others go on."""
        try:
            return bool((email.to, email.subject, email.body))
        except DecryptionError:
            broken = self.filter(pk=email.pk, state=self.model.State.CLAIMED)
            broken.update(state=self.model.State.FAILED, lease_until=None, last_error="its words do not open")
            return False

    def begin_commit(self, email):
        """The step just before the message's final dot. False when it was called back, suppressed or taken over."""
        from s4jr.mail.models import Suppression

        suppressed = Exists(Suppression.objects.holding_for(email.kind).filter(to_index=OuterRef("to_index")))
        mine = self.filter(pk=email.pk, claim=email.claim, state=self.model.State.CLAIMED).exclude(suppressed)
        return mine.update(state=self.model.State.COMMITTING, lease_until=_lease_until()) == 1

    def settle_sent(self, email):
        """The other side took it: its words are emptied."""
        self._settle(email, state=self.model.State.SENT, sent_at=timezone.now(), last_error="", **EMPTY)

    def settle_failed(self, email, error):
        self._settle(email, state=self.model.State.FAILED, last_error=error)

    def settle_no_mailbox(self, email, error):
        """No such mailbox: this email failed, and none follows it to that address."""
        from s4jr.mail.models import Suppression

        with transaction.atomic():
            self.settle_failed(email, error)
            Suppression.objects.silence(email.to_index, Suppression.Reason.BOUNCED)

    def settle_unknown(self, email, error):
        self._settle(email, state=self.model.State.UNKNOWN, last_error=error)

    def settle_later(self, email, error):
        """Back into the queue, later each time; failed after the last try."""
        back_off = settings.MAIL_BACK_OFF_SECONDS
        if email.attempts > len(back_off):
            return self.settle_failed(email, error)
        again = timezone.now() + timedelta(seconds=back_off[email.attempts - 1])
        return self._settle(email, state=self.model.State.PENDING, next_attempt_at=again, last_error=error, claim=None)

    def _settle(self, email, **changes):
        states = [self.model.State.CLAIMED, self.model.State.COMMITTING]
        self.filter(pk=email.pk, claim=email.claim, state__in=states).update(lease_until=None, **changes)

    def put_back(self, emails):
        """Untried emails of a claim go back as they were, as when the connection is gone."""
        claims = {email.claim for email in emails}
        mine = self.filter(pk__in=[email.pk for email in emails], claim__in=claims, state=self.model.State.CLAIMED)
        mine.update(state=self.model.State.PENDING, claim=None, lease_until=None, attempts=F("attempts") - 1)

    def cancel_suppressed(self, email):
        """An email whose last step was refused: canceled if its address gets no emails by now."""
        from s4jr.mail.models import Suppression

        if Suppression.objects.among({email.to_index}, email.kind):
            self.filter(pk=email.pk, claim=email.claim).cancel()

    def release_overdue(self):
        """Emails of senders that died: those not handed over yet go back, of the others nobody knows."""
        states, over = self.model.State, self.filter(lease_until__lt=timezone.now())
        over.filter(state=states.CLAIMED, attempts__gt=len(settings.MAIL_BACK_OFF_SECONDS)).update(
            state=states.FAILED, lease_until=None, last_error="its sender stopped again and again"
        )
        over.filter(state=states.CLAIMED).update(state=states.PENDING, claim=None, lease_until=None)
        over.filter(state=states.COMMITTING).update(
            state=states.UNKNOWN, lease_until=None, last_error="the sender stopped while handing it over"
        )

    # --- what people decide

    def send_again(self):
        """Emails that failed, or may not have arrived, go into the queue anew; returns how many."""
        return self.needing_somebody().update(
            state=self.model.State.PENDING, attempts=0, claim=None, next_attempt_at=timezone.now(), last_error=""
        )

    def mark_arrived(self):
        """Somebody knows that these unknown emails arrived; returns how many."""
        return self.in_doubt().update(state=self.model.State.SENT, sent_at=timezone.now(), last_error="", **EMPTY)

    def mark_bounced(self):
        """Somebody saw these emails come back: their addresses get no more. Returns how many emails."""
        from s4jr.mail.models import Suppression

        states = self.model.State
        back = self.filter(state__in=[states.SENT, states.FAILED, states.UNKNOWN])
        with transaction.atomic():
            for to_index in set(back.order_by().values_list("to_index", flat=True)):
                Suppression.objects.silence(to_index, Suppression.Reason.BOUNCED)
            return back.update(state=states.BOUNCED, sent_at=None, **EMPTY)
