"""The form that begins a conversation."""

from dataclasses import dataclass

from s4jr.security.submission import Submission


@dataclass(frozen=True, kw_only=True)
class ThreadSubmission(Submission):
    """A form that begins a conversation. `words` are the text of its first message."""

    words: str
