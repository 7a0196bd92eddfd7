"""What the owner of an address chose about emails, whoever typed that address.

`OutgoingEmail.objects.write` asks here for every email, with one statement for all it writes, whether the addresses are
known or not. Who is known only a domain app can say: it registers its answer when it is ready.
"""

from collections.abc import Callable, Iterable

Provider = Callable[[set[str]], set[str]]
_providers: list[Provider] = []


def register(provider: Provider) -> Provider:
    """Let `provider` say which of some blind indexes belong to people who chose discreet emails. Once is enough."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def discreet_among(indexes: Iterable[str]) -> set[str]:
    """Those of these blind indexes whose owner chose discreet emails."""
    indexes = set(indexes)
    return set().union(*(provider(indexes) for provider in _providers)) if indexes else set()
