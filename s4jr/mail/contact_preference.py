"""What the owner of an inbox chose about emails, whoever typed whichever spelling of its address.

`queue_emails` asks here for every email, with one query for all it queues, whether the addresses are known or not. Only
a domain app knows its people: it registers its provider when it is ready.
"""

from collections.abc import Callable, Iterable

from s4jr.mail.mailbox import Mailbox

Provider = Callable[[set[Mailbox]], set[str]]
_providers: list[Provider] = []


def register(provider: Provider) -> Provider:
    """Let `provider` return the `to_index` of those whose owners chose discreet emails. Idempotent."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def discreet_among(mailboxes: Iterable[Mailbox]) -> set[str]:
    """The `to_index` of those mailboxes whose owner chose discreet emails."""
    mailboxes = set(mailboxes)
    return set().union(*(provider(mailboxes) for provider in _providers)) if mailboxes else set()
