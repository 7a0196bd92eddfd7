"""How much memory a server uses."""

import psutil

MEGABYTE = 1024 * 1024


def resident(site):
    """Returns the resident memory of all processes of the server, in bytes."""
    server = psutil.Process(site.program.process.pid)
    return sum(process.memory_info().rss for process in (server, *server.children(recursive=True)))
