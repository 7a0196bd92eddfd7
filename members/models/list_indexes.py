"""Indexes for the filters of the People list: at a million rows, each still finds a page without reading the table.

Each ends with the order of the list. Where no status is chosen, the database reads by day, or sorts what it found.
A chapter is found by the index of its foreign key.
"""

from django.db import models

LIST_INDEXES = [
    models.Index(fields=["received_on", "id"], name="members_by_day"),
    models.Index(fields=["region", "status", "received_on", "id"], name="members_by_region"),
    models.Index(fields=["country", "status", "received_on", "id"], name="members_by_country"),
    models.Index(fields=["language", "status", "received_on", "id"], name="members_by_language"),
]
