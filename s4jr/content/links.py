"""Link schemes of our own in Markdown: `[words*](statistic:slug)` makes a link of the star, and adds no word."""

import re
from collections import defaultdict

_resolvers = {}


def register_link_scheme(scheme, resolver):
    """Let texts link to things of an app, without this app knowing them.

    `resolver(slugs)` gets every slug that the texts name and returns {slug: thing}; a thing has `link_words` and
    `link_address`. It is called once for a page. A slug it leaves out loses its link and keeps its words.
    """
    _resolvers[scheme] = resolver


def is_ours(address):
    return address.partition(":")[0] in _resolvers


def resolve(texts):
    """{"statistic:slug": thing} for every link of ours in these Markdown texts."""
    slugs = _slugs_by_scheme(texts)
    return {f"{scheme}:{slug}": thing for scheme in slugs for slug, thing in _resolvers[scheme](slugs[scheme]).items()}


def _slugs_by_scheme(texts):
    found = defaultdict(set)
    for scheme in _resolvers:
        pattern = re.compile(rf"\]\({re.escape(scheme)}:([-\w]+)\)")
        for text in texts:
            found[scheme].update(pattern.findall(text))
    return {scheme: slugs for scheme, slugs in found.items() if slugs}
