"""Wiring, and what every app shares. Nothing here imports an app, nor Celery: a web server does without it."""
