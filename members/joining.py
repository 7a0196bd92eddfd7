"""Asking to join. Whatever is known of an address, the same happens to whoever asks: one answer, at most one letter."""

import hmac
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Count, F, Q
from django.utils import timezone

from members import letters
from s4jr.mail.models import OutgoingEmail, Suppression
from s4jr.privacy.blind_index import blind_index
from s4jr.privacy.models import AccessLog, Tombstone
from s4jr.privacy.status_code import code_hash, code_of_form

AGREEMENT_VERSION = "2026-11 draft"
TIMES_MENDED_AT_MOST = 3
NUMBER_BYTES = 3


@dataclass(frozen=True)
class Application:
    """What a join form says. `email` is "" where `contact` is none: an address typed with it is dropped unread.

    `form_token` names the form, `previous_token` the one sent before it from the same browser, if any.
    """

    name: str
    contact: str
    form_token: str
    email: str = ""
    pronouns: str = ""
    relation: str = ""
    ways_to_help: str = ""
    access_needs: str = ""
    message: str = ""
    country: str = ""
    region: str = ""
    chapter: models.Model | None = None
    newsletter: bool = False
    language: str = "en"
    held_for: str = ""
    previous_token: str = ""
    email_index: str | None = field(init=False)

    ANSWERS = ("name", "contact", "email", "pronouns", "relation", "ways_to_help", "access_needs", "message",
               "country", "region", "chapter", "newsletter", "language")  # fmt: skip

    def __post_init__(self):
        object.__setattr__(self, "email_index", blind_index(self.email) if self.email else None)

    def answers(self):
        """The answers by field name, with the blind index."""
        return {name: getattr(self, name) for name in (*self.ANSWERS, "email_index")}

    def same_as(self, member):
        return all(getattr(member, name) == answer for name, answer in self.answers().items())

    def same_name_as(self, member):
        return hmac.compare_digest(self.name.casefold().encode(), member.name.casefold().encode())


class _Undone(Exception):
    """A letter was written as for anybody, and taken out of the outbox again."""


def _again_where_somebody_was_quicker(step):
    """What `step()` returns, in one transaction.

    It is begun anew where another one was quicker: with the same form, the same address, or the same number drawn.
    """
    for _try in range(3):
        with suppress(IntegrityError), transaction.atomic():
            return step()
    with transaction.atomic():
        return step()


class JoiningQuerySet(models.QuerySet):
    def unproved(self):
        return self.filter(status__in=self.model.UNPROVED)

    def ask_to_join(self, application):
        """Keep an application and write its confirming letter. Sent twice, or to two workers at once, it is one.

        The same form with other answers replaces the earlier ones while they can be mended. An address that is known
        gets the same letter as one that is not. Returns nothing: what happened must not show.
        """
        _again_where_somebody_was_quicker(lambda: self._ask(application))

    def _ask(self, application):
        earlier = self._of_this_form(application)
        if earlier is None:
            self._place(self._add(application))
        elif application.same_as(earlier):
            self._name_by(application, earlier)
        elif earlier.can_be_mended:
            self._place(self._mend(earlier, application))

    def _of_this_form(self, application):
        tokens = [token for token in (application.form_token, application.previous_token) if token]
        found = {member.form_token: member for member in self.filter(form_token__in=tokens)}
        if application.form_token in found:
            return found[application.form_token]
        # Another person may use the same device next: only the same name mends what was sent before. What can no longer
        # be mended is left alone, and this is an application of its own: its code must lead somewhere.
        earlier = found.get(application.previous_token)
        return earlier if earlier and earlier.can_be_mended and application.same_name_as(earlier) else None

    def _add(self, application):
        return self.create(
            **application.answers(),
            **self._stamps(application),
            number=self._free_number(),
            received_on=timezone.now().date(),
        )

    def _free_number(self):
        """A number nobody has, and nobody who is gone had: after a restore theirs would be erased again."""
        while Tombstone.objects.filter(number=(number := secrets.token_hex(NUMBER_BYTES).upper())).exists():
            continue
        return number

    def _mend(self, earlier, application):
        if earlier.email and earlier.email_index != application.email_index:
            self._leave_the_address(earlier)
        changes = {**self._stamps(application), "held_for": earlier.held_for or application.held_for}
        self.filter(pk=earlier.pk).update(**application.answers(), **changes, times_mended=earlier.times_mended + 1)
        return self.get(pk=earlier.pk)

    def _name_by(self, application, earlier):
        """The same answers in a newer form: it is the newer form's code that was shown."""
        self.filter(pk=earlier.pk).update(**self._names(application))

    def _names(self, application):
        return {
            "form_token": application.form_token,
            "code_hash": code_hash(code_of_form(application.form_token)),
        }

    def _stamps(self, application):
        statuses = self.model.Status
        return {
            **self._names(application),
            "agreement_version": AGREEMENT_VERSION,
            "agreed_at": timezone.now(),
            "held_for": application.held_for,
            # An address makes it an echo until `_place` has looked whose the address is.
            "status": statuses.ECHO if application.email else self._without_address(application.held_for),
            "confirm_until": None,
        }

    def _without_address(self, held_for):
        return self.model.Status.ON_HOLD if held_for else self.model.Status.WAITING

    # --- whose address it is

    def _place(self, member):
        """Give an application its place among those with the same address, and write the letter, unless it is held."""
        if not member.email:
            return
        lately = self._confirming_letters(member)
        if lately["in_the_last_hour"] >= settings.CONFIRMING_LETTERS_AN_HOUR and not member.held_for:
            member.held_for = self.model.HeldFor.TOO_MANY
            self.filter(pk=member.pk).update(held_for=member.held_for)
        if not member.held_for:
            owner = self._owner(member)
            self._write_confirming_letter(owner, member, lately)

    def _owner(self, member):
        """Whose address it is: somebody known, else this application, which an unproved earlier one makes way for.

        Every path asks and writes as often as the others: how long it takes must not tell whether somebody is known.
        """
        live = self.model.objects.live().filter(email_index=member.email_index)
        earlier = live.exclude(pk=member.pk).first()  # a constraint holds that there is no other
        owner = member if self._make_way(earlier, member) else earlier
        self._take_the_address(member, is_theirs=owner is member)
        return owner

    def _make_way(self, earlier, member):
        """An unproved one does. Returns whether nobody has the address now but `member`."""
        statuses, pk = self.model.Status, earlier.pk if earlier else 0
        made_way = self.model.objects.filter(pk=pk, status=statuses.UNCONFIRMED).update(status=statuses.ECHO)
        self._hand_over(earlier if made_way else member, member)
        return made_way or earlier is None

    def _hand_over(self, giver, taker):
        """The links in letters to the giver's address prove that mailbox: they now speak for the taker."""
        giver.links.filter(to_index=giver.email_index).update(member=taker)
        OutgoingEmail.objects.filter(about=giver.about, to_index=giver.email_index).update(about=taker.about)

    def _take_the_address(self, member, *, is_theirs):
        """The time to confirm runs for all: no echo goes on another day than the rest."""
        self.model.objects.filter(pk=member.pk).update(
            status=self.model.Status.UNCONFIRMED if is_theirs else F("status"),
            confirm_until=timezone.now() + timedelta(days=settings.CONFIRM_WITHIN_DAYS),
        )

    def _leave_the_address(self, member):
        """Who made way for `member` last has the address back; else the letter there is called back.

        Otherwise anybody could type an address, go again, and leave its owner with a letter that proves nothing.
        """
        everybody, statuses = self.model.objects, self.model.Status
        echoes = everybody.filter(email_index=member.email_index, status=statuses.ECHO, held_for="")
        heir = echoes.exclude(pk=member.pk).order_by("-pk").first()
        heir = heir if heir and member.status == statuses.UNCONFIRMED else member
        self._hand_over(member, heir)
        OutgoingEmail.objects.filter(about=member.about).cancel()
        everybody.filter(pk=member.pk).update(status=statuses.ECHO)
        has_it_back = everybody.filter(pk=heir.pk, status=statuses.ECHO).exclude(pk=member.pk)
        has_it_back.update(status=statuses.UNCONFIRMED, confirm_until=member.confirm_until)

    def _confirming_letters(self, member):
        """How many confirming letters were written: to all in the last hour, to this address this week and ever."""
        now, to_them = timezone.now(), Q(to_index=member.email_index)
        lately = Q(created_at__gt=now - timedelta(hours=1))
        this_week = to_them & Q(created_at__gt=now - timedelta(days=settings.CONFIRM_WITHIN_DAYS))
        never_came = Q(state__in=[OutgoingEmail.State.CANCELLED, OutgoingEmail.State.FAILED])
        return OutgoingEmail.objects.filter(lately | to_them, kind="confirm").aggregate(
            in_the_last_hour=Count("pk", filter=lately),
            this_week=Count("pk", filter=this_week & ~never_came),
            ever=Count("pk", filter=to_them),
        )

    def _write_confirming_letter(self, owner, member, lately):
        """One letter a week. Where it had one it is written all the same, and undone: that too must take as long."""
        discreet = self.model.Contact.DISCREET in (owner.contact, member.contact)
        with suppress(_Undone), transaction.atomic():
            letter = letters.confirm(owner, member.language, discreet=discreet, nth=lately["ever"])
            OutgoingEmail.objects.write([letter])
            if lately["this_week"]:
                raise _Undone

    # --- what a volunteer lets through, and what the person confirms

    def release(self, by):
        """Let held applications through, as if they had just been sent. Returns how many."""
        return _again_where_somebody_was_quicker(lambda: self._release(by))

    def _release(self, by):
        held = list(self.exclude(held_for="").select_for_update())
        for member in held:
            self._let_through(member)
        AccessLog.objects.note(who=by, action=AccessLog.Action.CHANGED, records=held, field_names=["held_for"])
        return len(held)

    def _let_through(self, member):
        member.held_for = ""
        was_held = self.filter(pk=member.pk).exclude(held_for="").update(held_for="")
        if was_held and member.status == self.model.Status.ECHO:
            self._place(member)
        self.filter(pk=member.pk, status=self.model.Status.ON_HOLD).update(status=self.model.Status.WAITING)

    def confirm(self, link):
        """The mailbox is theirs: on to being read. Pressed again, or by somebody known, it changes nothing."""
        with transaction.atomic():
            same_address = self.filter(pk=link.member_id, email_index=link.to_index)
            won = same_address.filter(status=self.model.Status.UNCONFIRMED).update(
                status=self.model.Status.WAITING, confirm_until=None
            )
            if won:
                Suppression.objects.lift(link.to_index)
                self._give_news_again(same_address, link.to_index)
            type(link).objects.filter(pk=link.pk).use()
        return won == 1

    def _give_news_again(self, members, to_index):
        if members.filter(newsletter=True).exists():
            Suppression.objects.lift(to_index, Suppression.Scope.ANNOUNCEMENTS)
