"""Project wiring and code shared by all apps. Imports no domain app and no Celery: the web server runs without it."""

import zoneinfo

# Without this, Python prefers the system's time zones to the pinned `tzdata`, and those of Debian 12 are an hour off in
# British Columbia, Alberta and Manitoba from November 2026 on. Every process imports this module before any other of
# ours. The cache may already hold zones that were loaded from the system.
zoneinfo.reset_tzpath(to=())
zoneinfo.ZoneInfo.clear_cache()
