"""Wiring, and what every app shares. Nothing here imports an app."""

from s4jr.celery import app as celery_app

__all__ = ["celery_app"]
