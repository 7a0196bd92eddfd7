"""Requests that no browser sends, at every address, by strangers and whoever is signed in: never a fault of ours."""

from collections import Counter

import pytest

from tests.attack import wire
from tests.attack.addresses import addresses, is_ending
from tests.attack.malformed import Spoiler
from tests.attack.people import Cast

pytestmark = pytest.mark.only_postgres


def test_no_malformed_request_is_a_fault(site, seed, size, at_once, tell):
    people = Cast()
    found = list(addresses(people.values_of))
    found.remove("/readyz")  # red where no beat runs, and 503 says so
    targets = [address for address in found if not is_ending(address)]
    # By strangers alone: sent by whoever is signed in, these would end what the rest needs.
    endings = [address for address in found if is_ending(address)]
    requests = [
        *Spoiler(seed, targets, site.url, people.jars()).requests(size(760, 9_500)),
        *Spoiler(seed, endings, site.url, []).requests(size(40, 500)),
    ]

    statuses = at_once(lambda drawn: wire.ask(site.port, drawn.sent, hang_up=drawn.promises_more), requests)

    tell(f"seed {seed}, {len(found)} addresses, {sorted(Counter(statuses).items())}")
    faults = [f"{status}: {drawn.what}" for status, drawn in zip(statuses, requests, strict=True) if status >= 500]
    assert faults == [], "\n".join([*faults, site.program.output()])
    assert [client.get(page).status_code for client, page in people.still_signed_in()] == [200] * 3
