"""An RSVP: a place at a meeting or in the waiting line, moving up, and canceling.

Whoever has a place, or the next in line, is decided while the row of the meeting is held. So two presses at once never
fill more places than there are, and nobody overtakes.
"""

import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache

from django.db import IntegrityError, models, transaction
from django.db.models import Count, F, Max, Q
from django.utils import timezone

from chapters.meetings.timezones import day_in
from chapters.models import Meeting, Representative
from members.applications.status_code import WELCOMED
from members.rsvps import emails
from members.rsvps.notifications import TellingQuerySet
from members.rsvps.notified_fingerprint import fingerprint_of
from s4jr.content.live_texts import LiveTexts
from s4jr.crypto.blind_index import blind_index
from s4jr.crypto.fields import readable_rows
from s4jr.mail.mailbox import is_tagged, limit_key
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.services import erase_emails, queue_emails
from s4jr.security.status_code import code_hash, code_of_form


@dataclass(frozen=True)
class GuestAnswers:
    """What the form of a public meeting says. `email` is "" where `contact` is none."""

    contact: str
    form_token: str
    name: str = ""
    email: str = ""
    needs: str = ""
    wants_reminder: bool = False
    language: str = "en"
    is_flagged: bool = False
    email_index: str | None = field(init=False)

    ANSWERS = ("contact", "name", "email", "email_index", "needs", "wants_reminder", "language")

    def __post_init__(self):
        object.__setattr__(self, "email_index", blind_index(self.email) if self.email else None)

    def answers(self):
        return {name: getattr(self, name) for name in self.ANSWERS}

    def same_as(self, row):
        return all(getattr(row, name) == answer for name, answer in self.answers().items())


#: Emails in a day that ask the tagged spellings of one inbox, together, to confirm. Past these a guest uses the code.
TAGGED_A_DAY = 2
ENCRYPTED = ("name", "email", "needs")


class RsvpQuerySet(TellingQuerySet, models.QuerySet):
    """Questions and verbs. A verb that says "the one here" is for a QuerySet of one row."""

    # --- questions

    def going(self):
        return self.filter(state=self.model.State.GOING)

    def waiting(self):
        return self.filter(state=self.model.State.WAITING)

    def taking_part(self):
        """Who comes, or would like to and waits."""
        return self.filter(state__in=[self.model.State.GOING, self.model.State.WAITING])

    def with_meeting(self):
        """These rows and their meetings, without what is encrypted: it is decrypted where it is shown."""
        return self.select_related("meeting").defer(*ENCRYPTED, "meeting__join_link")

    def guests(self):
        return self.filter(member=None, user=None)

    def with_code(self, code):
        """The guest whose code this is, however it was typed; at most one."""
        return self.guests().filter(code_hash=code_hash(code))

    # --- a member's presses, and a representative's

    def rsvp(self, meeting_pk, member, *, needs=None, wants_reminder=False):
        """A member comes, or waits in line; pressed again it changes what they said. False where it is too late.

        `needs` is None where what they said before should stay.
        """
        return self._rsvp(meeting_pk, {"member": member}, needs=needs, wants_reminder=wants_reminder)

    def rsvp_as_representative(self, meeting_pk, user, *, language, needs="", wants_reminder=False):
        """The same for whoever signs in as a representative; emails about it are in their language."""
        said = {"needs": needs, "wants_reminder": wants_reminder, "language": language}
        return self._rsvp(meeting_pk, {"user": user}, **said)

    @transaction.atomic
    def _rsvp(self, meeting_pk, who, **said):
        meeting = _held(meeting_pk)
        if meeting is None:
            return False
        row, _is_new = self.defer(*ENCRYPTED).get_or_create(
            meeting=meeting, **who, defaults={"asked_on": _today_at(meeting)}
        )
        said = {name: answer for name, answer in said.items() if answer is not None}
        self.filter(pk=row.pk).update(**said)
        self.filter(pk=row.pk)._admit(meeting)
        return True

    @transaction.atomic
    def cancel(self):
        """The one here does not come: what they said goes at once, and whoever waits moves up. Of a guest nothing is
        left. Returns how many did come, or waited."""
        meeting = _held(self.values_list("meeting_id", flat=True).first(), only_open=False)
        if meeting is None:
            return 0
        won = self.guests().forget()
        won += self.taking_part().update(state=self.model.State.CANCELED, needs="", wants_reminder=False)
        self.model.objects.filter(meeting=meeting).move_up(meeting)
        return won

    # --- a guest's presses

    def ask(self, meeting_pk, said):
        """A guest asks to come. The same form sent twice, or to two workers at once, is one. Returns nothing: whether
        an address is known must not show.

        Who gives an address comes once the button behind an email to it is pressed, who gives none at once. What a
        machine may have sent waits for one more press, with its code.
        """
        try:
            with transaction.atomic():
                self._ask(meeting_pk, said)
        except IntegrityError:  # the same form at the same moment
            pass

    def _ask(self, meeting_pk, said):
        meeting = _held(meeting_pk)
        earlier = next(iter(readable_rows(self.filter(form_token=said.form_token), said.same_as)), None)
        is_settled = earlier and earlier.email_index and earlier.state != self.model.State.ASKED
        if meeting is None or (earlier and (is_settled or said.same_as(earlier))):
            return
        is_corrected = earlier and earlier.email_index == said.email_index
        row = self._correct(earlier, said) if is_corrected else self._add(meeting, said)
        if not said.is_flagged:
            self.filter(pk=row.pk)._welcome(meeting, row)

    def _correct(self, row, said):
        """Other answers with the same address: the link in the email that was sent goes on working. One that waits is
        written anew: they may have chosen to be discreet."""
        erase_emails(OutgoingEmail.objects.filter(about=row.about, sent_at=None))
        self.filter(pk=row.pk).update(**said.answers())
        return self.get(pk=row.pk)

    def _add(self, meeting, said):
        self.filter(form_token=said.form_token).forget()
        return self.create(
            **said.answers(), meeting=meeting, asked_on=_today_at(meeting),
            form_token=said.form_token, code_hash=code_hash(code_of_form(said.form_token)),
        )  # fmt: skip

    def _welcome(self, meeting, row):
        if not row.email:
            self._admit(meeting)
        elif not is_tagged(row.email) or _tagged_today(row.email) < TAGGED_A_DAY:
            queue_emails([emails.confirm(row)])

    @transaction.atomic
    def confirm(self):
        """The one here has pressed the button behind the email. Pressed again, or in the email of a second form from
        the same address, it changes nothing. Returns whether they, or that other form, come or wait."""
        row = self.guests().defer(*ENCRYPTED).first()
        meeting = _held(row and row.meeting_id)
        if meeting is None:
            return False
        twins = self.model.objects.taking_part().filter(meeting=meeting, email_index=row.email_index)
        if not twins.exists():
            self._admit(meeting)
        return True

    @transaction.atomic
    def come_without_emails(self):
        """The one here was not confirmed, and comes by code: the address is forgotten. False where it is too late."""
        row = self.guests().filter(state=self.model.State.ASKED).defer(*ENCRYPTED).first()
        meeting = _held(row and row.meeting_id)
        if meeting is None:
            return False
        erase_emails(OutgoingEmail.objects.filter(about=row.about))
        self.filter(pk=row.pk).update(contact="none", email="", email_index=None)
        self.filter(pk=row.pk)._admit(meeting)
        return True

    def forget(self):
        """Erase these guests and the emails to them. One that waits never leaves. Returns how many."""
        gone = list(self.guests().only("pk", "member"))
        erase_emails(OutgoingEmail.objects.filter(about__in=[row.about for row in gone]))
        return self.model.objects.filter(pk__in=[row.pk for row in gone]).delete()[0]

    # --- places and the line; `meeting` is held

    def _admit(self, meeting):
        """The one here goes to the end of the line, and from there to a place where one is free for them."""
        states = self.model.State
        everybody = self.model.objects.filter(meeting=meeting)
        last = everybody.aggregate(last=Max("place_in_line"))["last"] or 0
        new = self.filter(state__in=[states.ASKED, states.CANCELED])
        pk = new.values_list("pk", flat=True).first()
        told = {"notified_sequence": meeting.sequence, "notified_fingerprint": fingerprint_of(meeting)}
        new.update(state=states.WAITING, place_in_line=last + 1, link_sent_at=None, reminded_at=None, **told)
        everybody.move_up(meeting, but=pk)

    def move_up(self, meeting, but=None):
        """Give the free places of a meeting to the first in line, and tell them; all but one, who sees it on a page.

        The QuerySet is that of all who have to do with the meeting. Returns how many moved up.
        """
        if meeting.is_canceled or meeting.is_over:
            return 0
        waiting = self.waiting().order_by("place_in_line")
        free = None if meeting.capacity is None else max(0, meeting.capacity - self.going().count())
        pks = list(waiting.values_list("pk", flat=True)[:free])
        told = {"notified_sequence": meeting.sequence, "notified_fingerprint": fingerprint_of(meeting)}
        won = self.filter(pk__in=pks).waiting().update(state=self.model.State.GOING, **told)
        rows = self.filter(pk__in=[pk for pk in pks if pk != but]).opened()
        texts = cache(LiveTexts)
        queue_emails([emails.place_free(row, texts) for row in rows if row.address])
        return won

    # --- what beat sees to

    def cancel_rsvps_of_former_members(self):
        """Whoever is no member any more, or no representative, comes no more. Returns how many."""
        left = Q(member__isnull=False) & ~Q(member__status__in=WELCOMED)
        ended = Q(user__isnull=False) & ~Q(user__in=Representative.objects.serving().values("user"))
        return (
            self.taking_part()
            .filter(left | ended)
            .update(state=self.model.State.CANCELED, needs="", wants_reminder=False)
        )

    def promote_waitlists(self, now=None):
        """Where a place became free in another way, as when a host raises the number: move up. Returns how many."""
        awaited = Meeting.objects.upcoming(now).taking_place().filter(pk__in=self.waiting().values("meeting"))
        come = Count("rsvps", filter=Q(rsvps__state=self.model.State.GOING))
        with_room = awaited.order_by().annotate(come=come).filter(Q(capacity=None) | Q(come__lt=F("capacity")))
        return sum(self._move_up(pk) for pk in with_room.values_list("pk", flat=True))

    @transaction.atomic
    def _move_up(self, meeting_pk):
        meeting = _held(meeting_pk)
        return self.model.objects.filter(meeting=meeting).move_up(meeting) if meeting else 0


def _held(pk, *, only_open=True):
    """The row of a meeting, held until the transaction ends, or None where nobody can come to it any more."""
    if not isinstance(pk, uuid.UUID):
        return None
    held = Meeting.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    is_open = held and held.is_published and not held.is_canceled and not held.is_over
    return held if is_open or not only_open else None


def _tagged_today(email):
    """How many such emails the tagged spellings of this inbox had within a day."""
    lately = OutgoingEmail.objects.within_limit(limit_key(email)).filter(
        created_at__gt=timezone.now() - timedelta(days=1)
    )
    return lately.filter(kind="rsvp-confirm").count()


def _today_at(meeting):
    """The day it is where the meeting is: "the day before" is counted there."""
    return day_in(meeting.zone, timezone.now())
