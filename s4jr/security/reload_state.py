"""What the page after a redirect shows again when it is reloaded: encrypted in the session, for ten minutes.

Exit deletes it with the session.
"""

import json
import time
from typing import Any

from django.http import HttpRequest

from s4jr.crypto.fields import DecryptionError, decrypt, encrypt

SECONDS = 10 * 60


def keep_for_reload(request: HttpRequest, name: str, value: Any) -> None:
    """Store `value`, serializable as JSON, under a name that never changes: the encryption includes it."""
    said = {"at": int(time.time()), name: value}
    request.session[name] = encrypt(json.dumps(said, default=str), f"session.{name}")


def kept_for_reload(request: HttpRequest, name: str, seconds: int = SECONDS) -> Any:
    """What was stored under this name at most `seconds` ago; otherwise None, and it is deleted."""
    if name not in request.session:
        return None
    try:
        said = json.loads(decrypt(request.session[name], f"session.{name}"))
    except DecryptionError:
        return None
    if time.time() < said["at"] + seconds:
        return said[name]
    del request.session[name]
    return None
