"""Writing to the coalition, reading an answer, and answering."""

from django.db import models


class EnquiryQuerySet(models.QuerySet):
    """Questions and verbs of enquiries."""
