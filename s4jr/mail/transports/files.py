"""Emails as files, one `.eml` each, for a site on one's own machine."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Self

from s4jr.mail.models import OutgoingEmail, SendingPause
from s4jr.mail.transports.errors import OurFault
from s4jr.mail.transports.message import as_wire


class FileTransport:
    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self._prepared: Path | None = None
        self._final: Path | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.abandon()

    def prepare(self, email: OutgoingEmail) -> None:
        """Write the email to disk under a temporary name that no mail reader opens."""
        raw = as_wire(email)
        self._prepared = prepared = self.folder / f".{email.pk}.{os.getpid()}"
        self._final = self.folder / f"{email.created_at:%Y%m%d-%H%M%S}-{email.kind}-{str(email.pk)[:8]}.eml"
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with prepared.open("wb") as file:
                file.write(raw)
                os.fsync(file.fileno())
        except OSError as error:
            self.abandon()
            raise _folder_fault(error) from error

    def commit(self) -> None:
        if self._prepared is None or self._final is None:
            raise RuntimeError("commit() needs a prepared email")
        try:
            self._prepared.rename(self._final)
        except OSError as error:
            raise _folder_fault(error) from error
        self._prepared = None

    def abandon(self) -> None:
        if self._prepared:
            with suppress(OSError):
                self._prepared.unlink()
            self._prepared = None


def _folder_fault(error: OSError) -> OurFault:
    return OurFault(SendingPause.Cause.FOLDER, f"the folder did not take it: {error.strerror}")
