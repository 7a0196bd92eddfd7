"""How much memory a server takes."""

import psutil

MEGABYTE = 1024 * 1024


def resident(site):
    """Bytes of memory of all the server's processes together."""
    server = psutil.Process(site.program.process.pid)
    return sum(process.memory_info().rss for process in (server, *server.children(recursive=True)))
