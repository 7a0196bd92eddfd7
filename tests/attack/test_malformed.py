"""No malformed request to any URL, from visitors or signed-in users, causes a server error."""

from collections import Counter

import pytest

from tests.attack import wire
from tests.attack.addresses import addresses, is_ending
from tests.attack.malformed import Spoiler
from tests.attack.people import Cast

pytestmark = pytest.mark.only_postgres


def test_no_malformed_request_causes_a_server_error(site, seed, size, at_once, tell):
    people = Cast()
    found = list(addresses(people.values_of))
    found.remove("/readyz")  # it answers 503 because no Celery beat runs here
    targets = [address for address in found if not is_ending(address)]
    # Only visitors request these: for a signed-in user they would end a session that the rest of the run needs.
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
