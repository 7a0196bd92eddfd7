"""Offers: "would you?" and "we would like to start a chapter". Keeping one, finding it by its code, forgetting it."""

import secrets
from dataclasses import dataclass

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from chapters.volunteer_offers.decisions import DecidingQuerySet
from s4jr.crypto.blind_index import blind_index, keyed_hash
from s4jr.erasure.models import Tombstone
from s4jr.erasure.rules import remembered
from s4jr.erasure.tombstones import remember
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.services import erase_emails
from s4jr.security.status_code import code_hash, code_of_form

NUMBER_BYTES = 3


@dataclass(frozen=True)
class Offering:
    """What a form says. `email` is "" where `contact` is none; a place by its codes, or a chapter."""

    kind: str
    contact: str
    form_token: str
    name: str = ""
    email: str = ""
    country: str = ""
    region: str = ""
    chapter: models.Model | None = None
    chapter_name: str = ""
    area: str = ""
    languages: str = ""
    rhythm: str = ""
    words: str = ""
    language: str = "en"
    flag_reason: str = ""
    member_number: str = ""

    ANSWERS = (
        "contact", "name", "email", "country", "region", "chapter", "chapter_name", "area", "languages", "rhythm",
        "words", "language", "member_number",
    )  # fmt: skip

    def answers(self):
        """The answers by field name, with the blind index."""
        index = blind_index(self.email) if self.email else None
        return {**{name: getattr(self, name) for name in self.ANSWERS}, "email_index": index}

    def same_as(self, offer):
        return all(getattr(offer, name) == answer for name, answer in self.answers().items())


class VolunteerOfferQuerySet(DecidingQuerySet, models.QuerySet):
    """Questions and verbs of offers."""

    def waiting(self):
        return self.filter(state=self.model.State.WAITING, flag_reason="")

    def flagged(self):
        return self.exclude(flag_reason="")

    def to_talk_with(self):
        """Taken up, and no one has said yet that they talked."""
        return self.filter(state=self.model.State.TAKEN_UP, talked_on=None)

    def oldest_first(self):
        return self.order_by("received_on", "pk")

    # --- making one

    def offer(self, said):
        """Keep an `Offering`. The same form sent twice, or to two workers at once, is one offer; what it says last
        stands while nobody has decided. Returns nothing: what happened must not show.
        """
        for last_try in (False, False, False, True):
            try:
                with transaction.atomic():
                    self._keep(said)
                return
            except IntegrityError:  # the same form at the same moment, or a number drawn twice
                if last_try:
                    raise

    def _keep(self, said):
        earlier = self.filter(form_token=said.form_token).first()
        if earlier is None:
            self._add(said)
        elif not said.same_as(earlier):
            waits = self.filter(pk=earlier.pk, state=self.model.State.WAITING)
            waits.update(**said.answers(), version=models.F("version") + 1)

    def _add(self, said):
        self.create(
            **said.answers(),
            kind=said.kind,
            number=self._free_number(),
            code_hash=code_hash(code_of_form(said.form_token)),
            form_token=said.form_token,
            flag_reason=said.flag_reason,
            received_on=timezone.now().date(),
        )

    def _free_number(self):
        """A number nobody has, and nobody who is gone had: after a restore theirs would be erased again."""
        while True:
            drawn = self.model(number=secrets.token_hex(NUMBER_BYTES).upper())
            if not Tombstone.objects.filter(number__in=remembered([drawn])).exists():
                return drawn.number

    # --- one tick of a member's, in their own details

    def by_member(self, number):
        """The offers of a member to represent a place or a chapter that wait to be read."""
        return self.filter(member_number=number, kind=self.model.Kind.REPRESENT, state=self.model.State.WAITING)

    def offer_by_member(self, number, region="", *, country="", chapter=None, **said):
        """A member's tick: they would represent this place, or this chapter. `said` are name, contact, email, words
        and language, as the member has them. While one of theirs waits it is that one, with what they say now.
        """
        waiting = self.by_member(number).first()
        token = waiting.form_token if waiting else self._token_of_member(number)
        place = {"region": "", "country": ""} if chapter else {"region": region, "country": country or region[:2]}
        kind = self.model.Kind.REPRESENT
        self.offer(Offering(kind, form_token=token, chapter=chapter, member_number=number, **place, **said))

    def _token_of_member(self, number):
        """The same for two ticks at once, so that they are one offer; another one once the earlier was decided.

        It is made from which offers there are, not from their count: `purge` deletes some, and a token would repeat.
        """
        earlier = self.filter(member_number=number).order_by("pk").values_list("pk", flat=True)
        return keyed_hash("offer of a member", f"{number} after {[pk.hex for pk in earlier]}")

    # --- with its code, and going

    def with_code(self, code):
        """The offer whose code this is, however it was typed; at most one."""
        return self.filter(code_hash=code_hash(code))

    @transaction.atomic
    def erase(self):
        """Erase these offers and their emails. An email that waits never leaves. Returns how many."""
        gone = list(self.only("pk", "number"))
        if not gone:
            return 0
        remember(remembered(gone), timezone.now().date())
        erase_emails(OutgoingEmail.objects.filter(about__in=[offer.about for offer in gone]))
        self.model.objects.filter(pk__in=[offer.pk for offer in gone]).delete()
        return len(gone)
