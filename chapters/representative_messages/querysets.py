"""Writing to a representative: keeping what somebody wrote, adding to it, and forgetting it."""

import secrets
from dataclasses import dataclass

from django.db import IntegrityError, models, transaction
from django.db.models import Case, F, When
from django.utils import timezone

from chapters.representative_messages.escalation import UnreadQuerySet
from chapters.representative_messages.moderation import ReportingQuerySet
from chapters.representative_messages.notifications import tell_representative
from chapters.representative_messages.replies import AnsweringQuerySet, the_day
from chapters.representative_messages.retention import EndingQuerySet
from s4jr.crypto.blind_index import blind_index, keyed_hash
from s4jr.erasure.models import Tombstone
from s4jr.security.status_code import code_hash, code_of_form

NUMBER_BYTES = 3


@dataclass(frozen=True)
class Writing:
    """What a form says, and to whom. `email` is "" where `contact` is none. Their user comes along: see `telling`."""

    representative: models.Model
    contact: str
    words: str
    form_token: str
    name: str = ""
    email: str = ""
    coalition_may_answer: bool = False
    language: str = "en"
    flag_reason: str = ""

    ANSWERS = ("contact", "name", "email", "coalition_may_answer", "language")

    def answers(self):
        """The answers by field name, with the blind index."""
        index = blind_index(self.email) if self.email else None
        return {**{name: getattr(self, name) for name in self.ANSWERS}, "email_index": index}


def mark_for(representative, form_token):
    """The mark of one form as it was sent to one representative: sent to another, it is another message."""
    return keyed_hash("message-form", f"{representative.pk} {form_token}")


class MessageQuerySet(AnsweringQuerySet, ReportingQuerySet, UnreadQuerySet, EndingQuerySet, models.QuerySet):
    """Questions and verbs of conversations. Every step is one compare-and-set UPDATE on the turn that was seen."""

    def write(self, said):
        """Keep a `Writing` and tell the representative. Sent twice, or to two workers at once, it is one message.

        The same form with other words stands in place of the earlier ones until somebody has read them; from then on
        they are added. Returns nothing: whether it reaches anybody must not show.
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
            tell_representative(self._add(said))
        elif not self._replace(earlier, said) and said.words not in [word.words for word in earlier.said.all()]:
            self.filter(pk=earlier.pk).write_again(
                said.words, keyed_hash("message-words", said.form_token + said.words)
            )

    def _add(self, said):
        today = timezone.now().date()
        message = self.create(
            **said.answers(),
            representative=said.representative,
            number=self._free_number(),
            code_hash=code_hash(code_of_form(said.form_token)),
            form_token=said.form_token,
            flag_reason=self._flag_reason(said),
            received_on=today,
            last_word_on=today,
            turn=1,
        )
        message.said.create(is_answer=False, words=said.words, at=the_day())
        return message

    def _free_number(self):
        """A number nobody has, and nothing that is gone had: after a restore it would be erased again."""
        while Tombstone.objects.filter(number=f"C-{(number := secrets.token_hex(NUMBER_BYTES).upper())}").exists():
            continue
        return number

    def _flag_reason(self, said, earlier=""):
        """Whom the representative asked not to be passed stays away from them, whatever else stands out."""
        from chapters.models import Block, FlagReason

        sender = said.answers()["email_index"] or ""
        is_blocked = Block.objects.filter(user=said.representative.user_id, sender_index=sender).exists()
        return FlagReason.BLOCKED if is_blocked or earlier == FlagReason.BLOCKED else earlier or said.flag_reason

    def _replace(self, earlier, said):
        """Back, mend, Send: what was sent last stands, while nobody has read it and nothing else was said."""
        untouched = self.filter(pk=earlier.pk, turn=1, read_on=None, state=self.model.State.OPEN)
        flag_reason = self._flag_reason(said, earlier.flag_reason)
        return untouched.update(**said.answers(), flag_reason=flag_reason) and earlier.said.update(words=said.words)

    # --- with the code

    def with_code(self, code):
        """The conversation whose code this is, however it was typed; at most one."""
        return self.filter(code_hash=code_hash(code))

    def write_again(self, words, form_token):
        """The sender's next words in the one conversation here: it waits again. Pressed twice, they are said once.

        What was answered or closed is unread again, and may be told of again when nobody reads it.
        """
        try:
            with transaction.atomic():
                today = timezone.now().date()
                waits = {"state": self.model.State.OPEN, "turn": F("turn") + 1, "last_word_on": today}
                if self.update(**waits, **self._unread_again()):
                    message = self.select_related("representative__user").get()
                    message.said.create(is_answer=False, words=words, at=the_day(), form_token=form_token)
                    tell_representative(message)
        except IntegrityError:  # this very form said them a moment ago
            pass

    def _unread_again(self):
        """Both days as they are while it is open, and none once it was answered or closed."""
        was_open = {"state": self.model.State.OPEN}
        return {name: Case(When(**was_open, then=F(name))) for name in ("read_on", "coalition_told_on")}
