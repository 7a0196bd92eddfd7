"""What differs from one kind of conversation to the next. `s4jr.conversations.services` does what is the same."""

from typing import Any

from s4jr.conversations.querysets import ThreadQuerySet
from s4jr.mail.emails import Email


class ConversationKind:
    """One kind of conversation. `threads` are always a QuerySet of one."""

    model: type[Any]

    # --- questions

    def load(self, threads: ThreadQuerySet) -> Any:
        """The thread, with what `notify` needs of it."""
        return threads.get()

    def untouched(self, thread: Any) -> ThreadQuerySet:
        """The thread, while the form that began it may still replace what it said; none afterwards."""
        raise NotImplementedError

    def is_unchanged(self, said: Any, thread: Any) -> bool:
        """Whether the thread says all this already, so that there is nothing to do."""
        return False

    def flag_reason(self, said: Any, earlier: str = "") -> str:
        """Why a person looks at it first. `earlier` is the reason that it had when it was sent before."""
        return earlier or said.flag_reason

    def answer_email(self, thread: Any, words: str) -> Email:
        raise NotImplementedError

    # --- columns that a step changes besides those of every thread

    def amended_columns(self, thread: Any) -> dict[str, Any]:
        return {}

    def reopened_columns(self) -> dict[str, Any]:
        return {}

    def answered_columns(self) -> dict[str, Any]:
        return {}

    # --- what follows a step, in its transaction

    def notify(self, thread: Any, *, but: Any = None) -> None:
        """Tell who reads it that something waits; not the one who just looked at it."""
        raise NotImplementedError

    def after_start(self, said: Any, thread: Any) -> None:
        self.notify(thread)

    def after_amend(self, said: Any, thread: Any) -> None:
        """`thread` is as it was before."""

    def after_answer(self, thread: Any) -> None:
        """The answer has been said; its email is not written yet."""
