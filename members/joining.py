"""Asking to join. Whatever is known of an address, the same happens to whoever asks: one answer, at most one letter."""

import hmac
import secrets
from dataclasses import dataclass, field, replace
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Count, Q
from django.utils import timezone

from members import letters
from s4jr.mail.models import OutgoingEmail, Suppression
from s4jr.privacy.blind_index import blind_index

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
    newsletter: bool = False
    language: str = "en"
    held_for: str = ""
    previous_token: str = ""
    email_index: str | None = field(init=False)

    ANSWERS = ("name", "contact", "email", "pronouns", "relation", "ways_to_help", "access_needs", "message",
               "country", "region", "newsletter", "language")  # fmt: skip

    def __post_init__(self):
        object.__setattr__(self, "email_index", blind_index(self.email) if self.email else None)

    def answers(self):
        """The answers by field name, with the blind index."""
        return {name: getattr(self, name) for name in (*self.ANSWERS, "email_index")}

    def same_as(self, member):
        return all(getattr(member, name) == answer for name, answer in self.answers().items())

    def same_name_as(self, member):
        return hmac.compare_digest(self.name.casefold().encode(), member.name.casefold().encode())


class JoiningQuerySet(models.QuerySet):
    def ask_to_join(self, application):
        """Keep an application and write its confirming letter. Sent twice, or to two workers at once, it is one.

        The same form with other answers replaces the earlier ones while they can be mended. An address that is known
        gets the same letter as one that is not. Returns nothing: what happened must not show.
        """
        for last_try in (False, False, False, True):
            try:
                with transaction.atomic():
                    self._ask(application)
                return
            except IntegrityError:  # the same form or address at the same moment, or a number drawn twice
                if last_try:
                    raise

    def _ask(self, application):
        earlier = self._of_this_form(application)
        if earlier and (application.same_as(earlier) or not earlier.can_be_mended):
            return
        lately = self._confirming_letters(application)
        if lately["in_the_last_hour"] >= settings.CONFIRMING_LETTERS_AN_HOUR and not application.held_for:
            application = replace(application, held_for=self.model.HeldFor.TOO_MANY)
        member = self._keep(application, earlier, self._of_this_address(application))
        if application.email and not member.held_for and not application.held_for and not lately["this_week"]:
            self._write_confirming_letter(member, application, lately["ever"])

    def _of_this_form(self, application):
        tokens = [token for token in (application.form_token, application.previous_token) if token]
        found = {member.form_token: member for member in self.filter(form_token__in=tokens)}
        if application.form_token in found:
            return found[application.form_token]
        # Another person may use the same device next: only the same name mends what was sent before.
        earlier = found.get(application.previous_token)
        return earlier if earlier and application.same_name_as(earlier) else None

    def _of_this_address(self, application):
        return self.live().filter(email_index=application.email_index).first() if application.email else None

    def _confirming_letters(self, application):
        """How many confirming letters were written: to all in the last hour, to this address this week and ever."""
        now, to_them = timezone.now(), Q(to_index=application.email_index or "")
        lately = Q(created_at__gt=now - timedelta(hours=1))
        this_week = to_them & Q(created_at__gt=now - timedelta(days=settings.CONFIRM_WITHIN_DAYS))
        cancelled = Q(state=OutgoingEmail.State.CANCELLED)
        return OutgoingEmail.objects.filter(lately | to_them, kind="confirm").aggregate(
            in_the_last_hour=Count("pk", filter=lately),
            this_week=Count("pk", filter=this_week & ~cancelled),
            ever=Count("pk", filter=to_them),
        )

    def _keep(self, application, earlier, known):
        """The member this application is of from now on."""
        if known and earlier and known.pk != earlier.pk:
            earlier.withdraw()  # a typo had made a second row of somebody we know
        if known:
            return self._renew(known, application)
        return self._mend(earlier, application) if earlier else self._add(application)

    def _renew(self, known, application):
        """An address that was never confirmed takes the newest answers; whoever is known stays as they are."""
        if known.status != known.Status.UNCONFIRMED or application.held_for:
            return known
        return self._replace(known, application)

    def _mend(self, earlier, application):
        if earlier.email_index != application.email_index:
            OutgoingEmail.objects.filter(about=earlier.about).cancel()
        return self._replace(earlier, application, times_mended=earlier.times_mended + 1)

    def _replace(self, member, application, **changes):
        self.filter(pk=member.pk, status=member.status).update(
            **application.answers(),
            **changes,
            **self._stamps(application),
            status=self._first_status(application),
            held_for=member.held_for or application.held_for,
        )
        return self.get(pk=member.pk)

    def _add(self, application):
        return self.create(
            **application.answers(),
            **self._stamps(application),
            number=secrets.token_hex(NUMBER_BYTES).upper(),
            status=self._first_status(application),
            held_for=application.held_for,
            received_on=timezone.now().date(),
        )

    def _stamps(self, application):
        now = timezone.now()
        return {
            "form_token": application.form_token,
            "agreement_version": AGREEMENT_VERSION,
            "agreed_at": now,
            "confirm_until": now + timedelta(days=settings.CONFIRM_WITHIN_DAYS) if application.email else None,
        }

    def _first_status(self, application):
        statuses = self.model.Status
        if application.email:
            return statuses.UNCONFIRMED
        return statuses.ON_HOLD if application.held_for else statuses.WAITING

    def _write_confirming_letter(self, member, application, earlier_letters):
        discreet = self.model.Contact.DISCREET in (member.contact, application.contact)
        letter = letters.confirm(member, application.language, discreet=discreet, nth=earlier_letters)
        OutgoingEmail.objects.write([letter])

    def confirm(self, link):
        """The mailbox is theirs: on to being read. Pressed again, or by somebody known, it changes nothing."""
        with transaction.atomic():
            unconfirmed = self.filter(
                pk=link.member_id, status=self.model.Status.UNCONFIRMED, email_index=link.to_index
            )
            won = unconfirmed.update(status=self.model.Status.WAITING, confirm_until=None)
            Suppression.objects.lift(link.to_index)
            type(link).objects.filter(pk=link.pk).use()
        return won == 1
