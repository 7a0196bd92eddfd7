"""Sending an announcement off in batches, pausing it, stopping it."""

from django.db import models


class AnnouncementQuerySet(models.QuerySet):
    """Questions and verbs of announcements."""
