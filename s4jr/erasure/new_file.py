"""A file that appears only when it is whole, and never in the place of another one."""

import errno
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

#: Only its owner may read it.
MODE = 0o600
#: What a file system answers that can't make a file without a name, or give one a second name.
CANNOT = {errno.EOPNOTSUPP, errno.ENOSYS, errno.EISDIR, errno.EINVAL, errno.EPERM}


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """Opens a new file for writing, which gets the name `path` at the end of a block that raised nothing.

    Raises FileExistsError if anything has that name: a file, a directory, a device, a pipe, or a symbolic link, even
    one that leads nowhere. Whatever stops the block, nothing is left. On Linux that includes SIGKILL and a power cut,
    because the file has no name until then. Elsewhere it is called `path`.part meanwhile, which SIGKILL leaves behind.
    """
    _refuse_taken(path)
    descriptor = _open_unnamed(path.parent)
    if descriptor is None:
        with _named_meanwhile(path) as file:
            yield file
    else:
        with open(descriptor, "wb") as file:
            yield file
            _store(file)
            # The directory makes Python call linkat(), which follows the link to the file; link() would not.
            os.link(f"/proc/self/fd/{descriptor}", path, src_dir_fd=descriptor, follow_symlinks=True)
    _store_names(path.parent)


def _refuse_taken(path):
    if os.path.lexists(path):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))


def _open_unnamed(folder):
    """A descriptor of a file without a name, or None where the system can't make one."""
    if not (hasattr(os, "O_TMPFILE") and os.path.isdir("/proc/self/fd")):
        return None
    try:
        return os.open(folder, os.O_WRONLY | os.O_TMPFILE, MODE)
    except OSError as error:
        if error.errno in CANNOT:
            return None
        raise


@contextmanager
def _named_meanwhile(path: Path) -> Iterator[BinaryIO]:
    aside = path.with_name(f"{path.name}.part")
    with _ending_in_order(), open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE), "wb") as file:
        try:
            yield file
            _store(file)
            _give_name(aside, path)
        finally:
            aside.unlink(missing_ok=True)


def _give_name(aside, path):
    try:
        os.link(aside, path)
    except OSError as error:
        if error.errno not in CANNOT:
            raise
        _refuse_taken(path)  # a memory stick, for example, gives no file two names
        aside.rename(path)


@contextmanager
def _ending_in_order() -> Iterator[None]:
    """Lets SIGTERM end the program as an exception does, so that it still cleans up."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before: Any = signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _store(file):
    file.flush()
    os.fsync(file.fileno())


def _store_names(folder):
    with suppress(OSError):  # not every file system can
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
