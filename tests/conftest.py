"""Fixtures every test may use. The servers are in tests/servers; people are made by tests/make.py."""

import os

from hypothesis import settings

# Neither a busy machine nor chance decides a test: only `./dev attack` draws examples that were not drawn before.
settings.register_profile("site", deadline=None, derandomize=os.environ.get("ATTACK") != "long")
settings.load_profile("site")
