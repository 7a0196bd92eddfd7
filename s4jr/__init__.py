"""Wiring, and what every app shares. Nothing here imports an app, nor Celery: a web server does without it."""

import zoneinfo

# Without this, Python reads the system's time zones first and the pinned `tzdata` only where the system has none, and
# Debian 12 is an hour off in British Columbia, Alberta and Manitoba from November 2026 on. This is the first module of
# ours that any process imports, whoever starts it, so none can miss it; the cache may hold zones that were read before.
zoneinfo.reset_tzpath(to=())
zoneinfo.ZoneInfo.clear_cache()
