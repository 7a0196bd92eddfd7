"""Fixtures every test may use. The servers are in tests/servers; people are made by tests/make.py."""
