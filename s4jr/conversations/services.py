"""The conversation engine: begin one with a form, add to it, answer, close.

open -> answered | closed        answered | closed -> open when its sender writes again; closed -> open by a reader

Each step is one compare-and-set UPDATE; `seen` is the turn that the reader saw. `threads` is a QuerySet of the one
thread concerned. Inquiries and representatives' messages define in a `ConversationKind` what differs.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, time
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from s4jr.accounts.models import User
from s4jr.audit.models import AccessLog
from s4jr.audit.services import log_access
from s4jr.conflicts import retry_on_conflict
from s4jr.conversations.kinds import ConversationKind
from s4jr.conversations.models import Thread
from s4jr.conversations.querysets import ThreadQuerySet
from s4jr.conversations.submissions import ThreadSubmission
from s4jr.crypto.blind_index import keyed_hash
from s4jr.erasure.record_numbers import free_number
from s4jr.mail.services import queue_emails

Action, State = AccessLog.Action, Thread.State


def _start_of_today() -> datetime:
    """The timestamp of a message. A day is enough: the hour would reveal when someone can write unobserved."""
    return datetime.combine(timezone.now().date(), time.min, UTC)


# --- actions of the sender


def submit(kind: ConversationKind, said: ThreadSubmission) -> None:
    """Store a submitted form and notify its readers. A double submission, even to two workers at once, is one thread.

    The same form with other words replaces the earlier ones while the thread is untouched; later they are added to it.
    Returns nothing, so that what happened cannot show.
    """
    retry_on_conflict(lambda: _keep(kind, said))


def _keep(kind: ConversationKind, said: ThreadSubmission) -> None:
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


def _start(kind: ConversationKind, said: ThreadSubmission) -> Any:
    columns = {"flag_reason": kind.flag_reason(said), "last_word_on": timezone.now().date(), "turn": 1}
    thread = kind.model.objects.create(**said.new_row(free_number(kind.model), **columns))
    thread.said.create(is_answer=False, words=said.words, at=_start_of_today())
    return thread


def _amend(kind: ConversationKind, said: ThreadSubmission, earlier: Any) -> bool:
    """Apply a corrected submission, as after the browser's Back, while nothing else happened."""
    columns = {"flag_reason": kind.flag_reason(said, earlier.flag_reason), **kind.amended_columns(earlier)}
    amended = kind.untouched(earlier).update(**said.answers(), **columns)
    return bool(amended and earlier.said.update(words=said.words))


def add_message(kind: ConversationKind, threads: ThreadQuerySet[Any], words: str, form_token: str) -> None:
    """Store the sender's next message and reopen the thread. A double submission is stored once."""
    try:
        with transaction.atomic():
            reopened = {"state": State.OPEN, "turn": F("turn") + 1, "last_word_on": timezone.now().date()}
            if threads.update(**reopened, **kind.reopened_columns()):
                thread = kind.load(threads)
                thread.said.create(is_answer=False, words=words, at=_start_of_today(), form_token=form_token)
                kind.notify(thread)
    except IntegrityError:  # a concurrent submission of the same form stored them
        pass


# --- actions of the readers


def answer(
    kind: ConversationKind,
    threads: ThreadQuerySet[Any],
    words: str,
    *,
    by: User,
    seen: int,
    form_token: str | None = None,
) -> bool:
    """Store an answer and queue its email. False if a message arrived since `seen`.

    With a `form_token`, an answer that is submitted twice is stored once, and both requests return True.
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


def close(kind: ConversationKind, threads: ThreadQuerySet[Any], *, by: User, seen: int) -> bool:
    """Close without an answer. False if it changed since `seen`, or if the thread is no longer open."""
    closed = {"state": State.CLOSED, "flag_reason": "", **kind.closed_columns()}
    return _change_state(threads, State.OPEN, closed, by=by, seen=seen)


def reopen(threads: ThreadQuerySet[Any], *, by: User, seen: int) -> bool:
    """Undo closing. False if it changed since `seen`, or if it is not closed. It notifies no one."""
    return _change_state(threads, State.CLOSED, {"state": State.OPEN}, by=by, seen=seen)


def _change_state(
    threads: ThreadQuerySet[Any], before: Thread.State, columns: dict[str, Any], *, by: User, seen: int
) -> bool:
    """The turn goes up: someone who has the page open must see this before their next step."""
    with transaction.atomic():
        won = threads.filter(state=before, turn=seen).update(turn=seen + 1, **columns)
        if won:
            log_step(threads.only("number"), by, Action.DECIDED, "state")
    return won == 1


def unflag(kind: ConversationKind, threads: ThreadQuerySet[Any], *, by: User, seen: int) -> bool:
    """Mark as not spam and notify the readers as if it had just been sent.

    False if it changed since `seen`, or if it is not flagged.
    """
    with transaction.atomic():
        won = threads.flagged().filter(turn=seen).update(flag_reason="", **kind.unflagged_columns())
        if won:
            thread = kind.load(threads)
            log_step([thread], by, Action.CHANGED, "flag_reason")
            kind.notify(thread, but=by)
    return won == 1


def log_step(threads: Iterable[Any], by: User, action: AccessLog.Action, *field_names: str) -> None:
    log_access(who=by, action=action, records=threads, field_names=field_names)
