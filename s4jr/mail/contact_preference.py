"""What the owner of a mailbox chose about emails, whoever typed whichever of its spellings.

`queue_emails` asks here for every email, with one statement for all it writes, whether the addresses are
known or not. Who is known only a domain app can say: it registers its answer when it is ready.
"""

from collections.abc import Callable, Iterable

from s4jr.mail.mailbox import Mailbox

Provider = Callable[[set[Mailbox]], set[str]]
_providers: list[Provider] = []


def register(provider: Provider) -> Provider:
    """Let `provider` say, by `to_index`, whose owners chose discreet emails. Once is enough."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def discreet_among(mailboxes: Iterable[Mailbox]) -> set[str]:
    """The `to_index` of those of these whose owner chose discreet emails."""
    mailboxes = set(mailboxes)
    return set().union(*(provider(mailboxes) for provider in _providers)) if mailboxes else set()
