"""`./dev bench [reading | joining | admin | emails] [--quick]`: all parts, or the named ones."""

import sys
from importlib import import_module

PARTS = ("reading", "joining", "admin", "emails")


def main(words):
    quick = "--quick" in words
    named = [word for word in words if word != "--quick"]
    if unknown := set(named) - set(PARTS):
        sys.exit(f"No such part: {', '.join(sorted(unknown))}. There are {', '.join(PARTS)}.")
    for part in named or PARTS:
        import_module(f"benchmarks.{part}").main(quick=quick)


if __name__ == "__main__":
    main(sys.argv[1:])
