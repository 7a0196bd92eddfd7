"""Breaks every part while people apply: nothing may be lost, doubled or half done. See docs/reliability.md."""
