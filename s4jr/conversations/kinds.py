"""What differs between the kinds of conversation. `s4jr.conversations.services` implements what is shared."""

from typing import Any

from s4jr.conversations.querysets import ThreadQuerySet
from s4jr.mail.emails import Email


class ConversationKind:
    """One kind of conversation. `threads` is always a QuerySet of one row."""

    model: type[Any]

    # --- questions

    def load(self, threads: ThreadQuerySet[Any]) -> Any:
        """The thread, with the columns that `notify` needs."""
        return threads.get()

    def untouched(self, thread: Any) -> ThreadQuerySet[Any]:
        """The thread, while the form that began it may still replace its message; none afterwards."""
        raise NotImplementedError

    def is_unchanged(self, said: Any, thread: Any) -> bool:
        """Whether the thread already says all this, so that there is nothing to do."""
        return False

    def flag_reason(self, said: Any, earlier: str = "") -> str:
        """Why a person must check it first. `earlier` is the reason from the previous submission."""
        return earlier or said.flag_reason

    def answer_email(self, thread: Any, words: str) -> Email:
        raise NotImplementedError

    # --- columns that a step changes in addition to those of every thread

    def amended_columns(self, thread: Any) -> dict[str, Any]:
        return {}

    def reopened_columns(self) -> dict[str, Any]:
        return {}

    def answered_columns(self) -> dict[str, Any]:
        return {}

    def closed_columns(self) -> dict[str, Any]:
        return {}

    def unflagged_columns(self) -> dict[str, Any]:
        return {}

    # --- what follows a step, in its transaction

    def notify(self, thread: Any, *, but: Any = None) -> None:
        """Notify the readers that a message waits, except the one who just looked at it."""
        raise NotImplementedError

    def after_start(self, said: Any, thread: Any) -> None:
        self.notify(thread)

    def after_amend(self, said: Any, thread: Any) -> None:
        """`thread` is as it was before."""

    def after_answer(self, thread: Any) -> None:
        """Called once the answer is stored and before its email is queued."""
