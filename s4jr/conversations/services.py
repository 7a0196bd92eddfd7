"""One engine for conversations: beginning one with a form, adding to it, answering, closing.

open -> answered | closed        answered | closed -> open when its sender writes again

Each step is one compare-and-set UPDATE; `seen` is the turn that the reader saw. `threads` are a QuerySet of the one
thread that it is about. The inquiries and the representatives' messages say in a `ConversationKind` what differs.
"""

from datetime import UTC, datetime, time
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from s4jr.accounts.models import User
from s4jr.audit.models import AccessLog
from s4jr.conversations.kinds import ConversationKind
from s4jr.conversations.models import Thread
from s4jr.conversations.querysets import ThreadQuerySet
from s4jr.conversations.submissions import Submission, keep_once
from s4jr.crypto.blind_index import keyed_hash
from s4jr.mail.services import queue_emails

Action, State = AccessLog.Action, Thread.State


def _start_of_today() -> datetime:
    """When something was said: a day is enough. The hour would tell when somebody can write unseen."""
    return datetime.combine(timezone.now().date(), time.min, UTC)


# --- what its sender does


def submit(kind: ConversationKind, said: Submission) -> None:
    """Keep what a form says, and tell who reads it. Sent twice, or to two workers at once, it is one thread.

    The same form with other words replaces the earlier ones while the thread is untouched; from then on they are
    added. Returns nothing: what happened must not show.
    """
    keep_once(lambda: _keep(kind, said))


def _keep(kind: ConversationKind, said: Submission) -> None:
    threads = kind.model.objects.all()
    earlier = threads.filter(form_token=said.form_token).first()
    if earlier is None:
        kind.after_start(said, _start(kind, said))
    elif kind.is_unchanged(said, earlier):
        return
    elif _amend(kind, said, earlier):
        kind.after_amend(said, earlier)
    elif said.words not in [message.words for message in earlier.said.all()]:
        token = keyed_hash("message-words", said.form_token + said.words)
        add_message(kind, threads.filter(pk=earlier.pk), said.words, token)


def _start(kind: ConversationKind, said: Submission) -> Any:
    columns = {"flag_reason": kind.flag_reason(said), "last_word_on": timezone.now().date(), "turn": 1}
    thread = kind.model.objects.create(**said.new_row(kind.model, **columns))
    thread.said.create(is_answer=False, words=said.words, at=_start_of_today())
    return thread


def _amend(kind: ConversationKind, said: Submission, earlier: Any) -> bool:
    """Back, correct, Send: what was sent last stands, while nothing else happened."""
    columns = {"flag_reason": kind.flag_reason(said, earlier.flag_reason), **kind.amended_columns(earlier)}
    amended = kind.untouched(earlier).update(**said.answers(), **columns)
    return bool(amended and earlier.said.update(words=said.words))


def add_message(kind: ConversationKind, threads: ThreadQuerySet, words: str, form_token: str) -> None:
    """The sender's next words: it waits again. Sent twice, they are said once."""
    try:
        with transaction.atomic():
            reopened = {"state": State.OPEN, "turn": F("turn") + 1, "last_word_on": timezone.now().date()}
            if threads.update(**reopened, **kind.reopened_columns()):
                thread = kind.load(threads)
                thread.said.create(is_answer=False, words=words, at=_start_of_today(), form_token=form_token)
                kind.notify(thread)
    except IntegrityError:  # this very form said them a moment ago
        pass


# --- what its readers do


def answer(
    kind: ConversationKind,
    threads: ThreadQuerySet,
    words: str,
    *,
    by: User,
    seen: int,
    form_token: str | None = None,
) -> bool:
    """Say this, and write the email. False where something was said since `seen`.

    With a `form_token` an answer that is sent twice is said once, and both requests hear that it is.
    """
    with transaction.atomic():
        answered = {"state": State.ANSWERED, "turn": seen + 1, "last_word_on": timezone.now().date(), "flag_reason": ""}
        won = threads.filter(turn=seen).update(**answered, **kind.answered_columns())
        if won:
            _say_answer(kind, threads.get(), words, by, form_token)
    return won == 1 or (form_token is not None and threads.filter(said__form_token=form_token).exists())


def _say_answer(kind: ConversationKind, thread: Any, words: str, by: User, form_token: str | None) -> None:
    thread.said.create(is_answer=True, by=by, words=words, at=_start_of_today(), form_token=form_token)
    log_step([thread], by, Action.SENT, "words")
    kind.after_answer(thread)
    if thread.gets_emails:
        queue_emails([kind.answer_email(thread, words)])


def close(threads: ThreadQuerySet, *, by: User, seen: int) -> bool:
    """It needs no answer. False where something was said since `seen`, or it does not wait any more."""
    with transaction.atomic():
        won = threads.open().filter(turn=seen).update(state=State.CLOSED, flag_reason="")
        if won:
            log_step(threads.only("number"), by, Action.DECIDED, "state")
    return won == 1


def unflag(kind: ConversationKind, threads: ThreadQuerySet, *, by: User) -> bool:
    """A person wrote this: its readers are told, as if it had just been sent. False where it is not flagged."""
    with transaction.atomic():
        won = threads.flagged().update(flag_reason="")
        if won:
            thread = kind.load(threads)
            log_step([thread], by, Action.CHANGED, "flag_reason")
            kind.notify(thread, but=by)
    return won == 1


def log_step(threads: Any, by: User, action: Action, *field_names: str) -> None:
    AccessLog.objects.note(who=by, action=action, records=threads, field_names=field_names)
