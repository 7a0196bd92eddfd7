"""Custom link schemes in Markdown: `[words*](statistic:slug)` turns the star into a link and adds no word."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

Resolver = Callable[[set[str]], dict[str, Any]]
_resolvers: dict[str, Resolver] = {}


def register_link_scheme(scheme: str, resolver: Resolver) -> None:
    """Let texts link to objects of an app that this app does not know.

    `resolver(slugs)` gets every slug in the texts and returns {slug: object}; an object has `link_words` and
    `link_address`. It is called once per page. A slug that it omits loses its link and keeps its words.
    """
    _resolvers[scheme] = resolver


def is_ours(address: str) -> bool:
    return address.partition(":")[0] in _resolvers


def resolve(texts: Iterable[str]) -> dict[str, Any]:
    """{"statistic:slug": object} for every custom link in these Markdown texts."""
    slugs = _slugs_by_scheme(texts)
    return {f"{scheme}:{slug}": thing for scheme in slugs for slug, thing in _resolvers[scheme](slugs[scheme]).items()}


def _slugs_by_scheme(texts):
    found = defaultdict(set)
    for scheme in _resolvers:
        pattern = re.compile(rf"\]\({re.escape(scheme)}:([-\w]+)\)")
        for text in texts:
            found[scheme].update(pattern.findall(text))
    return {scheme: slugs for scheme, slugs in found.items() if slugs}
