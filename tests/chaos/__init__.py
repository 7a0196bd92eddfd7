"""Everything is broken on purpose while people join: nothing may be lost, doubled or half done. docs/reliability.md."""
