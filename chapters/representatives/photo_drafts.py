"""Services for the photo of a profile that is being previewed: it is kept for an hour, so that no one chooses it twice.

It is never public: only its owner sees it, and only the form that names it saves it.
"""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from chapters.models import PhotoDraft, Representative
from s4jr.conflicts import retry_on_conflict


def keep_photo(term: Representative, photo: bytes) -> PhotoDraft:
    """Stores the photo of a preview, in place of the one before. Its random key is known only to this form."""
    return retry_on_conflict(lambda: _replace_draft(term, photo))


@transaction.atomic
def _replace_draft(term: Representative, photo: bytes) -> PhotoDraft:
    PhotoDraft.objects.filter(term=term).delete()
    return PhotoDraft.objects.create(id=uuid.uuid4(), term=term, photo=photo)


def delete_old_drafts(now: datetime | None = None) -> int:
    """Deletes the photos of previews that no form may save anymore. Returns how many."""
    return PhotoDraft.objects.older(now or timezone.now()).delete()[0]
