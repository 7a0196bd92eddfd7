"""What the page after a redirect shows again when it is reloaded: encrypted in the session, for ten minutes.

Exit ends the session and takes it along.
"""

import json
import time
from typing import Any

from django.http import HttpRequest

from s4jr.crypto.fields import DecryptionError, decrypt, encrypt

SECONDS = 10 * 60


def keep_for_reload(request: HttpRequest, name: str, value: Any) -> None:
    """Keep `value`, which JSON can hold, under a name that is fixed for ever: it is part of the encryption."""
    said = {"at": int(time.time()), name: value}
    request.session[name] = encrypt(json.dumps(said, default=str), f"session.{name}")


def kept_for_reload(request: HttpRequest, name: str, seconds: int = SECONDS) -> Any:
    """What was kept under this name at most `seconds` ago; None otherwise, and then it is deleted."""
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
