"""Writing to the coalition: keeping what somebody wrote, adding to it, and forgetting it."""

import secrets
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils import timezone

from members.inquiries.notifications import tell_readers
from members.inquiries.permissions import ReadableQuerySet
from members.inquiries.replies import AnsweringQuerySet, the_day
from s4jr.crypto.blind_index import blind_index
from s4jr.erasure.erase import erase
from s4jr.erasure.models import Tombstone
from s4jr.security.status_code import code_hash, code_of_form

#: No member's number begins so: after a restore, theirs and ours are told apart.
NUMBER_BEGINS = "W"
NUMBER_BYTES = 3


@dataclass(frozen=True)
class Writing:
    """What a form says. `email` is "" where `contact` is none; `readers` are people, for safety or conduct only."""

    topic: str
    contact: str
    words: str
    form_token: str
    name: str = ""
    email: str = ""
    chapter: models.Model | None = None
    deadline: date | None = None
    language: str = "en"
    flag_reason: str = ""
    readers: tuple = ()

    ANSWERS = ("topic", "contact", "name", "email", "chapter", "deadline", "language")

    def answers(self):
        """The answers by field name, with the blind index."""
        index = blind_index(self.email) if self.email else None
        return {**{name: getattr(self, name) for name in self.ANSWERS}, "email_index": index}

    def same_as(self, inquiry):
        """Whether this is in the inquiry already, word for word and for the same readers."""
        same_answers = all(getattr(inquiry, name) == answer for name, answer in self.answers().items())
        same_words = self.words in [word.words for word in inquiry.said.all()]
        return same_answers and same_words and set(self.readers) == set(inquiry.readers.all())


def _number():
    return f"{NUMBER_BEGINS}{secrets.token_hex(NUMBER_BYTES).upper()}"


class InquiryQuerySet(ReadableQuerySet, AnsweringQuerySet, models.QuerySet):
    """Questions and verbs of inquiries. Every step is one compare-and-set UPDATE on the turn that was seen."""

    def write(self, said):
        """Keep a `Writing` and tell its readers. Sent twice, or to two workers at once, it is one inquiry.

        The same form with other words stands in place of the earlier ones until something else was said; from then on
        they are added. Returns nothing: what happened must not show.
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
            self._place(self._add(said), said)
        elif said.same_as(earlier):
            return
        elif self._replace(earlier, said):
            self._place(self.get(pk=earlier.pk), said)
        elif said.words not in [word.words for word in earlier.said.all()]:
            self.filter(pk=earlier.pk).write_again(said.words, secrets.token_hex(16))

    def _add(self, said):
        today = timezone.now().date()
        inquiry = self.create(
            **said.answers(),
            number=self._free_number(),
            code_hash=code_hash(code_of_form(said.form_token)),
            form_token=said.form_token,
            flag_reason=said.flag_reason,
            received_on=today,
            last_word_on=today,
            turn=1,
        )
        inquiry.said.create(is_ours=False, words=said.words, at=the_day())
        return inquiry

    def _free_number(self):
        """A number nobody has, and nobody who is gone had: after a restore theirs would be erased again."""
        while Tombstone.objects.filter(number=(number := _number())).exists():
            continue
        return number

    def _replace(self, earlier, said):
        """Back, mend, Send: what was sent last stands, while nothing else was said. Whoever reads it now is told."""
        untouched = self.filter(pk=earlier.pk, turn=earlier.turn, state=self.model.State.OPEN)
        if earlier.said.count() > 1:
            return False
        changes = {"flag_reason": earlier.flag_reason or said.flag_reason, "turn": earlier.turn + 1}
        return untouched.update(**said.answers(), **changes) and earlier.said.update(words=said.words)

    def _place(self, inquiry, said):
        """In the hands of those who may read it, and nobody else's."""
        inquiry.readers.set(said.readers)
        tell_readers(inquiry)

    # --- with the code

    def with_code(self, code):
        """The inquiry whose code this is, however it was typed; at most one."""
        return self.filter(code_hash=code_hash(code))

    def write_again(self, words, form_token):
        """Their own next words in the one inquiry here: it waits again. Pressed twice, they are said once."""
        try:
            with transaction.atomic():
                today = timezone.now().date()
                if self.update(state=self.model.State.OPEN, turn=F("turn") + 1, last_word_on=today):
                    inquiry = self.get()
                    inquiry.said.create(is_ours=False, words=words, at=the_day(), form_token=form_token)
                    tell_readers(inquiry)
        except IntegrityError:  # this very form said them a moment ago
            pass

    # --- going

    def erase(self):
        """Erase these inquiries, their words and their emails. An email that waits never leaves. Returns how many."""
        return len(erase(self).gone[self.model])
