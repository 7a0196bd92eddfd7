"""`./dev lint`: no file may name a package index's host, since each machine configures where to install from."""

import re
import sys

from tooling.static_files import ROOT

# Assembled here, or this file would name them.
HOSTS = re.compile(
    "|".join(
        re.escape(".".join(parts)) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"))
    ).encode()
)


def files_naming_an_index(root):
    """The files under `root`, except those git ignores, that name such a host."""
    left_out = {".git", "__pycache__", *(line.strip("/") for line in (ROOT / ".gitignore").read_text().split())}
    for path in sorted(root.iterdir()):
        if path.name in left_out or path.is_symlink():
            continue
        if path.is_dir():
            yield from files_naming_an_index(path)
        elif path.is_file() and HOSTS.search(path.read_bytes().lower()):
            yield path


if __name__ == "__main__":
    sys.exit("\n".join(f"{path} names a package index's host." for path in files_naming_an_index(ROOT)) or 0)
