"""Rate limits in one database table, with one statement per count: no cache can be down or evict a count.

Nothing that is keyed on an IP address alone may refuse a person (Tor shares them): such a limit only flags for review.
"""

import ipaddress
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from s4jr.crypto.blind_index import keyed_hash
from s4jr.security.models import RateLimit

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
#: A single-use token has no period; its row stores until when it is valid.
NO_PERIOD = 0


def parse_rate(rate: str) -> tuple[int, int]:
    """`"10/h"` as (10, 3600) and `"5/15m"` as (5, 900): how many, in how many seconds."""
    count, _, window = rate.partition("/")
    return int(count), int(window[:-1] or 1) * SECONDS[window[-1]]


def spend(name: str, key: str, rate: str) -> bool:
    """Count one more use of `name` under `key`; True while within `rate`. Counts are exact across workers."""
    return count_use(name, key, rate) <= parse_rate(rate)[0]


def count_use(name: str, key: str, rate: str, amount: int = 1) -> int:
    """Count one more use, or `amount` more; returns the count in this window of `rate`."""
    return count_uses((name, key, rate, amount))[0]


def count_uses(*uses: tuple[str, str, str, int]) -> list[int]:
    """The same for several (name, key, rate, amount) in one statement. Callers use one order, to avoid deadlocks."""
    rows = []
    for name, key, rate, amount in uses:
        period, seconds = _period(rate)
        rows += [name, keyed_hash(name, key), period, amount, _moment((period + 1) * seconds)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO security_ratelimit (name, key, period, count, expires_at) VALUES "  # noqa: S608  no input in it
            f"{', '.join(['(%s, %s, %s, %s, %s)'] * len(uses))} ON CONFLICT (name, key, period) "
            "DO UPDATE SET count = security_ratelimit.count + excluded.count RETURNING name, key, count",
            rows,
        )
        counted = {(name, key): count for name, key, count in cursor.fetchall()}
    return [counted[name, keyed_hash(name, key)] for name, key, _rate, _amount in uses]


def give_back(name: str, key: str, rate: str, amount: int = 1) -> None:
    """Uncount uses that turned out not to count."""
    _rows(name, key, rate).filter(count__gte=amount).update(count=F("count") - amount)


def uses(name: str, key: str, rate: str) -> int:
    """The number of uses in this window of `rate`, without counting one."""
    return _rows(name, key, rate).values_list("count", flat=True).first() or 0


def use_once(name: str, key: str, seconds: float) -> bool:
    """Mark something as used for so many seconds; False if it was marked already, also by a concurrent worker."""
    now = time.time()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO security_ratelimit (name, key, period, count, expires_at) VALUES (%s, %s, %s, 1, %s) "
            "ON CONFLICT (name, key, period) DO UPDATE SET expires_at = excluded.expires_at "
            "WHERE security_ratelimit.expires_at <= %s RETURNING count",
            [name, keyed_hash(name, key), NO_PERIOD, _moment(now + seconds), _moment(now)],
        )
        return cursor.fetchone() is not None


def _rows(name, key, rate):
    return RateLimit.objects.filter(name=name, key=keyed_hash(name, key), period=_period(rate)[0])


def _period(rate):
    seconds = parse_rate(rate)[1]
    return int(time.time() // seconds), seconds


def _moment(timestamp):
    return connection.ops.adapt_datetimefield_value(datetime.fromtimestamp(timestamp, UTC))


def client_key(request: HttpRequest) -> str:
    """Who asks, for counting: the signed-in user, else a keyed hash of the IP address."""
    if getattr(request, "user", None) and request.user.is_authenticated:
        return f"user {request.user.pk}"
    return f"peer {peer_key(request)}"


def peer_key(request: HttpRequest, *, ipv6_prefix: int = 64) -> str:
    """A keyed hash of the IP address of a request, 64 hex digits. IPv6 counts by /64, which one connection holds."""
    address = peer_address(request)
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return keyed_hash("peer", address)
    network = ipaddress.ip_network((ip, ipv6_prefix if ip.version == 6 else 32), strict=False)
    return keyed_hash("peer", str(network.network_address))


def peer_address(request: HttpRequest) -> str:
    """The IP address of a request. Forwarding headers are trusted only behind TRUSTED_PROXY_COUNT proxies of ours."""
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if 0 < settings.TRUSTED_PROXY_COUNT <= len(forwarded):
        return forwarded[-settings.TRUSTED_PROXY_COUNT]
    return request.META.get("REMOTE_ADDR", "")


def limited(
    name: str, rate: str, *, who: Callable[[HttpRequest], str] = client_key
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorate a view to answer 429 once a signed-in user or an IP address (or `who`) POSTs more often than `rate`."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if request.method == "POST" and not spend(name, who(request), rate):
                return too_many(request)
            return view(request, *args, **kwargs)

        return wrapper

    return decorate


def too_many(request: HttpRequest) -> HttpResponse:
    """The 429 page."""
    return render(request, "429.html", status=429)
