"""How often something may be done. One table, one statement a count, no cache that can be down.

Nothing that is keyed on an IP alone may refuse a person (Tor shares them): such a limit holds for somebody to read.
"""

import ipaddress
import time
from functools import wraps

from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import render

from s4jr.privacy.blind_index import keyed_hash

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def parse_rate(rate):
    """`"10/h"` as (10, 3600): how many, in how many seconds."""
    count, _, unit = rate.partition("/")
    return int(count), SECONDS[unit]


def spend(name, key, rate):
    """Count one more use of `name` under `key`; True while it stays within `rate`. Counts are exact across workers."""
    allowed, seconds = parse_rate(rate)
    return _count(name, keyed_hash(name, key), int(time.time() // seconds)) <= allowed


def _count(name, key, period):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO privacy_ratelimit (name, key, period, count) VALUES (%s, %s, %s, 1) "
            "ON CONFLICT (name, key, period) DO UPDATE SET count = privacy_ratelimit.count + 1 RETURNING count",
            [name, key, period],
        )
        return cursor.fetchone()[0]


def client_key(request):
    """Who asks, for counting: the signed-in person, else a keyed hash of the address the request came from."""
    if getattr(request, "user", None) and request.user.is_authenticated:
        return f"user {request.user.pk}"
    return f"peer {peer_key(request)}"


def peer_key(request):
    """A keyed hash of where a request came from, 64 hex digits. IPv6 counts by its /64: one line holds as many."""
    address = peer_address(request)
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return keyed_hash("peer", address)
    network = ipaddress.ip_network((ip, 64 if ip.version == 6 else 32), strict=False)
    return keyed_hash("peer", str(network.network_address))


def peer_address(request):
    """The IP a request came from. Forwarding headers are believed only behind TRUSTED_PROXY_COUNT proxies of ours."""
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if 0 < settings.TRUSTED_PROXY_COUNT <= len(forwarded):
        return forwarded[-settings.TRUSTED_PROXY_COUNT]
    return request.META.get("REMOTE_ADDR", "")


def limited(name, rate):
    """A view that answers 429 once a signed-in person or a peer has POSTed to it more often than `rate`."""

    def decorate(view):
        @wraps(view)
        def wrapper(request, *args, **kwargs):
            if request.method == "POST" and not spend(name, client_key(request), rate):
                return too_many(request)
            return view(request, *args, **kwargs)

        return wrapper

    return decorate


def too_many(request) -> HttpResponse:
    """The 429 page."""
    return render(request, "429.html", status=429)
