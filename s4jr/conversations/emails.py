"""The email to the sender of a public form. Its words are a text block in `emails/`, in both forms."""

from typing import Any

from s4jr.content.live_texts import LiveTexts, TextsOf
from s4jr.conversations.models import Submitted
from s4jr.crypto.decryption_guard import decrypts_unshown
from s4jr.mail.emails import Email, in_both_forms, in_columns, write_from

#: Filled in last: an answer keeps its own paragraphs and lines.
ANSWER = "{answer}"


@decrypts_unshown
def email_to_sender(
    record: Submitted,
    kind: str,
    event: str,
    texts: TextsOf = LiveTexts,
    *,
    words: str = "",
    about: str | None = None,
    **values: Any,
) -> Email:
    """An email of this kind, one for each `event`. A sender who asked for discreet emails sees nothing of `words`.

    `about` names another record than this one, or is "" for an email that outlives the record.
    """
    answer = "\n".join(in_columns(line) for line in words.splitlines())

    def write(discreet: bool) -> tuple[str, str]:
        text = texts(record.language).text(f"emails/{kind}-discreet" if discreet else f"emails/{kind}")
        subject, body = write_from(text, answer=ANSWER, **values)
        return subject, body.replace(ANSWER, answer)

    return Email(
        to=record.email,
        **in_both_forms(write, discreet=record.is_discreet),
        kind=kind,
        dedupe_key=f"{kind}:{event}",
        about=record.about if about is None else about,
        language=record.language,
    )
